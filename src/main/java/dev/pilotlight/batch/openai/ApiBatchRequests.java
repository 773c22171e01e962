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
import java.time.Duration;
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
  private static final Duration CANCELLATION_KEPT = Duration.ofDays(32);
  private static final int LIMIT_DEFAULT = 20;
  private static final int LIMIT_MAX = 100;
  private static final int OK = 200;

  private final ApiBatches table;
  private final Cancellation cancellation;
  private final NewBatches making;

  /// @param table of the results
  public ApiBatchRequests(
      Supplier<DynamoDbClient> dynamo,
      Supplier<S3Client> s3,
      String table,
      ApiBatchSettings settings,
      FileStore files,
      InstantSource clock) {
    this.table = new ApiBatches(dynamo, table, clock);
    this.cancellation = new Cancellation(dynamo, table, CANCELLATION_KEPT, clock);
    this.making = new NewBatches(this.table, files, s3, settings);
  }

  /// Makes a batch: its row, then the copy of its file, whose event starts it.
  ///
  /// @param models the only ones it may use; null for all of the tenant's
  /// @param folder of the tenant in the bucket of batches, with its slash; may be empty
  /// @param once the request's idempotency key; empty for none. A repeated request is answered by
  ///   the batch that the first one has made, as it is now
  public HttpResponse create(
      NewBatch asked,
      String owner,
      @Nullable Set<String> models,
      String folder,
      String once,
      Deadline end) {
    NewBatches.Maker maker = new NewBatches.Maker(owner, models, folder);
    NewBatches.Made made = making.make(asked, maker, once, end);
    HttpResponse answer = one(made.batch());
    return made.isRepeated() ? answer.with(ResponseHeaders.REPLAYED, "true") : answer;
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
        OK, page.json((batch, json) -> ApiBatchJson.write(batch.at(now), json), ApiBatch::id));
  }

  /// Asks for the end of a batch. One that has not begun ends at once.
  public HttpResponse cancel(String id, String owner, Deadline end) {
    ApiBatch batch = find(id, owner, end);
    requireUnfinished(batch);
    // at first, so that a status without it never shows; its key is this batch's alone
    var object = new ObjectVersion(batch.bucket(), batch.key(), "", "", -1, "");
    Instant until = Instant.ofEpochSecond(batch.expires());
    cancellation.requestAll(object.batchId(), until, new Retries(end.remaining(), end));
    if (!table.become(
        id,
        EnumSet.of(BatchStatus.VALIDATING),
        BatchStatus.CANCELLED,
        Map.of(BatchStatus.CANCELLING.timeName(), number(table.now().getEpochSecond())),
        end)) {
      var _ =
          table.become(
              id,
              EnumSet.of(BatchStatus.IN_PROGRESS, BatchStatus.FINALIZING),
              BatchStatus.CANCELLING,
              Map.of(),
              end);
    }
    ApiBatch now = find(id, owner, end);
    if (now.status() != BatchStatus.CANCELLED) { // as it may be by now
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
        .map(batch -> batch.at(table.now()))
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
