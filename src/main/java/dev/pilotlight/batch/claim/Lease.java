package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.JobItem.Hold;
import dev.pilotlight.batch.claim.JobItem.State;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.support.Threads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A batch that this invocation, and no other, works on. Thread-safe; a daemon thread renews it
/// each third of its length, and every checkpoint does, too.
///
/// Writes are made again with the [Retries] of the claim. One that did not work in time throws
/// [BatchException.Unavailable], and may have been done or not; what comes next is right in either
/// case.
public final class Lease implements AutoCloseable {
  private static final ThreadFactory THREADS = Threads.daemons("pilotlight-lease-");
  private static final int BEATS_PER_LENGTH = 3;

  /// What is begun while the lease is held should have ended before another may begin.
  private static final int MARGINS_PER_LENGTH = 6;

  private static final int REASON_CHARS_MAX = 2_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final JobTable table;
  private final Terms terms;
  private final Retries retries;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final JobItem.Spent spentBefore;
  private final long sinceNanos;

  /// Of this invocation; another thread counts, so that a reading may be a moment old.
  private volatile @Nullable Meter meter;

  /// What the meter had counted when this lease began: for other objects of the same event.
  private JobItem.Spent countedBefore = JobItem.Spent.NONE;

  /// As last written.
  private volatile JobItem item;

  private volatile long heldUntilNanos;

  /// Given back, or taken by another.
  private volatile boolean over;

  /// Of the last write that was tried.
  private long beat;

  /// @param length for which a sign of life is good
  /// @param keep how long an item is kept after its last change
  /// @param clock for what others are to read
  record Terms(Duration length, Duration keep, InstantSource clock) {

    JobItem signed(JobItem item, String owner, long beat) {
      long now = clock.millis();
      return item.with(
          new Hold(owner, beat, length.toMillis(), now + length.toMillis()),
          now / 1_000 + keep.toSeconds());
    }
  }

  private Lease(JobTable table, Terms terms, Retries retries, JobItem item, long sinceNanos) {
    this.table = table;
    this.terms = terms;
    this.retries = retries;
    this.item = item;
    this.spentBefore = item.spent();
    this.sinceNanos = sinceNanos;
    this.beat = item.hold().beat();
    this.heldUntilNanos = heldUntil(sinceNanos);
  }

  /// @param item as it was written to claim it
  /// @param sinceNanos before the write, on the clock of [System#nanoTime()]
  static Lease begin(JobTable table, Terms terms, Retries retries, JobItem item, long sinceNanos) {
    Lease lease = new Lease(table, terms, retries, item, sinceNanos);
    THREADS.newThread(lease::renewUntilStopped).start();
    return lease;
  }

  public ObjectVersion version() {
    return item.version();
  }

  /// From now on every write carries what this invocation has used, as the meter has it.
  public void countBy(Meter invocation) {
    countedBefore = counted(invocation);
    meter = invocation;
  }

  /// What all invocations for this version have used up to now.
  public JobItem.Spent spent() {
    long millis = (System.nanoTime() - sinceNanos) / NANOS_PER_MILLI;
    Meter counting = meter;
    JobItem.Spent now = counting == null ? JobItem.Spent.NONE : counted(counting);
    return spentBefore.plus(
        new JobItem.Spent(
            millis, now.hits() - countedBefore.hits(), now.runs() - countedBefore.runs()));
  }

  private static JobItem.Spent counted(Meter meter) {
    long hits =
        meter.answered(Tier.MEMORY) + meter.answered(Tier.REDIS) + meter.answered(Tier.DYNAMODB);
    return new JobItem.Spent(0, hits, meter.answered(Tier.RUN));
  }

  /// At the claim, or that of the last checkpoint.
  public Progress progress() {
    return item.progress();
  }

  /// Which claim of this version it is, from 1: crashes and waits count, too.
  public int invocation() {
    return item.invocation();
  }

  /// Whether nobody else can have the batch. By the monotonic clock of this machine, with a sixth
  /// of the length to spare, so that it is also false when renewals do not get through; true again
  /// if they do later and nobody has come between.
  public boolean isHeld() {
    return !over && System.nanoTime() - heldUntilNanos < 0;
  }

  /// Renews it if it has run out. That nobody may have it is another thing than that somebody has:
  /// who gives up then must be tried again, or nobody will go on.
  ///
  /// @throws BatchException.LeaseLost if another has the batch, or it was given back
  /// @throws BatchException.Unavailable if that is not certain
  public void requireHeld() {
    if (!isHeld()) {
      beat(retries);
    }
  }

  /// Writes how far the batch has come, and renews the lease.
  ///
  /// @throws BatchException.LeaseLost if another has the batch, or it was given back
  public void checkpoint(Progress progress) {
    save(State.RUNNING, "", progress);
  }

  /// Forgets all progress, but keeps the claim.
  ///
  /// @throws BatchException.LeaseLost if another has the batch, or it was given back
  public void startAnew() {
    checkpoint(Progress.NONE);
  }

  /// Gives the batch back for its next invocation.
  ///
  /// @throws BatchException.LeaseLost if another has the batch, or it was given back
  public void handOver(Progress progress) {
    end(State.WAITING, "", progress);
  }

  /// Marks the batch as done.
  ///
  /// @throws BatchException.LeaseLost if another has the batch, or it was given back
  public void finish(Progress progress) {
    end(State.DONE, "", progress);
  }

  /// For good, as far as this version goes.
  ///
  /// @param reason cut after 2,000 characters
  /// @throws BatchException.LeaseLost if another has the batch, or it was given back
  public void fail(String reason) {
    String cut = reason.substring(0, Math.min(reason.length(), REASON_CHARS_MAX));
    end(State.FAILED, cut, progress());
  }

  /// Stops the renewals. A batch that was not given back is, as of its last checkpoint; where that
  /// fails the lease runs out by itself.
  @Override
  public void close() {
    stopped.countDown();
    if (over) {
      return;
    }
    try {
      handOver(progress());
    } catch (BatchException | SdkException e) {
      over = true;
    }
  }

  private synchronized void end(State state, String reason, Progress progress) {
    save(state, reason, progress);
    over = true;
    stopped.countDown();
  }

  private synchronized void save(State state, String reason, Progress progress) {
    JobItem next = signed(item.with(state, reason, progress));
    write(next, next.checkpoint(), retries);
  }

  private void renewUntilStopped() {
    long period = terms.length().dividedBy(BEATS_PER_LENGTH).toNanos();
    try {
      while (!stopped.await(period, TimeUnit.NANOSECONDS) && renew()) {}
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return false once the lease is lost
  private synchronized boolean renew() {
    try {
      // as long as there is something to be saved, and not again after another pause
      beat(new Retries(terms.length(), retries.end()));
    } catch (BatchException.LeaseLost e) {
      return false;
    } catch (BatchException.Unavailable | SdkException e) {
      // the next beat may get through; until then the clock tells who asks
    }
    return true;
  }

  private synchronized void beat(Retries patience) {
    JobItem next = signed(item);
    write(next, next.signOfLife(), patience);
  }

  private synchronized JobItem signed(JobItem next) {
    beat++;
    return terms.signed(next.with(spent()), item.hold().owner(), beat);
  }

  private synchronized void write(
      JobItem next, Map<String, AttributeValue> changes, Retries patience) {
    if (over) {
      throw lost();
    }
    // of several attempts the first may be the one that counted
    long sinceNanos = System.nanoTime();
    if (!table.update(next, changes, patience)) {
      over = true;
      throw lost();
    }
    item = next;
    heldUntilNanos = heldUntil(sinceNanos);
  }

  private long heldUntil(long sinceNanos) {
    Duration length = terms.length();
    return sinceNanos + length.minus(length.dividedBy(MARGINS_PER_LENGTH)).toNanos();
  }

  private BatchException.LeaseLost lost() {
    return new BatchException.LeaseLost(
        version() + " is no longer this invocation's to answer (invocation " + invocation() + ")");
  }
}
