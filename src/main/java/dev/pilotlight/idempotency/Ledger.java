package dev.pilotlight.idempotency;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.store.mark.Mark;
import dev.pilotlight.store.mark.Mark.State;
import dev.pilotlight.store.mark.MarkOutcome;
import dev.pilotlight.store.mark.Marks;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Threads;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decides which of the requests with one key runs. Thread-safe.
///
/// The first writes a mark with a lease and renews it while it runs. Others get a conflict until
/// the mark has the answer. If the first dies, its lease expires, and the next request runs.
final class Ledger implements AutoCloseable {
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Duration KEPT = Duration.ofHours(24);
  private static final Duration SOON = Duration.ofSeconds(1);

  /// Less than the margin between a request's deadline and the end of its invocation.
  private static final Duration RELEASE = Duration.ofMillis(250);

  /// How long ago a released key has expired: more than two clocks may differ.
  private static final Duration AGO = Duration.ofHours(1);

  private static final int THREADS = 2;

  private final Marks marks;
  private final InstantSource clock;
  private final Duration lease;
  private final Log log;
  private final ScheduledThreadPoolExecutor timer;

  Ledger(Marks marks, Log log) {
    this(marks, InstantSource.system(), LEASE, log);
  }

  Ledger(Marks marks, InstantSource clock, Duration lease, Log log) {
    this.marks = marks;
    this.clock = clock;
    this.lease = lease;
    this.log = log;
    this.timer = new ScheduledThreadPoolExecutor(THREADS, Threads.daemons("pilotlight-lease-"));
    timer.setRemoveOnCancelPolicy(true);
  }

  /// A request with a key.
  ///
  /// @param owner what the key is unique in: the tenant, and its generation if it has one
  /// @param key without quotes
  /// @param fingerprint digest of everything that must be equal in a repeat
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Request(String owner, String key, byte[] fingerprint) {
    String markId() {
      byte[] digest = new Fingerprint().add(owner).add(key).bytes();
      return Mark.PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }
  }

  /// Claims the key for this request, or finds the answer of an earlier one.
  ///
  /// @throws Refusal CONFLICT while another request with the key runs; UNPROCESSABLE if the key
  ///   belongs to a request with another fingerprint; UNAVAILABLE if the table does not answer
  Claim claim(Request request, Deadline deadline, Meter meter) {
    long now = clock.millis();
    Mark mark =
        new Mark(
            request.markId(),
            request.owner(),
            State.RUNNING,
            UUID.randomUUID().toString(),
            now + lease.toMillis(),
            request.fingerprint(),
            (now + KEPT.toMillis()) / Duration.ofSeconds(1).toMillis(),
            null,
            null);
    MarkOutcome outcome = guarded(() -> marks.claim(mark, now, deadline, meter));
    Mark existing = outcome.existing();
    if (outcome.written() || isOwn(existing, mark)) {
      return new Claim(this, mark, deadline, meter);
    }
    return Claim.of(earlier(existing, mark, deadline, meter));
  }

  /// A claim whose answer was lost is made again, and then finds its own mark.
  private static boolean isOwn(@Nullable Mark existing, Mark mark) {
    return existing != null
        && existing.owner().equals(mark.owner())
        && existing.state() == State.RUNNING;
  }

  /// Returns the answer of the request that has the key.
  ///
  /// @param existing null if DynamoDB did not send it
  private byte[] earlier(@Nullable Mark existing, Mark mine, Deadline deadline, Meter meter) {
    if (existing == null) {
      throw unavailable(null);
    }
    if (existing.fingerprint().length == 0) { // damaged
      if (existing.state() != State.DONE) {
        throw conflict(existing);
      }
      throw unreadable(
          new IllegalStateException(
              "the item %s has no valid attribute fingerprint".formatted(existing.id())));
    }
    if (!MessageDigest.isEqual(existing.fingerprint(), mine.fingerprint())) {
      throw Refusal.of(
          Reason.UNPROCESSABLE,
          IdempotencyKey.HEADER,
          "the idempotency-key belongs to another request of the last 24 hours; accepted: the same"
              + " route, content type, client and body, or a new key");
    }
    if (existing.state() != State.DONE) {
      throw conflict(existing);
    }
    return guarded(() -> marks.answer(existing, deadline, meter))
        .orElseThrow(() -> unreadable(null));
  }

  private static Refusal unreadable(@Nullable Throwable cause) {
    return Refusal.broken(
        "the answer that is kept for the idempotency-key cannot be read; a new key runs the request"
            + " again",
        cause);
  }

  private Refusal conflict(Mark existing) {
    Duration left = Duration.ofMillis(existing.leaseUntil() - clock.millis());
    Duration most = left.compareTo(lease) > 0 ? lease : left;
    return Refusal.conflict(
        IdempotencyKey.HEADER,
        "a request with this idempotency-key is in progress; send it again later",
        most.compareTo(SOON) < 0 ? SOON : most);
  }

  /// Keeps an answer, and returns the one that is kept.
  byte[] keep(Mark mark, byte[] answer, Deadline deadline, Meter meter) {
    MarkOutcome outcome = guarded(() -> marks.keep(mark, answer, deadline, meter));
    // if it is not written, the lease expired, and another attempt has the key
    return outcome.written() ? answer : earlier(outcome.existing(), mark, deadline, meter);
  }

  /// Lets the next attempt run at once. If that fails, it runs when the lease has expired. The
  /// request's deadline may have passed.
  void release(Mark mark, Meter meter) {
    try {
      long expired = (clock.millis() - AGO.toMillis()) / Duration.ofSeconds(1).toMillis();
      marks.release(mark, expired, Deadline.in(RELEASE), meter);
    } catch (StoreException e) {
      if (!e.isLogged()) {
        log.warn("a failed request with an idempotency key keeps its lease", e);
      }
    }
  }

  /// Extends a lease by its whole length from now.
  ///
  /// @return false if it is lost; a failure is not a loss
  boolean renew(Mark mark, Meter meter) {
    try {
      Mark longer = mark.until(clock.millis() + lease.toMillis());
      return marks.renew(longer, Deadline.in(lease), meter);
    } catch (StoreException e) {
      if (!e.isLogged()) {
        log.warn("the lease of a request with an idempotency key was not renewed", e);
      }
      return true;
    }
  }

  /// The time between two renewals of a lease.
  Duration interval() {
    return lease.dividedBy(3);
  }

  ScheduledThreadPoolExecutor timer() {
    return timer;
  }

  private <T> T guarded(Supplier<T> call) {
    try {
      return call.get();
    } catch (StoreException e) {
      if (!e.isLogged()) {
        log.warn("the table did not answer for an idempotency key", e);
      }
      throw unavailable(e);
    }
  }

  private static Refusal unavailable(@Nullable Throwable cause) {
    return Refusal.unavailable(
        "the table that keeps the answers of idempotency keys is not reachable; try again",
        SOON,
        cause);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
