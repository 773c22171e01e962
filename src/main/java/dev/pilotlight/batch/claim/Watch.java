package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.JobItem.Hold;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells from looking at an item again and again whether its owner lives. For one thread.
///
/// A live owner's beat grows three times in the length of its lease. So whoever saw the same beat
/// for that long, by its own monotonic clock, knows the lease to have run out, however wrong
/// anybody's clock is. That takes a lease's length, which a short invocation may not have; so a
/// lease counts as run out at once, too, if it ended a whole length ago by the clocks on the walls.
/// A clock that is ahead of the owner's by more than a length makes this untrue: then a batch is
/// taken from its live owner, who finds its lease lost and stops. The batch goes on from the last
/// checkpoint; nothing but time is lost, except that nobody waits for an older version that is
/// being published.
final class Watch {
  enum Life {
    /// It may be dead; look again.
    UNKNOWN,
    /// It has written since we looked first.
    ALIVE,
    /// Its lease has run out.
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
  Life see(Optional<JobItem> item) {
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
