package dev.pilotlight.cache;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Keeps callers away from a server that failed, and finds out by itself when it is back.
///
/// One failure opens it. While it is open callers are turned away at once, and a probe runs in the
/// background every interval until one succeeds. A server that answers probes and then fails again
/// without a success in between is probed half as often each time, down to a 32nd.
///
/// It starts open, with the first probe under way; callers may wait for that one.
final class Breaker {
  private static final int DOUBLINGS_MAX = 5;

  private final String name;
  private final Runnable probe;
  private final Duration interval;
  private final Background background;
  private final Log log;
  private final CountDownLatch firstProbe = new CountDownLatch(1);
  private volatile boolean open = true;
  private volatile boolean waitedInVain;
  private volatile int failuresInRow;
  private volatile boolean closed;
  private boolean warned;

  /// @param probe throws if the server is not there
  Breaker(String name, Runnable probe, Duration interval, Background background, Log log) {
    this.name = name;
    this.probe = probe;
    this.interval = interval;
    this.background = background;
    this.log = log;
  }

  void start() {
    background.run(this::probe);
  }

  /// Whether the server may be asked. Only before the first probe has ended does this wait, and
  /// never again once that was in vain.
  boolean allows(Deadline deadline) {
    if (open && !waitedInVain && firstProbe.getCount() > 0) {
      try {
        waitedInVain = !firstProbe.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return !open;
  }

  void succeeded() {
    if (failuresInRow != 0) {
      failuresInRow = 0;
    }
  }

  synchronized void failed(Throwable cause) {
    if (open || closed) {
      return;
    }
    open = true;
    int doublings = Math.min(failuresInRow++, DOUBLINGS_MAX);
    warn(cause);
    again(interval.multipliedBy(1L << doublings));
  }

  /// No more probes.
  void close() {
    closed = true;
    firstProbe.countDown();
  }

  private void probe() {
    if (closed) {
      return;
    }
    try {
      probe.run();
      reached();
    } catch (RuntimeException e) {
      notReached(e);
    } finally {
      firstProbe.countDown();
    }
  }

  private synchronized void reached() {
    open = false;
    if (warned) {
      warned = false;
      log.info("Redis is back", "redis", name);
    }
  }

  private synchronized void notReached(RuntimeException cause) {
    if (!closed) {
      warn(cause);
      again(interval);
    }
  }

  private void again(Duration delay) {
    try {
      var _ = background.after(delay, this::probe);
    } catch (RejectedExecutionException e) {
      closed = true; // the tier was closed meanwhile
    }
  }

  private void warn(Throwable cause) {
    if (!warned) {
      warned = true;
      log.warn("Redis does not answer; until it does, everything is a miss", cause, "redis", name);
    }
  }
}
