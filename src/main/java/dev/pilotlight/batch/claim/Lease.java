package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.JobItem.Hold;
import dev.pilotlight.batch.claim.JobItem.State;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.store.rows.RowAddition;
import dev.pilotlight.support.Threads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The exclusive right to work on a batch. Thread-safe. A daemon thread renews it every third of
/// its length; every checkpoint renews it, too.
///
/// Writes are retried with the [Retries] of the claim. A write that times out throws
/// [BatchException.Unavailable] and may have succeeded; the next write is correct in either case.
public final class Lease implements AutoCloseable {
  private static final ThreadFactory THREADS = Threads.daemons("pilotlight-lease-");
  private static final int BEATS_PER_LENGTH = 3;

  /// The lease counts as held for five sixths of its length, so that work which begins while it is
  /// held ends before another owner can claim the batch.
  private static final int MARGINS_PER_LENGTH = 6;

  private final JobTable table;
  private final Terms terms;
  private final Retries retries;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final SpentMeter spent;

  /// As last written.
  private volatile JobItem item;

  private volatile long heldUntilNanos;

  /// Whether the lease was given back or lost.
  private volatile boolean over;

  /// Whether a bill has no answer. Then the table alone has the progress, and nothing replaces it.
  private volatile boolean uncertain;

  /// The sequence number of the last attempted write.
  private long beat;

  /// @param length of a lease after each write
  /// @param keep how long an item is kept after its last change
  /// @param clock for times that other environments read
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
    this.spent = new SpentMeter(item.spent(), sinceNanos);
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

  public Job job() {
    return item.job();
  }

  /// Whether nothing is answered yet.
  public boolean isAtStart() {
    return progress().equals(job().first());
  }

  /// From now on every write includes this invocation's usage.
  public void countBy(Meter invocation) {
    spent.countBy(invocation);
  }

  /// The usage of all invocations for this version so far.
  public JobItem.Spent spent() {
    return spent.spent();
  }

  /// The progress at the claim, or at the last checkpoint.
  public Progress progress() {
    return item.progress();
  }

  /// The number of this claim of the version, from 1. Claims that crashed count, too.
  public int invocation() {
    return item.invocation();
  }

  /// Whether no other invocation can own the batch, by this machine's monotonic clock and with a
  /// sixth of the length as a margin. It is false while renewals fail, and true again if a later
  /// one succeeds.
  public boolean isHeld() {
    return !over && System.nanoTime() - heldUntilNanos < 0;
  }

  /// Renews an expired lease. Expired does not mean lost: if the renewal fails, Lambda must retry,
  /// or the batch would be abandoned.
  ///
  /// @throws BatchException.LeaseLost if another invocation owns the batch, or it was given back
  /// @throws BatchException.Unavailable if the renewal failed
  public void requireHeld() {
    if (!isHeld()) {
      beat(retries);
    }
  }

  /// Writes the batch's progress, and renews the lease.
  ///
  /// @throws BatchException.LeaseLost if another invocation owns the batch, or it was given back
  public void checkpoint(Progress progress) {
    checkpoint(progress, Bill.NONE);
  }

  /// As [#checkpoint(Progress)], in one transaction with the counters of the tenant.
  public void checkpoint(Progress progress, Bill bill) {
    save(State.RUNNING, "", progress, bill);
  }

  /// The part of the tenant's counters that comes from this version.
  public Billed billed() {
    return item.billed();
  }

  /// Discards all progress, and keeps the claim.
  ///
  /// @throws BatchException.LeaseLost if another invocation owns the batch, or it was given back
  public void restart() {
    checkpoint(job().first());
  }

  /// Gives the batch back for its next invocation.
  ///
  /// @throws BatchException.LeaseLost if another invocation owns the batch, or it was given back
  public void handOver(Progress progress) {
    end(State.WAITING, "", progress, Bill.NONE);
  }

  /// Releases the batch after its execution failed. A redrive resumes it; another execution
  /// restarts it.
  ///
  /// @throws BatchException.LeaseLost if another invocation owns the batch, or it was given back
  public synchronized void release() {
    save(item.released(), State.WAITING, "", progress(), Bill.NONE);
    over = true;
    stopped.countDown();
  }

  /// Marks the batch as done.
  ///
  /// @throws BatchException.LeaseLost if another invocation owns the batch, or it was given back
  public void finish(Progress progress) {
    finish(progress, Bill.NONE);
  }

  /// As [#finish(Progress)], with the counters of the tenant.
  public void finish(Progress progress, Bill bill) {
    end(State.DONE, "", progress, bill);
  }

  /// Marks this version as failed for good.
  ///
  /// @param reason cut after 2,000 characters
  /// @throws BatchException.LeaseLost if another invocation owns the batch, or it was given back
  public void fail(String reason) {
    fail(reason, Bill.NONE);
  }

  /// As [#fail(String)], with the counters of the tenant.
  public void fail(String reason, Bill bill) {
    end(State.FAILED, BatchException.truncate(reason), progress(), bill);
  }

  /// Stops the renewals, and gives the batch back as of its last checkpoint unless that was done.
  /// If that fails, the lease expires.
  @Override
  public void close() {
    stopped.countDown();
    if (over || uncertain) {
      return;
    }
    try {
      handOver(progress());
    } catch (BatchException | SdkException e) {
      over = true;
    }
  }

  private synchronized void end(State state, String reason, Progress progress, Bill bill) {
    save(state, reason, progress, bill);
    over = true;
    stopped.countDown();
  }

  private synchronized void save(State state, String reason, Progress progress, Bill bill) {
    save(item, state, reason, progress, bill);
  }

  private synchronized void save(
      JobItem from, State state, String reason, Progress progress, Bill bill) {
    if (uncertain) {
      throw new BatchException.Unavailable(version() + " may have a later checkpoint", null);
    }
    JobItem after = from.with(state, reason, progress);
    JobItem next = signed(bill.additions().isEmpty() ? after : after.with(bill.billed()));
    write(next, next.checkpoint(), bill.additions(), retries);
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
      // not longer than the lease lasts
      beat(new Retries(terms.length(), retries.end()));
    } catch (BatchException.LeaseLost e) {
      return false;
    } catch (BatchException.Unavailable | SdkException e) {
      // the next renewal may succeed; until then isHeld() uses the clock
    }
    return true;
  }

  private synchronized void beat(Retries patience) {
    JobItem next = signed(item);
    write(next, next.signOfLife(), List.of(), patience);
  }

  private synchronized JobItem signed(JobItem next) {
    beat++;
    return terms.signed(next.with(spent()), item.hold().owner(), beat);
  }

  private synchronized void write(
      JobItem next,
      Map<String, AttributeValue> changes,
      List<RowAddition> additions,
      Retries patience) {
    if (over) {
      throw lost();
    }
    // the first of several attempts may be the one that succeeded
    long sinceNanos = System.nanoTime();
    uncertain |= !additions.isEmpty();
    if (!table.update(next, changes, additions, patience)) {
      over = true;
      throw lost();
    }
    uncertain &= additions.isEmpty();
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
