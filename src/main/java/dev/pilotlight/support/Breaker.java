package dev.pilotlight.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A circuit breaker for a server, with its own probes.
///
/// One failure opens it. While it is open, it rejects callers at once, and a probe runs in the
/// background every interval until one succeeds. If the server answers probes but fails the next
/// call, the first interval doubles each time, up to 32 times.
///
/// Callers wait for a running probe only if nothing recent is known about the server: for the first
/// probe, and for the first one after Lambda froze the process. If a caller's wait times out, no
/// other caller waits for that probe.
///
/// It logs one warning when it opens and one line when it closes. Thread-safe.
public final class Breaker {
  private static final int DOUBLINGS_MAX = 5;

  /// If a probe is overdue by this, the process was frozen.
  private static final Duration STALE = Duration.ofSeconds(10);

  private final Server server;
  private final Runnable probe;
  private final Duration interval;
  private final BackgroundTasks background;
  private final InstantSource clock;
  private final Log log;
  private volatile CountDownLatch news = new CountDownLatch(1);
  private volatile boolean open;
  private volatile boolean waitedInVain;
  private volatile int failuresInRow;
  private volatile boolean closed;
  private volatile @Nullable Instant staleAt;
  private @Nullable Future<?> next;
  private boolean warned;

  /// The guarded server, and its log lines.
  ///
  /// @param kind the log's field, such as `redis`
  /// @param name the field's value, such as the server's address
  /// @param away the warning when the breaker opens
  /// @param back the line when it closes
  public record Server(String kind, String name, String away, String back) {}

  /// @param probe throws if the server does not answer
  /// @param open whether the breaker starts open; [#start()] then makes the first probe
  public Breaker(
      Server server,
      Runnable probe,
      Duration interval,
      BackgroundTasks background,
      boolean open,
      Log log) {
    this(server, probe, interval, background, open, InstantSource.system(), log);
  }

  Breaker(
      Server server,
      Runnable probe,
      Duration interval,
      BackgroundTasks background,
      boolean open,
      InstantSource clock,
      Log log) {
    this.server = server;
    this.probe = probe;
    this.interval = interval;
    this.background = background;
    this.open = open;
    this.clock = clock;
    this.log = log;
  }

  /// Makes the first probe.
  public void start() {
    background.run(this::probe);
  }

  /// Whether the server may be called.
  ///
  /// @param patience the longest wait for a running probe
  public boolean allows(Duration patience) {
    if (!open) {
      return true;
    }
    if (isStale()) {
      probeAgain();
    }
    if (!waitedInVain && news.getCount() > 0) {
      try {
        waitedInVain = !news.await(patience.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return !open;
  }

  public void succeeded() {
    if (failuresInRow != 0) {
      failuresInRow = 0;
    }
  }

  public synchronized void failed(Throwable cause) {
    if (open || closed) {
      return;
    }
    open = true;
    news = new CountDownLatch(0); // the failure is recent: callers do not wait for a probe
    int doublings = Math.min(failuresInRow++, DOUBLINGS_MAX);
    warn(cause);
    again(Durations.times(interval, 1L << doublings));
  }

  /// Ends the probes.
  public synchronized void close() {
    closed = true;
    cancelNext();
    news.countDown();
  }

  private boolean isStale() {
    Instant at = staleAt;
    return at != null && clock.instant().isAfter(at);
  }

  /// Probes at once after a freeze: the timer of the next probe may have been stopped for long.
  private synchronized void probeAgain() {
    if (!open || closed || !isStale()) {
      return;
    }
    staleAt = null;
    cancelNext();
    news = new CountDownLatch(1);
    waitedInVain = false;
    try {
      background.run(this::probe);
    } catch (RejectedExecutionException e) {
      again(interval); // the workers are busy
      news.countDown();
    }
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
      news.countDown();
    }
  }

  private synchronized void reached() {
    staleAt = null;
    open = false;
    if (warned) {
      warned = false;
      log.info(server.back, server.kind, server.name);
    }
  }

  private synchronized void notReached(RuntimeException cause) {
    if (!closed) {
      warn(cause);
      again(interval);
    }
  }

  private void again(Duration delay) {
    cancelNext();
    staleAt = clock.instant().plus(delay).plus(STALE);
    try {
      next = background.after(delay, this::probe);
    } catch (RejectedExecutionException e) {
      closed = true; // the owner was closed meanwhile
    }
  }

  private void cancelNext() {
    Future<?> waiting = next;
    if (waiting != null) {
      waiting.cancel(false);
      next = null;
    }
  }

  private void warn(Throwable cause) {
    if (!warned) {
      warned = true;
      log.warn(server.away, cause, server.kind, server.name);
    }
  }
}
