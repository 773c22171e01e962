package dev.pilotlight.local.support;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// An HTTP/1.1 server on 127.0.0.1 whose handlers never block: the thread that reads a request
/// handles it. Jetty sets TCP_NODELAY and ignores unknown upgrades.
public final class LocalServer implements AutoCloseable {
  /// Longer heads are refused before a handler sees them.
  private static final int HEAD_BYTES_MAX = 32 * 1024;

  private static final int BACKLOG = 512;

  private final Server server;
  private final int port;
  private final ClientWatch clients;

  private LocalServer(Server server, int port, ClientWatch clients) {
    this.server = server;
    this.port = port;
    this.clients = clients;
  }

  /// Starts a server on 127.0.0.1.
  ///
  /// @param port 0 for a free one
  /// @param idle after which a silent connection is closed; zero for never
  /// @param handler one that admits [LocalCallers] only
  public static LocalServer start(
      String who, int port, Duration idle, Handler handler, Request.Handler errors) {
    Ports.requireFree(who, port);
    QueuedThreadPool threads = new QueuedThreadPool(12, 1);
    threads.setName(who);
    threads.setDaemon(true);
    Server server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEAD_BYTES_MAX);
    http.setResponseHeaderSize(HEAD_BYTES_MAX);
    http.setUriCompliance(UriCompliance.UNSAFE); // the function interprets the path
    WatchedConnector connector = new WatchedConnector(server, new HttpConnectionFactory(http));
    connector.setHost(Ports.HOST);
    connector.setPort(port);
    connector.setAcceptQueueSize(BACKLOG);
    connector.setIdleTimeout(idle.isZero() ? -1 : idle.toMillis());
    server.addConnector(connector);
    server.setHandler(handler);
    server.setErrorHandler(errors);
    try {
      Ports.bindPatiently(port, connector::open);
      server.start();
    } catch (Exception e) {
      connector.close();
      throw new IllegalStateException(
          "%s did not start on port %d: %s".formatted(who, port, e.getMessage()), e);
    }
    ClientWatch clients = new ClientWatch(connector.getScheduler());
    return new LocalServer(server, connector.getLocalPort(), clients);
  }

  public int port() {
    return port;
  }

  /// Runs the action once if the client closes the connection before the request has its answer.
  public void watch(Request request, Runnable gone) {
    clients.watch(request, gone);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server on port " + port + " did not stop", e);
    }
  }

  /// Sends a JSON answer.
  public static void send(Response response, Callback callback, int status, byte[] json) {
    response.setStatus(status);
    response.getHeaders().put("content-type", "application/json");
    response.getHeaders().put("content-length", json.length);
    response.write(true, ByteBuffer.wrap(json), callback);
  }
}
