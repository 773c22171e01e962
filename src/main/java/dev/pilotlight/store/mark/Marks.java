package dev.pilotlight.store.mark;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.store.Budget;
import dev.pilotlight.store.ConcurrentCalls;
import dev.pilotlight.store.LargeValues;
import dev.pilotlight.store.Pointer;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.support.Cost;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/// Keeps marks in the table of results, and answers that are too large for an item in S3.
/// Thread-safe.
///
/// Every call adds the capacity and the requests it used to the caller's meter, unless it failed.
public final class Marks {
  /// Within the prefix of large results, so that their permissions and expiry apply.
  private static final String FOLDER = "results/idempotency/";

  /// The most that a socket surely buffers; more may block ([dev.pilotlight.store.DynamoStore]).
  private static final int UNBLOCKABLE_BYTES = 8_192;

  private final StoreSettings settings;
  private final MarkCalls calls;
  private final @Nullable LargeValues large;
  private final ResultStore table;
  private final ConcurrentCalls concurrent = new ConcurrentCalls();

  /// @param s3 called with the first large answer
  /// @param table makes the calls, or fails them at once while DynamoDB does not answer
  public Marks(StoreSettings settings, MarkCalls calls, Supplier<S3Client> s3, ResultStore table) {
    this.settings = settings;
    this.calls = calls;
    this.large = settings.largeBucket().map(name -> new LargeValues(name, s3)).orElse(null);
    this.table = table;
  }

  /// Writes a mark unless there is a live one.
  ///
  /// @param nowMillis since 1970
  /// @throws dev.pilotlight.store.StoreException if that failed; the mark may be written
  public MarkOutcome claim(Mark mark, long nowMillis, Deadline latest, Meter meter) {
    return put(mark, Mark.Condition.CLAIM, nowMillis, latest, meter);
  }

  /// Extends the lease of a running mark.
  ///
  /// @return false if the owner has lost it
  /// @throws dev.pilotlight.store.StoreException if that failed
  public boolean renew(Mark mark, Deadline latest, Meter meter) {
    return put(mark, Mark.Condition.RENEW, 0, latest, meter).written();
  }

  /// Keeps the answer of a mark's owner. If another has the mark, nothing is written.
  ///
  /// @throws dev.pilotlight.store.StoreException if that failed; the answer may be kept
  /// @throws Refusal TOO_LARGE for an answer over the item limit without a bucket
  public MarkOutcome keep(Mark mark, byte[] answer, Deadline latest, Meter meter) {
    if (answer.length <= settings.itemBytesMax()) {
      return put(mark.done(answer, null), Mark.Condition.KEEP, 0, latest, meter);
    }
    LargeValues bucket = large;
    if (bucket == null) {
      throw tooLarge(answer.length);
    }
    Deadline end = end(latest);
    String folder = FOLDER + mark.id().substring(Mark.PREFIX.length());
    Pointer pointer =
        concurrent
            .all(List.of(answer), value -> bucket.put(folder, value, Budget.left(end)), end)
            .getFirst();
    meter.objects(1, 0);
    return put(mark.done(null, pointer), Mark.Condition.KEEP, 0, latest, meter);
  }

  /// Lets the next attempt of a failed request run at once.
  ///
  /// @param expired a time that is in the past by every environment's clock, in seconds since 1970
  /// @throws dev.pilotlight.store.StoreException if that failed; the lease still expires
  public void release(Mark mark, long expired, Deadline latest, Meter meter) {
    var _ = put(mark.released(expired), Mark.Condition.RENEW, 0, latest, meter);
  }

  /// Reads the answer of a mark that is done; empty if it is missing or damaged.
  ///
  /// @throws dev.pilotlight.store.StoreException if S3 failed
  public Optional<byte[]> answer(Mark mark, Deadline latest, Meter meter) {
    byte[] value = mark.value();
    if (value != null) {
      return Optional.of(value);
    }
    Pointer pointer = mark.pointer();
    LargeValues bucket = large;
    if (pointer == null || bucket == null) {
      return Optional.empty();
    }
    Deadline end = Deadline.in(settings.read()).orSooner(latest);
    meter.objects(0, 1);
    return concurrent.all(List.of(pointer), at -> bucket.get(at, Budget.left(end)), end).getFirst();
  }

  private MarkOutcome put(
      Mark mark, Mark.Condition condition, long nowMillis, Deadline latest, Meter meter) {
    Deadline end = end(latest);
    MarkOutcome outcome =
        table.call(() -> send(mark, () -> calls.put(mark, condition, nowMillis, end), end, latest));
    Mark existing = outcome.existing();
    int bytes = mark.itemBytes();
    // a write that is refused costs as much as one of the item that exists
    meter.wrote(Cost.writes(existing == null ? bytes : Math.max(bytes, existing.itemBytes())));
    return outcome;
  }

  /// As [dev.pilotlight.store.DynamoStore]: another thread makes a call that may block, or that may
  /// exceed the caller's deadline.
  private MarkOutcome send(Mark mark, Supplier<MarkOutcome> put, Deadline end, Deadline latest) {
    byte[] value = mark.value();
    boolean mayExceed = latest.nanoTime() - end.nanoTime() >= settings.attempt().toNanos();
    return mayExceed && (value == null || value.length <= UNBLOCKABLE_BYTES)
        ? put.get()
        : concurrent.toDynamo(List.of(put), Supplier::get, end).getFirst();
  }

  private Deadline end(Deadline latest) {
    return Deadline.in(settings.write()).orSooner(latest);
  }

  private Refusal tooLarge(int bytes) {
    return Refusal.tooLarge(
        "idempotency-key",
        "the answer to keep has %d bytes; without a bucket for large results".formatted(bytes)
            + " (PILOTLIGHT_LARGE_BUCKET) at most %d can be kept; without idempotency-key it is"
                .formatted(settings.itemBytesMax())
            + " answered and not kept");
  }
}
