package dev.pilotlight.batch.openai;

import dev.pilotlight.batch.claim.Cancellation;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.files.FileIds;
import dev.pilotlight.files.FileTable;
import dev.pilotlight.files.Files;
import dev.pilotlight.files.Purpose;
import dev.pilotlight.files.StoredFile;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.support.json.JsonBytes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Answers the requests for batches of OpenAI's API. Thread-safe.
///
/// All methods throw a [Refusal]: INVALID or NOT_FOUND, naming the field; UNAVAILABLE if the table
/// or S3 fails.
public final class ApiBatchRequests {
  /// The user metadata of a copy, for people who look at it.
  static final String METADATA = "openai-batch";

  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration CANCELLATION_KEPT = Duration.ofDays(32);
  private static final int LIMIT_DEFAULT = 20;
  private static final int LIMIT_MAX = 100;
  private static final int OK = 200;

  private final ApiBatches table;
  private final Files files;
  private final Cancellation cancellation;
  private final Supplier<S3Client> s3;
  private final ApiBatchSettings settings;
  private final Settled settled;

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
    this.files = new FileTable(dynamo, table, clock);
    this.cancellation = new Cancellation(dynamo, table, CANCELLATION_KEPT, clock);
    this.s3 = s3;
    this.settings = settings;
    this.settled = settled;
  }

  /// Makes a batch: its row, then the copy of its file, whose event starts it.
  ///
  /// @param folder of the tenant in the bucket of batches, with its slash; may be empty
  public HttpResponse create(HttpRequest request, String owner, String folder, Deadline end) {
    NewBatch asked = NewBatch.read(request);
    return calling(
        () -> {
          StoredFile file = file(asked, owner, end);
          String id = FileIds.random(ApiBatch.PREFIX);
          long now = table.now().getEpochSecond();
          ApiBatch batch =
              new ApiBatch(
                  id,
                  owner,
                  asked,
                  settings.inputBucket(),
                  ApiBatch.copyKey(settings.inputPrefix() + folder, id),
                  BatchStatus.VALIDATING,
                  Map.of(),
                  ApiBatch.Counts.NONE,
                  "",
                  "",
                  "",
                  now,
                  now + ApiBatch.WINDOW.toSeconds());
          table.add(batch, end);
          copy(file, batch, end);
          return one(batch);
        });
  }

  private StoredFile file(NewBatch asked, String owner, Deadline end) {
    String id = asked.inputFile();
    StoredFile found =
        files
            .find(owner, id, end)
            .orElseThrow(
                () ->
                    Refusal.invalid(
                        "input_file_id",
                        "there is no file '%s'; accepted: the id of a file of purpose batch"
                            .formatted(Text.shorten(id))));
    StoredFile file = settled.of(found, end);
    if (file.purpose() != Purpose.BATCH) {
      throw Refusal.invalid(
          "input_file_id",
          "the file has the purpose %s; accepted: batch".formatted(file.purpose().wireName()));
    }
    if (!file.isProcessed()) {
      throw Refusal.invalid(
          "input_file_id", "the file is not uploaded yet; accepted: one that is processed");
    }
    if (file.bytes() > settings.bytesMax()) {
      throw Refusal.invalid(
          "input_file_id",
          "the file has %d bytes; accepted: up to %d".formatted(file.bytes(), settings.bytesMax()));
    }
    return file;
  }

  private void copy(StoredFile file, ApiBatch batch, Deadline end) {
    try {
      var _ =
          s3.get()
              .copyObject(
                  copy ->
                      copy.sourceBucket(file.bucket())
                          .sourceKey(file.key())
                          .sourceVersionId(file.versionId())
                          .destinationBucket(batch.bucket())
                          .destinationKey(batch.key())
                          .metadataDirective(MetadataDirective.REPLACE)
                          .contentType("application/jsonl")
                          .metadata(Map.of(METADATA, batch.id())));
    } catch (SdkException e) {
      String message = "the input file could not be copied; make the batch again";
      failed(batch, message, end);
      if (e instanceof S3Exception answer && answer.statusCode() == 404) {
        throw Refusal.invalid("input_file_id", "the file's object was deleted; upload it again");
      }
      throw Refusal.unavailable(message, RETRY, e);
    }
  }

  private void failed(ApiBatch batch, String message, Deadline end) {
    var errors =
        software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS(
            FileCheck.error("copy_failed", message));
    var _ =
        table.become(
            batch.id(),
            EnumSet.of(BatchStatus.VALIDATING),
            BatchStatus.FAILED,
            Map.of(ApiBatch.ERRORS, errors),
            end);
  }

  /// One batch.
  public HttpResponse get(String id, String owner, Deadline end) {
    return calling(() -> one(find(id, owner, end)));
  }

  /// The owner's batches, the newest first.
  public HttpResponse list(HttpRequest request, String owner, Deadline end) {
    int limit = limit(request);
    @Nullable String after = after(request);
    return calling(
        () -> {
          ApiBatches.Page page =
              table
                  .list(owner, after, limit, end)
                  .orElseThrow(
                      () ->
                          Refusal.invalid(
                              "after",
                              "there is no batch '%s'; accepted: a batch's id"
                                  .formatted(Text.shorten(String.valueOf(after)))));
          List<ApiBatch> all = page.batches();
          JsonBytes json = new JsonBytes().object().field("object", "list").name("data").array();
          all.forEach(batch -> batch.at(table.now()).write(json));
          json.endArray().field("first_id", all.isEmpty() ? null : all.getFirst().id());
          json.field("last_id", all.isEmpty() ? null : all.getLast().id());
          json.field("has_more", page.hasMore()).endObject();
          return HttpResponse.json(OK, json.toByteArray());
        });
  }

  /// Asks for the end of a batch.
  public HttpResponse cancel(String id, String owner, Deadline end) {
    return calling(
        () -> {
          ApiBatch batch = find(id, owner, end);
          boolean cancels =
              !batch.status().isFinal()
                  && (batch.status() == BatchStatus.CANCELLING
                      || table.become(
                          id,
                          EnumSet.of(
                              BatchStatus.VALIDATING,
                              BatchStatus.IN_PROGRESS,
                              BatchStatus.FINALIZING),
                          BatchStatus.CANCELLING,
                          Map.of(),
                          end));
          ApiBatch now = find(id, owner, end);
          if (!cancels && now.status() != BatchStatus.CANCELLING) {
            throw Refusal.invalid(
                "batch_id",
                "cannot cancel a batch with status '%s'; accepted: validating, in_progress,"
                        .formatted(now.status().wireName())
                    + " finalizing, cancelling");
          }
          var object = new ObjectVersion(batch.bucket(), batch.key(), "", "", -1, "");
          // its key is this batch's alone
          Instant until = Instant.ofEpochSecond(batch.expires());
          cancellation.requestAll(object.batchId(), until, new Retries(end.remaining(), end));
          return one(now);
        });
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
    batch.write(json);
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

  private static HttpResponse calling(Supplier<HttpResponse> answer) {
    try {
      return answer.get();
    } catch (StoreException | BatchException | SdkException e) {
      throw Refusal.unavailable("batches or files could not be reached; try again", RETRY, e);
    }
  }
}
