package dev.pilotlight.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;

/// A TLS proxy on 127.0.0.1 for a server without TLS: production reaches Redis and DynamoDB by TLS
/// only, and the training and the bench must do the same.
public final class TlsFront implements AutoCloseable {
  private static final int BACKLOG = 50;

  private final ServerSocket server;
  private final int backendPort;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean refusing = new AtomicBoolean();

  private TlsFront(ServerSocket server, int backendPort) {
    this.server = server;
    this.backendPort = backendPort;
  }

  /// Starts a proxy on a free port.
  ///
  /// @param context of the proxy
  /// @param backendPort of the server without TLS, on 127.0.0.1
  public static TlsFront start(SSLContext context, int backendPort) throws IOException {
    ServerSocket server =
        context
            .getServerSocketFactory()
            .createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    TlsFront front = new TlsFront(server, backendPort);
    Thread _ = Thread.ofVirtual().name("tls-front").start(front::accept);
    return front;
  }

  public int port() {
    return server.getLocalPort();
  }

  /// Closes all connections and the next one: a call that opens it fails.
  void failNext() throws IOException {
    refusing.set(true);
    for (Socket client : clients) {
      client.close();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        if (refusing.getAndSet(false)) {
          client.close();
        } else {
          Thread _ = Thread.ofVirtual().start(() -> serve(client));
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket backend = new Socket(InetAddress.getLoopbackAddress(), backendPort)) {
      clients.add(client);
      client.setTcpNoDelay(true);
      backend.setTcpNoDelay(true);
      Thread answers = Thread.ofVirtual().start(() -> pass(backend, client));
      pass(client, backend);
      answers.join();
    } catch (IOException e) {
      // one side closed its connection; closing ends the other
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      clients.remove(client);
    }
  }

  /// Copies until one side ends, then closes both.
  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      // both are closed
    }
  }
}
