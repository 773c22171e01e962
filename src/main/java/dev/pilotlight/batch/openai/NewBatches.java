package dev.pilotlight.batch.openai;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.files.FileIds;
import dev.pilotlight.files.Files;
import dev.pilotlight.files.Purpose;
import dev.pilotlight.files.StoredFile;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.store.Budget;
import dev.pilotlight.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
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

  /// What is left of a request's time once the copy has failed: to end its row.
  private static final Duration RESERVE = Duration.ofSeconds(3);

  /// An earlier request with the same idempotency key is not working any more.
  private static final Duration GIVEN_UP = Duration.ofMinutes(1);

  private static final int CLIENT_ERROR = 400;
  private static final int NOT_FOUND = 404;
  private static final int SERVER_ERROR = 500;
  private static final int ID_BYTES = 16;

  private final ApiBatches table;
  private final Files files;
  private final Supplier<S3Client> s3;
  private final ApiBatchSettings settings;
  private final ApiBatchRequests.Settled settled;

  NewBatches(
      ApiBatches table,
      Files files,
      Supplier<S3Client> s3,
      ApiBatchSettings settings,
      ApiBatchRequests.Settled settled) {
    this.table = table;
    this.files = files;
    this.s3 = s3;
    this.settings = settings;
    this.settled = settled;
  }

  /// The caller that makes a batch.
  ///
  /// @param models the only ones it may use; null for all of its tenant's
  /// @param folder of the tenant in the bucket of batches, with its slash; may be empty
  record Maker(String owner, @Nullable Set<String> models, String folder) {}

  /// A batch, and whether an earlier request with the same idempotency key has made it.
  record Made(ApiBatch batch, boolean isRepeated) {}

  /// Makes a batch.
  ///
  /// @param once the request's idempotency key; empty for none
  Made make(NewBatch asked, Maker maker, String once, Deadline end) {
    requireLife(asked);
    String id = once.isEmpty() ? FileIds.random(ApiBatch.PREFIX) : id(maker.owner(), once);
    if (!once.isEmpty()) {
      Optional<ApiBatch> earlier = table.find(maker.owner(), id, end);
      if (earlier.isPresent()) {
        return repeated(earlier.get(), asked, end);
      }
    }
    StoredFile file = file(asked, maker.owner(), end);
    ApiBatch batch =
        ApiBatch.validating(
            id,
            maker.owner(),
            maker.models(),
            asked,
            settings.inputBucket(),
            ApiBatchKeys.copy(settings.inputPrefix() + maker.folder(), id),
            table.now());
    if (!table.add(batch, end)) {
      return repeated(table.find(maker.owner(), id, end).orElse(batch), asked, end);
    }
    return new Made(copied(file, batch, end), false);
  }

  private static String id(String owner, String once) {
    byte[] digest = Sha256.of(("batch\n" + owner + "\n" + once).getBytes(StandardCharsets.UTF_8));
    return ApiBatch.PREFIX + HexFormat.of().formatHex(digest, 0, ID_BYTES);
  }

  private Made repeated(ApiBatch earlier, NewBatch asked, Deadline end) {
    if (!earlier.asked().equals(asked)) {
      throw Refusal.of(
          Refusal.Reason.UNPROCESSABLE,
          ResponseHeaders.IDEMPOTENCY_KEY,
          "the idempotency-key belongs to another batch; accepted: the same body, or a new key");
    }
    long now = table.now().getEpochSecond();
    if (earlier.errors().equals(NOT_COPIED) && now < earlier.expires()) {
      return copiedLater(earlier, end);
    }
    long since = earlier.times().getOrDefault(BatchStatus.VALIDATING, earlier.created());
    if (earlier.status() != BatchStatus.VALIDATING || now < since + GIVEN_UP.toSeconds()) {
      return new Made(earlier, true);
    }
    // it may have ended before its copy; another copy of a batch that waits is its newer version
    Optional<StoredFile> file =
        files.find(earlier.owner(), asked.inputFile(), end).filter(StoredFile::isProcessed);
    return new Made(file.isPresent() ? copied(file.get(), earlier, end) : earlier, true);
  }

  /// Copies the file of a batch that has failed because its file could not be copied.
  private Made copiedLater(ApiBatch failed, Deadline end) {
    StoredFile file = file(failed.asked(), failed.owner(), end);
    boolean begun = table.restart(failed, end);
    ApiBatch batch = table.find(failed.id(), end).orElse(failed);
    return begun ? new Made(copied(file, batch, end), false) : new Made(batch, true);
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

  /// One attempt: another one would make a newer version, which S3 may finish after all.
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
        table.become(
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
    throw status >= CLIENT_ERROR && status < SERVER_ERROR
        ? Refusal.broken("the bucket of batches refuses this function", failure)
        : Refusal.unavailable(RETRY_COPY, RETRY, failure);
  }
}
