package dev.pilotlight.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLContext;

/// Speaks TLS on a port of 127.0.0.1 and passes what it hears on to a server that does not: in
/// production Redis and DynamoDB are reached by TLS only, so the training must reach them so, too.
final class TlsFront implements AutoCloseable {
  private static final int BACKLOG = 50;

  private final ServerSocket server;
  private final int backendPort;

  private TlsFront(ServerSocket server, int backendPort) {
    this.server = server;
    this.backendPort = backendPort;
  }

  static TlsFront start(SSLContext context, int backendPort) throws IOException {
    ServerSocket server =
        context
            .getServerSocketFactory()
            .createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    TlsFront front = new TlsFront(server, backendPort);
    Thread _ = Thread.ofVirtual().name("tls-front").start(front::accept);
    return front;
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread _ = Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket backend = new Socket(InetAddress.getLoopbackAddress(), backendPort)) {
      client.setTcpNoDelay(true);
      backend.setTcpNoDelay(true);
      Thread answers = Thread.ofVirtual().start(() -> pass(backend, client));
      pass(client, backend);
      answers.join();
    } catch (IOException e) {
      // one of the two has gone; closing tells the other
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Until one side ends; then neither has anything more to hear.
  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      // closing both is all there is to do
    }
  }
}
