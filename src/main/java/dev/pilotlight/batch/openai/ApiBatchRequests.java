package dev.pilotlight.batch.openai;

import static dev.pilotlight.store.Attributes.number;

import dev.pilotlight.batch.claim.Cancellation;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.files.FileStore;
import dev.pilotlight.files.Page;
import dev.pilotlight.protocol.files.PageQuery;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.support.json.JsonBytes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/// Answers the requests for batches of OpenAI's API. Thread-safe.
///
/// All methods throw a [Refusal], INVALID or NOT_FOUND, naming the field;
/// [dev.pilotlight.store.StoreException] or [dev.pilotlight.batch.s3.BatchException] if DynamoDB
/// failed, and [software.amazon.awssdk.core.exception.SdkException] if S3 did.
public final class ApiBatchRequests {
  private static final int LIMIT_DEFAULT = 20;
  private static final int LIMIT_MAX = 100;
  private static final int OK = 200;

  private final ApiBatches table;
  private final Cancellation cancellation;
  private final NewBatches newBatches;

  /// @param table of the results
  public ApiBatchRequests(
      Supplier<DynamoDbClient> dynamo,
      Supplier<S3Client> s3,
      String table,
      ApiBatchSettings settings,
      FileStore files,
      InstantSource clock) {
    this.table = new ApiBatches(dynamo, table, clock);
    this.cancellation = new Cancellation(dynamo, table, clock);
    this.newBatches = new NewBatches(this.table, files, s3, settings);
  }

  /// Makes a batch: its row, then the copy of its file, whose event starts it.
  ///
  /// @param models the only ones it may use; null for all of the tenant's
  /// @param folder of the tenant in the bucket of batches, with its slash; may be empty
  /// @param idempotencyKey empty for none. A repeated request is answered by the batch that the
  ///   first one made, as it is now
  public HttpResponse create(
      NewBatch asked,
      String owner,
      @Nullable Set<String> models,
      String folder,
      String idempotencyKey,
      Deadline end) {
    NewBatches.Creator creator = new NewBatches.Creator(owner, models, folder);
    NewBatches.Created created = newBatches.create(asked, creator, idempotencyKey, end);
    HttpResponse answer = one(created.batch());
    return created.isRepeated() ? answer.with(ResponseHeaders.REPLAYED, "true") : answer;
  }

  /// One batch.
  public HttpResponse get(String id, String owner, Deadline end) {
    return one(find(id, owner, end));
  }

  /// The owner's batches, the newest first.
  public HttpResponse list(HttpRequest request, String owner, Deadline end) {
    PageQuery query = PageQuery.of(request, LIMIT_DEFAULT, LIMIT_MAX, List.of());
    Page<ApiBatch> page =
        table
            .list(owner, query.after(), query.limit(), end)
            .orElseThrow(
                () ->
                    Refusal.invalid(
                        "after",
                        "there is no batch '%s'; accepted: a batch's id"
                            .formatted(Text.shorten(String.valueOf(query.after())))));
    Instant now = table.now();
    return HttpResponse.json(
        OK, page.json((batch, json) -> ApiBatchJson.write(batch.shownAt(now), json), ApiBatch::id));
  }

  /// Cancels a batch. One that is still validating becomes `cancelled` immediately.
  public HttpResponse cancel(String id, String owner, Deadline end) {
    ApiBatch batch = find(id, owner, end);
    requireUnfinished(batch);
    // write the mark before the status, so that a batch shown as cancelling always has one; no
    // other batch has this key
    String mark = ObjectVersion.batchId(batch.bucket(), batch.key());
    Instant until = Instant.ofEpochSecond(batch.expires());
    cancellation.request(mark, until, new Retries(end.remaining(), end));
    if (!table.changeStatus(
        id,
        EnumSet.of(BatchStatus.VALIDATING),
        BatchStatus.CANCELLED,
        Map.of(BatchStatus.CANCELLING.timeName(), number(table.now().getEpochSecond())),
        end)) {
      var _ =
          table.changeStatus(
              id,
              EnumSet.of(BatchStatus.IN_PROGRESS, BatchStatus.FINALIZING),
              BatchStatus.CANCELLING,
              Map.of(),
              end);
    }
    ApiBatch now = find(id, owner, end);
    if (now.status() != BatchStatus.CANCELLED) { // the function may have ended it meanwhile
      requireUnfinished(now);
    }
    return one(now);
  }

  private static void requireUnfinished(ApiBatch batch) {
    if (batch.status().isFinal()) {
      throw Refusal.invalid(
          "batch_id",
          "cannot cancel a batch with status '%s'; accepted: validating, in_progress,"
                  .formatted(batch.status().wireName())
              + " finalizing, cancelling");
    }
  }

  private ApiBatch find(String id, String owner, Deadline end) {
    return table
        .find(owner, id, end)
        .map(batch -> batch.shownAt(table.now()))
        .orElseThrow(
            () ->
                Refusal.notFound(
                    "batch_id", "no batch found with id '%s'".formatted(Text.shorten(id))));
  }

  private static HttpResponse one(ApiBatch batch) {
    JsonBytes json = new JsonBytes();
    ApiBatchJson.write(batch, json);
    return HttpResponse.json(OK, json.toByteArray());
  }
}
