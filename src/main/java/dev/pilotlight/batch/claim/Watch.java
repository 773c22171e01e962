package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.JobItem.Hold;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds out whether an item's owner is alive, by reading the item repeatedly. For one thread.
///
/// A live owner increments its beat three times per lease. If the beat does not change for the
/// length of a lease, by the reader's monotonic clock, the lease has expired, however wrong any
/// wall clock is. A short invocation may not have that time; so a lease also counts as expired if
/// it ended a whole length ago by the wall clocks. That is wrong if the reader's clock is ahead of
/// the owner's by more than a length: then the reader claims the batch of a live owner, which loses
/// its lease and stops. The batch continues from the last checkpoint. Only time is lost, except
/// that the reader does not wait for an older version that is being published.
final class Watch {
  enum Life {
    /// Not known yet: read the item again.
    UNKNOWN,
    /// It has written since the first reading.
    ALIVE,
    /// Its lease has expired.
    DEAD
  }

  private final InstantSource clock;
  private @Nullable Hold last;
  private long sinceNanos;
  private boolean changed;

  Watch(InstantSource clock) {
    this.clock = clock;
  }

  /// @param item as just read
  Life observe(Optional<JobItem> item) {
    Hold hold = item.map(JobItem::hold).orElse(Hold.NOBODY);
    long now = System.nanoTime();
    Hold before = last;
    if (before == null || !before.isSameWrite(hold)) {
      changed = before != null;
      last = hold;
      sinceNanos = now;
    }
    boolean unchangedForItsLength = (now - sinceNanos) / 1_000_000 >= hold.leaseMillis();
    boolean longPast = clock.millis() - hold.untilMillis() > hold.leaseMillis();
    if (unchangedForItsLength || longPast) {
      return Life.DEAD;
    }
    return changed ? Life.ALIVE : Life.UNKNOWN;
  }
}
