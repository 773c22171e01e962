package dev.pilotlight.batch.openai;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.files.FileIds;
import dev.pilotlight.files.FileStore;
import dev.pilotlight.files.Purpose;
import dev.pilotlight.files.StoredFile;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.store.Budget;
import dev.pilotlight.support.Sha256;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Makes batches of OpenAI's API: a row, then the copy of the file, whose event starts the batch.
/// Thread-safe.
final class NewBatches {
  /// The user metadata of a copy, for people who look at it.
  static final String METADATA = "openai-batch";

  private static final String RETRY_COPY =
      "the input file could not be copied; send the request again";

  /// The errors of a batch that the same request may make again.
  private static final String NOT_COPIED = FileCheck.error("copy_failed", RETRY_COPY);

  private static final Duration RETRY = Duration.ofSeconds(1);

  /// Time reserved for marking the row as failed if the copy fails.
  private static final Duration RESERVE = Duration.ofSeconds(3);

  /// After this time an earlier request with the same idempotency key has ended.
  private static final Duration ABANDONED_AFTER = Duration.ofMinutes(1);

  private static final int NOT_FOUND = 404;
  private static final int ID_CHARS = 32;

  private final ApiBatches table;
  private final FileStore files;
  private final Supplier<S3Client> s3;
  private final ApiBatchSettings settings;

  NewBatches(ApiBatches table, FileStore files, Supplier<S3Client> s3, ApiBatchSettings settings) {
    this.table = table;
    this.files = files;
    this.s3 = s3;
    this.settings = settings;
  }

  /// The caller that creates a batch.
  ///
  /// @param models the only ones it may use; null for all of its tenant's
  /// @param folder of the tenant in the bucket of batches, with its slash; may be empty
  record Creator(String owner, @Nullable Set<String> models, String folder) {}

  /// A batch, and whether an earlier request with the same idempotency key created it.
  record Created(ApiBatch batch, boolean isRepeated) {}

  /// Creates a batch.
  ///
  /// @param idempotencyKey empty for none
  Created create(NewBatch asked, Creator creator, String idempotencyKey, Deadline end) {
    requireLife(asked);
    String id =
        idempotencyKey.isEmpty()
            ? FileIds.random(ApiBatch.PREFIX)
            : id(creator.owner(), idempotencyKey);
    if (!idempotencyKey.isEmpty()) {
      Optional<ApiBatch> earlier = table.find(creator.owner(), id, end);
      if (earlier.isPresent()) {
        return repeated(earlier.get(), asked, end);
      }
    }
    StoredFile file = file(asked, creator.owner(), end);
    ApiBatch batch =
        ApiBatch.validating(
            id,
            creator.owner(),
            creator.models(),
            asked,
            settings.inputBucket(),
            ApiBatchKeys.copy(settings.inputPrefix() + creator.folder(), id),
            table.now());
    if (!table.add(batch, end)) {
      return repeated(table.find(creator.owner(), id, end).orElse(batch), asked, end);
    }
    return new Created(copied(file, batch, end), false);
  }

  private static String id(String owner, String idempotencyKey) {
    String text = "batch\n" + owner + "\n" + idempotencyKey;
    return ApiBatch.PREFIX + Sha256.hex(text, ID_CHARS);
  }

  private Created repeated(ApiBatch earlier, NewBatch asked, Deadline end) {
    if (!earlier.asked().equals(asked)) {
      throw Refusal.of(
          Refusal.Reason.UNPROCESSABLE,
          ResponseHeaders.IDEMPOTENCY_KEY,
          "the idempotency-key belongs to another batch; accepted: the same body, or a new key");
    }
    long now = table.now().getEpochSecond();
    if (earlier.errors().equals(NOT_COPIED) && now < earlier.expires()) {
      return retryCopy(earlier, end);
    }
    long since = earlier.times().getOrDefault(BatchStatus.VALIDATING, earlier.created());
    if (earlier.status() != BatchStatus.VALIDATING || now < since + ABANDONED_AFTER.toSeconds()) {
      return new Created(earlier, true);
    }
    // the earlier request may have died before it copied the file; if it did copy it, this copy is
    // a newer version of the same batch
    Optional<StoredFile> file =
        files.table().find(earlier.owner(), asked.inputFile(), end).filter(StoredFile::isProcessed);
    return new Created(file.isPresent() ? copied(file.get(), earlier, end) : earlier, true);
  }

  /// Copies the file of a batch that has failed because its file could not be copied.
  private Created retryCopy(ApiBatch failed, Deadline end) {
    StoredFile file = file(failed.asked(), failed.owner(), end);
    boolean begun = table.restart(failed, end);
    ApiBatch batch = table.find(failed.id(), end).orElse(failed);
    return begun ? new Created(copied(file, batch, end), false) : new Created(batch, true);
  }

  private void requireLife(NewBatch asked) {
    long most = settings.kept().toSeconds();
    if (asked.outputSeconds() > most) {
      throw Refusal.invalid(
          "output_expires_after",
          "output_expires_after.seconds is %d; accepted here: 3600 to %d (PILOTLIGHT_FILE_DAYS)"
              .formatted(asked.outputSeconds(), most));
    }
  }

  private StoredFile file(NewBatch asked, String owner, Deadline end) {
    String id = asked.inputFile();
    StoredFile found =
        files
            .table()
            .find(owner, id, end)
            .orElseThrow(
                () ->
                    Refusal.invalid(
                        "input_file_id",
                        "there is no file '%s'; accepted: the id of a file of purpose batch"
                            .formatted(Text.shorten(id))));
    StoredFile file = files.withUploadStatus(found, end);
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

  /// Makes one attempt: S3 may complete a copy whose response was lost, and a retry would create a
  /// second version, which runs the batch again.
  private ApiBatch copied(StoredFile file, ApiBatch batch, Deadline end) {
    Duration left = Budget.left(end).minus(RESERVE);
    if (!left.isPositive()) {
      return notCopied(batch, null, end);
    }
    CopyObjectRequest copy =
        CopyObjectRequest.builder()
            .sourceBucket(file.bucket())
            .sourceKey(file.key())
            .sourceVersionId(file.versionId())
            .destinationBucket(batch.bucket())
            .destinationKey(batch.key())
            .metadataDirective(MetadataDirective.REPLACE)
            .contentType("application/jsonl")
            .metadata(Map.of(METADATA, batch.id()))
            .overrideConfiguration(
                o ->
                    o.apiCallTimeout(left)
                        .addPlugin(
                            client ->
                                client.overrideConfiguration(
                                    once -> once.retryStrategy(AwsRetryStrategy.doNotRetry()))))
            .build();
    try {
      var _ = s3.get().copyObject(copy);
      return batch;
    } catch (SdkException e) {
      return notCopied(batch, e, end);
    }
  }

  /// Ends the row, so that a copy which S3 finishes later starts nothing.
  ///
  /// @param failure null if no time was left
  private ApiBatch notCopied(ApiBatch batch, @Nullable SdkException failure, Deadline end) {
    boolean failed =
        table.changeStatus(
            batch.id(),
            EnumSet.of(BatchStatus.VALIDATING),
            BatchStatus.FAILED,
            Map.of(ApiBatch.ERRORS, fromS(NOT_COPIED)),
            end);
    if (!failed) { // the copy was made although its answer was lost, and the batch has begun
      return table.find(batch.id(), end).orElse(batch);
    }
    int status = failure instanceof S3Exception answer ? answer.statusCode() : 0;
    if (status == NOT_FOUND) {
      throw Refusal.invalid("input_file_id", "the file's object was deleted; upload it again");
    }
    throw status >= HttpResponse.CLIENT_ERROR && status < HttpResponse.SERVER_ERROR
        ? Refusal.broken("the bucket of batches refuses this function", failure)
        : Refusal.unavailable(RETRY_COPY, RETRY, failure);
  }
}
