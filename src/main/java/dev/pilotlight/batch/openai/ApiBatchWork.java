package dev.pilotlight.batch.openai;

import static dev.pilotlight.store.Attributes.number;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.batch.claim.Bill;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.input.Lines;
import dev.pilotlight.batch.lines.OutputLine;
import dev.pilotlight.batch.output.Billing;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.files.FileIds;
import dev.pilotlight.files.FileTable;
import dev.pilotlight.files.Purpose;
import dev.pilotlight.files.StoredFile;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.support.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// One invocation's work on the row and the files of a batch of OpenAI's API. Every step may be
/// repeated. For one thread at a time.
public final class ApiBatchWork {
  private static final Duration CALL = Duration.ofSeconds(6);
  private static final int ID_CHARS = 32;

  private final ApiBatches table;
  private final FileTable files;
  private final ApiBatchSettings settings;
  private final String outputBucket;
  private final Retries retries;
  private final ApiBatch batch;
  private boolean billed = true;

  ApiBatchWork(
      ApiBatches table,
      FileTable files,
      ApiBatchSettings settings,
      String outputBucket,
      Retries retries,
      ApiBatch batch) {
    this.table = table;
    this.files = files;
    this.settings = settings;
    this.outputBucket = outputBucket;
    this.retries = retries;
    this.batch = batch;
  }

  /// The keys of the output: the files of successes and failures, which no other batch has.
  public OutputKeys keys(ObjectVersion version) {
    OutputKeys usual = OutputKeys.of(version);
    return new OutputKeys(
        FileIds.key(batch.owner(), fileId("output")),
        FileIds.key(batch.owner(), fileId("errors")),
        usual.summary(),
        usual.failed());
  }

  /// Checks the file, before the first line is answered.
  ///
  /// @param lines opens it from its start
  /// @param bytes its size
  /// @param deadline to have read it
  /// @return false if the batch has already ended
  public boolean begin(Supplier<Lines> lines, long bytes, Deadline deadline) {
    if (batch.status().isFinal()) {
      return false;
    }
    if (batch.status() == BatchStatus.CANCELLING) {
      var _ = end(ApiBatches.UNFINISHED, BatchStatus.CANCELLED, Map.of());
      return false;
    }
    if (bytes > settings.bytesMax()) {
      String message =
          "the file has %d bytes; accepted: up to %d".formatted(bytes, settings.bytesMax());
      return failed(FileCheck.error("file_too_large", message));
    }
    FileCheck.Result result;
    try (Lines all = lines.get()) {
      result = new FileCheck(batch.asked().endpoint(), settings.requestsMax()).check(all, deadline);
    }
    if (!result.isValid()) {
      return failed(result.errors());
    }
    Map<String, AttributeValue> total = Map.of("total", number(result.requests()));
    boolean begun =
        write(
            end ->
                table.changeStatus(
                    batch.id(),
                    EnumSet.of(BatchStatus.VALIDATING),
                    BatchStatus.IN_PROGRESS,
                    total,
                    end));
    // false if the batch was cancelled, or failed by copy_failed, after its row was read
    return begun
        || write(end -> table.updateIfStatus(batch.id(), ApiBatches.UNFINISHED, total, end));
  }

  private boolean failed(String errors) {
    var _ = end(ApiBatches.UNFINISHED, BatchStatus.FAILED, Map.of(ApiBatch.ERRORS, fromS(errors)));
    return false;
  }

  /// The only models that its requests may use; null for all of the tenant's.
  public @Nullable Set<String> models() {
    return batch.models();
  }

  /// Shows why an attempt failed, while another one may succeed.
  public void attemptFailed(String reason) {
    Map<String, AttributeValue> errors =
        Map.of(ApiBatch.ERRORS, fromS(FileCheck.error("attempt_failed", reason)));
    var _ = write(end -> table.updateIfStatus(batch.id(), ApiBatches.UNFINISHED, errors, end));
  }

  /// Ends a batch whose file cannot be read at all.
  public void fail(String reason) {
    var _ = failed(FileCheck.error("invalid_file", reason));
  }

  /// Whether the batch's window has ended.
  public boolean hasExpired() {
    return table.now().getEpochSecond() >= batch.expires();
  }

  /// Stops billing: lines written after this call are unanswered. Lines written before it are still
  /// billed.
  public void stopBilling() {
    billed = false;
  }

  /// Copies the counts of each checkpoint to the batch's row. Bills no line after [#stopBilling].
  /// Each attempt calls it, and bills its lines again.
  public Billing withCounts(Billing bills, Supplier<Progress> progress) {
    billed = true;
    return new Billing() {
      @Override
      public void line(OutputLine line) {
        if (billed) {
          bills.line(line);
        }
      }

      @Override
      public boolean isFull() {
        return bills.isFull();
      }

      @Override
      public Bill next(Progress at) {
        return bills.next(at);
      }

      @Override
      public void settle(Bill bill) {
        bills.settle(bill);
        recordCounts(progress.get());
      }
    };
  }

  private void recordCounts(Progress progress) {
    Map<String, AttributeValue> counts = counts(progress);
    if (!progress.phase().isPublishing() || !finalizing(counts)) {
      var _ = write(end -> table.updateIfStatus(batch.id(), ApiBatches.UNFINISHED, counts, end));
    }
  }

  private boolean finalizing(Map<String, AttributeValue> counts) {
    Set<BatchStatus> from = EnumSet.of(BatchStatus.IN_PROGRESS);
    return write(end -> table.changeStatus(batch.id(), from, BatchStatus.FINALIZING, counts, end));
  }

  private static Map<String, AttributeValue> counts(Progress progress) {
    Progress.Counts counts = progress.counts();
    Map<String, AttributeValue> all = new HashMap<>();
    all.put("completed", number(counts.succeeded()));
    all.put("failed", number(counts.failed()));
    all.put("tokens", number(counts.tokens()));
    return all;
  }

  /// Adds the files, whose objects are complete, and ends the batch.
  public void publish(Progress progress) {
    Map<String, AttributeValue> more = counts(progress);
    // repeat this write, because the one after the checkpoint may have been lost; finalizing_at
    // sets the files' created_at
    var _ = finalizing(more);
    ApiBatch now = read();
    if (now.status().isFinal()) {
      return;
    }
    Instant created = now.answered();
    more.put(ApiBatch.ERRORS, fromS("")); // those of attempts that failed
    if (progress.out().bytes() > 0) {
      add("output", progress.out().bytes(), created);
      more.put(ApiBatch.OUTPUT_FILE, fromS(fileId("output")));
    }
    if (progress.errors().bytes() > 0) {
      add("errors", progress.errors().bytes(), created);
      more.put(ApiBatch.ERROR_FILE, fromS(fileId("errors")));
    }
    BatchStatus end =
        switch (progress.phase()) {
          case CANCELLED -> BatchStatus.CANCELLED;
          case EXPIRED -> BatchStatus.EXPIRED;
          case LINES, PLANNED, PUBLISHING -> BatchStatus.COMPLETED;
        };
    Set<BatchStatus> from = EnumSet.copyOf(ApiBatches.UNFINISHED);
    if (end != BatchStatus.CANCELLED) {
      from.remove(BatchStatus.CANCELLING);
    }
    if (!end(from, end, more)) {
      // cancelled after its last line was answered, or its end was written before
      var _ = end(EnumSet.of(BatchStatus.CANCELLING), BatchStatus.CANCELLED, more);
    }
  }

  private boolean end(Set<BatchStatus> from, BatchStatus status, Map<String, AttributeValue> more) {
    return write(end -> table.changeStatus(batch.id(), from, status, more, end));
  }

  private ApiBatch read() {
    return retries.call(
        "read the row of " + batch.id(),
        failure -> failure instanceof StoreException,
        () -> table.find(batch.id(), Deadline.in(CALL)).orElse(batch));
  }

  /// @param created the same in every attempt, so that a repeated one replaces the row
  private void add(String kind, long bytes, Instant created) {
    long seconds = batch.asked().outputSeconds();
    Duration life = seconds == 0 ? settings.kept() : Duration.ofSeconds(seconds);
    life = life.compareTo(settings.kept()) < 0 ? life : settings.kept();
    Instant expires = created.plus(life);
    String id = fileId(kind);
    StoredFile file =
        StoredFile.processed(
            id,
            batch.owner(),
            batch.id() + "_" + kind + ".jsonl",
            Purpose.BATCH_OUTPUT,
            bytes,
            created,
            expires,
            outputBucket,
            FileIds.key(batch.owner(), id),
            null);
    var _ =
        write(
            end -> {
              files.add(file, end);
              return true;
            });
  }

  /// Derived from the batch's id, which cannot be guessed.
  private String fileId(String kind) {
    return StoredFile.PREFIX + Sha256.hex(batch.id() + "/" + kind, ID_CHARS);
  }

  private boolean write(Predicate<Deadline> call) {
    return retries.call(
        "write the row of " + batch.id(),
        failure -> failure instanceof StoreException,
        () -> call.test(Deadline.in(CALL)));
  }
}
