package dev.pilotlight.local.support;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/// Detects clients that close their connection before they have an answer. Thread-safe.
final class ClientWatch {
  private static final int LOOK_MS = 100;

  private final Map<WatchedConnector.EndPoint, Runnable> waiting = new ConcurrentHashMap<>();
  private final AtomicBoolean armed = new AtomicBoolean();
  private final Scheduler scheduler;

  ClientWatch(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /// Runs the action once if the client closes the connection before the request has its answer.
  ///
  /// @param gone must not block
  void watch(Request request, Runnable gone) {
    if (request.getConnectionMetaData().getConnection().getEndPoint()
        instanceof WatchedConnector.EndPoint client) {
      waiting.put(client, gone);
      Request.addCompletionListener(request, _ -> waiting.remove(client, gone));
      arm();
    }
  }

  private void arm() {
    if (armed.compareAndSet(false, true)) {
      var _ = scheduler.schedule(this::look, LOOK_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    armed.set(false);
    waiting.forEach(
        (client, gone) -> {
          if (client.isGone() && waiting.remove(client, gone)) {
            gone.run();
          }
        });
    if (!waiting.isEmpty()) {
      arm();
    }
  }
}
