package dev.pilotlight.serve;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/// Closes connections on which the head of a request takes too long to arrive. The time limit of
/// idle connections does not: each byte begins it again. Thread-safe.
final class SlowHeads extends AbstractLifeCycle implements Connection.Listener {
  private static final long LOOKS = 4;

  /// A connection: whether a request of it is read or answered, and else what it had received
  /// before the next one.
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
      var _ = scheduler.schedule(this::sweep, limitNanos / LOOKS, TimeUnit.NANOSECONDS);
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    open.forEach((connection, watched) -> look(connection, watched, now));
    next();
  }

  private void look(Connection connection, Watched watched, long now) {
    if (watched.busy || connection.getBytesIn() == watched.bytesBefore) {
      watched.since = 0;
    } else if (watched.since == 0) {
      watched.since = now;
    } else if (now - watched.since > limitNanos) {
      connection.getEndPoint().close();
    }
  }
}
