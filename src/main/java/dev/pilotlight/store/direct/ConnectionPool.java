package dev.pilotlight.store.direct;

import dev.pilotlight.support.http.HttpConnection;
import dev.pilotlight.support.http.HttpOrigin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Keeps idle connections to DynamoDB for the next calls. Thread-safe.
final class ConnectionPool implements AutoCloseable {
  /// As many as there are calls at the same time; with more threads, the rest are closed.
  private static final int IDLE_MAX = 16;

  /// The SDK's own limit: middleboxes forget idle connections after some minutes.
  private static final long IDLE_MILLIS_MAX = Duration.ofMinutes(1).toMillis();

  private final HttpOrigin origin;
  private final ArrayDeque<Idle> idle = new ArrayDeque<>();
  private boolean keeping = true;

  /// @param since wall clock: the other clock may stop while Lambda freezes the process
  private record Idle(HttpConnection connection, long since) {}

  ConnectionPool(HttpOrigin origin) {
    this.origin = origin;
  }

  /// Takes the connection that was used last, or none if there is none to be used.
  @Nullable HttpConnection takeIdle() {
    while (true) {
      Idle last = pollLast();
      if (last == null) {
        return null;
      }
      long age = System.currentTimeMillis() - last.since;
      if (age >= 0 && age < IDLE_MILLIS_MAX && last.connection.isReusable()) {
        return last.connection;
      }
      last.connection.close();
    }
  }

  private synchronized @Nullable Idle pollLast() {
    return idle.pollLast();
  }

  HttpConnection open(long nanos) throws IOException {
    return HttpConnection.open(origin, nanos);
  }

  /// Takes a connection back after its call.
  void give(HttpConnection connection) {
    Idle oldest = null;
    boolean kept = connection.isReusable();
    synchronized (this) {
      kept &= keeping;
      if (kept) {
        idle.addLast(new Idle(connection, System.currentTimeMillis()));
        oldest = idle.size() > IDLE_MAX ? idle.pollFirst() : null;
      }
    }
    if (!kept) {
      connection.close();
    }
    if (oldest != null) {
      oldest.connection.close();
    }
  }

  /// Closes all connections, and each further one after its call.
  void keepNone() {
    synchronized (this) {
      keeping = false;
    }
    closeIdle();
  }

  /// Ends [#keepNone()].
  synchronized void keep() {
    keeping = true;
  }

  private void closeIdle() {
    Idle last = pollLast();
    while (last != null) {
      last.connection.close();
      last = pollLast();
    }
  }

  /// Closes all connections; calls that are being made keep theirs until they end.
  @Override
  public void close() {
    keepNone();
  }
}
