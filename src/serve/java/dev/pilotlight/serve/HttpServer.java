package dev.pilotlight.serve;

import dev.pilotlight.handler.App;
import dev.pilotlight.handler.serve.ServeSettings;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The server's ports: the API's, and that of the metrics. Thread-safe.
final class HttpServer {
  private static final int BACKLOG = 1024;
  private static final int RESPONSE_HEAD_BYTES_MAX = 32 * 1024;

  /// For reading and writing, and for questions about health while all others are busy.
  private static final int FURTHER_THREADS = 16;

  private static final Duration POLL = Duration.ofMillis(20);

  private final ServeSettings settings;
  private final Server server;
  private final List<ServerConnector> connectors = new ArrayList<>();
  private final Traffic traffic = new Traffic();
  private final Log log;

  private HttpServer(ServeSettings settings, int bodyBytesMax, App app) {
    this.settings = settings;
    log = app.log();
    QueuedThreadPool threads = new QueuedThreadPool(settings.threads() + FURTHER_THREADS);
    threads.setName("http");
    threads.setReservedThreads(0);
    server = new Server(threads);
    // the JVM's own hook ends it, once the requests in flight are answered
    server.setStopAtShutdown(false);
    ServerConnector api = connector(settings.port());
    server.addBean(new NetworkConnectionLimit(settings.connectionsMax(), api));
    SlowHeads heads = new SlowHeads(api.getScheduler(), settings.receive(), traffic);
    api.addBean(heads);
    server.setHandler(new ApiCalls(settings, app.api(), bodyBytesMax, traffic, heads, log));
    if (settings.metricsPort() != 0) {
      connector(settings.metricsPort());
    }
    server.setErrorHandler(
        (request, response, callback) -> {
          traffic.refused(Refused.unparsed(response, callback));
          return true;
        });
  }

  private ServerConnector connector(int port) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(settings.headBytesMax());
    http.setResponseHeaderSize(RESPONSE_HEAD_BYTES_MAX);
    http.setMaxResponseHeaderSize(RESPONSE_HEAD_BYTES_MAX);
    http.setUriCompliance(UriCompliance.UNSAFE); // the router reads the path, and no file is named
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(port);
    connector.setAcceptQueueSize(BACKLOG);
    connector.setIdleTimeout(settings.idle().toMillis());
    server.addConnector(connector);
    connectors.add(connector);
    return connector;
  }

  /// Starts the server.
  ///
  /// @param bodyBytesMax the most bytes of a body
  /// @throws IllegalStateException if a port cannot be bound
  static HttpServer start(ServeSettings settings, int bodyBytesMax, App app) {
    HttpServer started = new HttpServer(settings, bodyBytesMax, app);
    try {
      started.server.start();
    } catch (Exception e) {
      started.stop();
      throw new IllegalStateException(
          "the server cannot listen on %s, ports %d and %d: %s"
              .formatted(settings.host(), settings.port(), settings.metricsPort(), e.getMessage()),
          e);
    }
    return started;
  }

  /// Drains and stops the server: it reports not ready, stops accepting connections, and stops when
  /// no request is in flight or the drain time is over.
  void drain() {
    traffic.drain();
    log.info("draining", "in_flight", traffic.inFlight());
    sleep(settings.drainDelay());
    connectors.forEach(ServerConnector::close);
    long begun = System.nanoTime();
    while (traffic.inFlight() > 0 && System.nanoTime() - begun < settings.drain().toNanos()) {
      sleep(POLL);
    }
    long left = traffic.inFlight();
    if (left > 0) {
      log.warn("the drain timed out with requests in flight", null, "requests", left);
    }
    stop();
    log.info("drained");
  }

  private void stop() {
    try {
      server.stop();
    } catch (Exception e) {
      log.warn("the server did not stop", e);
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
