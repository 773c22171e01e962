package dev.pilotlight.serve;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/// Closes connections on which the head of a request takes too long to arrive. The idle timeout
/// does not help: each byte restarts it. Thread-safe.
final class SlowHeads extends AbstractLifeCycle implements Connection.Listener {
  private static final long SWEEPS_PER_LIMIT = 4;

  /// A connection: `busy` while a request is read or answered; otherwise the bytes received before
  /// the next request.
  private static final class Watched {
    private volatile boolean busy;
    private volatile long bytesBefore;

    /// When more bytes were first seen; 0 for none. Only the sweep uses it.
    private long since;
  }

  private final Scheduler scheduler;
  private final long limitNanos;
  private final Traffic traffic;
  private final Map<Connection, Watched> open = new ConcurrentHashMap<>();

  SlowHeads(Scheduler scheduler, Duration limit, Traffic traffic) {
    this.scheduler = scheduler;
    this.limitNanos = limit.toNanos();
    this.traffic = traffic;
  }

  @Override
  public void onOpened(Connection connection) {
    open.put(connection, new Watched());
    traffic.opened();
  }

  @Override
  public void onClosed(Connection connection) {
    if (open.remove(connection) != null) {
      traffic.closed();
    }
  }

  /// The head of a request is complete.
  void begin(Connection connection) {
    Watched watched = open.get(connection);
    if (watched != null) {
      watched.busy = true;
    }
  }

  /// The request has its answer.
  void end(Connection connection) {
    Watched watched = open.get(connection);
    if (watched != null) {
      watched.bytesBefore = connection.getBytesIn();
      watched.busy = false;
    }
  }

  @Override
  protected void doStart() {
    next();
  }

  private void next() {
    if (isStarting() || isRunning()) {
      var _ = scheduler.schedule(this::sweep, limitNanos / SWEEPS_PER_LIMIT, TimeUnit.NANOSECONDS);
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    open.forEach((connection, watched) -> check(connection, watched, now));
    next();
  }

  private void check(Connection connection, Watched watched, long now) {
    if (watched.busy || connection.getBytesIn() == watched.bytesBefore) {
      watched.since = 0;
    } else if (watched.since == 0) {
      watched.since = now;
    } else if (now - watched.since > limitNanos) {
      connection.getEndPoint().close();
    }
  }
}
