package dev.pilotlight.batch.openai;

import dev.pilotlight.batch.claim.Cancellation;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.files.FileTable;
import dev.pilotlight.files.StoredFile;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.support.json.JsonBytes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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

  /// After which no further batch is listed.
  private static final int PAGE_BYTES = 2_000_000;

  private final ApiBatches table;
  private final Cancellation cancellation;
  private final NewBatches making;

  /// Looks whether a pending file has been uploaded.
  @FunctionalInterface
  public interface Settled {
    /// The file, processed if its bytes are there.
    StoredFile of(StoredFile file, Deadline end);
  }

  /// @param table of the results
  public ApiBatchRequests(
      Supplier<DynamoDbClient> dynamo,
      Supplier<S3Client> s3,
      String table,
      ApiBatchSettings settings,
      Settled settled,
      InstantSource clock) {
    this.table = new ApiBatches(dynamo, table, clock);
    this.cancellation = new Cancellation(dynamo, table, CANCELLATION_KEPT, clock);
    FileTable files = new FileTable(dynamo, table, clock);
    this.making = new NewBatches(this.table, files, s3, settings, settled);
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
    int limit = limit(request);
    @Nullable String after = after(request);
    ApiBatches.Page page =
        table
            .list(owner, after, limit, end)
            .orElseThrow(
                () ->
                    Refusal.invalid(
                        "after",
                        "there is no batch '%s'; accepted: a batch's id"
                            .formatted(Text.shorten(String.valueOf(after)))));
    return page(page);
  }

  /// A page ends early rather than be larger than a function may answer: batches may have many
  /// errors.
  private HttpResponse page(ApiBatches.Page page) {
    JsonBytes json = new JsonBytes().object().field("object", "list").name("data").array();
    List<ApiBatch> shown = new ArrayList<>();
    for (ApiBatch batch : page.batches()) {
      if (json.length() > PAGE_BYTES) {
        break;
      }
      ApiBatchJson.write(batch.at(table.now()), json);
      shown.add(batch);
    }
    json.endArray().field("first_id", shown.isEmpty() ? null : shown.getFirst().id());
    json.field("last_id", shown.isEmpty() ? null : shown.getLast().id());
    boolean isCut = shown.size() < page.batches().size();
    json.field("has_more", isCut || page.hasMore()).endObject();
    return HttpResponse.json(OK, json.toByteArray());
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
        Map.of(BatchStatus.CANCELLING.timeName(), ApiBatch.number(table.now().getEpochSecond())),
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

  private static int limit(HttpRequest request) {
    String given = request.query().getOrDefault("limit", Integer.toString(LIMIT_DEFAULT));
    try {
      int limit = Integer.parseInt(given);
      if (limit >= 1 && limit <= LIMIT_MAX) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw Refusal.invalid(
        "limit", "limit is '%s'; accepted: 1 to %d".formatted(Text.shorten(given), LIMIT_MAX));
  }

  private static @Nullable String after(HttpRequest request) {
    for (String name : request.query().keySet()) {
      if (!name.equals("after") && !name.equals("limit") && !name.equals("api-version")) {
        throw Refusal.invalid(
            name, "unknown parameter %s; accepted: after, limit".formatted(Text.shorten(name)));
      }
    }
    return request.query().get("after");
  }
}
