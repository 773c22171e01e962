package dev.pilotlight.idempotency;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.store.mark.Mark;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A request's hold on its key, or the answer of an earlier request with the key. The lease is
/// renewed until one of [#keep] and [#release] is called. Confined to the request's thread.
final class Claim {
  private final @Nullable Hold hold;
  private final byte @Nullable [] kept;
  private boolean ended;

  private record Hold(
      Ledger ledger, Mark mark, Deadline deadline, Meter meter, Renewals renewals) {}

  /// The renewals of a lease, on the ledger's threads.
  private static final class Renewals implements Runnable {
    private final Ledger ledger;
    private final Mark mark;
    private final Meter meter = new Meter(); // of the one thread that renews
    private final @Nullable ScheduledFuture<?> timer;
    private volatile long writes;

    Renewals(Ledger ledger, Mark mark) {
      this.ledger = ledger;
      this.mark = mark;
      this.timer = start();
    }

    private @Nullable ScheduledFuture<?> start() {
      long nanos = ledger.interval().toNanos();
      try {
        return ledger.timer().scheduleAtFixedRate(this, nanos, nanos, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        return null; // the function is shutting down
      }
    }

    @Override
    public void run() {
      boolean own = ledger.renew(mark, meter);
      writes = meter.writes();
      if (!own) {
        throw new IllegalStateException("lost"); // ends the renewals
      }
    }

    /// Ends the renewals.
    ///
    /// @return the write units that they used
    long end() {
      if (timer != null) {
        timer.cancel(false);
      }
      return writes;
    }
  }

  private Claim(byte[] kept) {
    this.hold = null;
    this.kept = kept;
  }

  Claim(Ledger ledger, Mark mark, Deadline deadline, Meter meter) {
    this.hold = new Hold(ledger, mark, deadline, meter, new Renewals(ledger, mark));
    this.kept = null;
  }

  static Claim of(byte[] kept) {
    return new Claim(kept);
  }

  /// The answer of an earlier request; null if this one must run.
  byte @Nullable [] kept() {
    return kept;
  }

  /// Keeps the answer of this request and returns the one that is kept: another attempt's if this
  /// one's lease expired.
  ///
  /// @throws dev.pilotlight.domain.Refusal UNAVAILABLE if the table does not answer, CONFLICT while
  ///   another attempt runs, TOO_LARGE if the answer can never be kept
  byte[] keep(byte[] answer) {
    Hold held = end();
    return held.ledger.keep(held.mark, answer, held.deadline, held.meter);
  }

  /// Lets the next request with the key run.
  void release() {
    Hold held = end();
    held.ledger.release(held.mark, held.meter);
  }

  private Hold end() {
    Hold held = Objects.requireNonNull(hold, "there is an answer");
    if (!ended) {
      ended = true;
      held.meter.wrote(held.renewals.end());
    }
    return held;
  }
}
