package dev.pilotlight.support.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A server of sockets that answers each request with the next bytes of a script.
final class ScriptedServer implements AutoCloseable {
  /// The bytes of one answer.
  ///
  /// @param parts written one after the other
  /// @param pauseMillis between two parts
  /// @param closes whether the server closes the connection afterwards
  record Script(List<String> parts, long pauseMillis, boolean closes) {}

  private final ServerSocket server;
  private final BlockingQueue<Script> scripts = new LinkedBlockingQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  private ScriptedServer() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread _ = Thread.ofVirtual().start(this::accept);
  }

  static ScriptedServer start() {
    try {
      return new ScriptedServer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HttpConnection connect(long nanos) {
    try {
      return HttpConnection.open(origin(), nanos);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HttpOrigin origin() {
    return new HttpOrigin(false, "127.0.0.1", server.getLocalPort());
  }

  ScriptedServer answers(String... parts) {
    scripts.add(new Script(List.of(parts), 0, false));
    return this;
  }

  ScriptedServer answersAndCloses(String... parts) {
    scripts.add(new Script(List.of(parts), 0, true));
    return this;
  }

  ScriptedServer answersSlowly(long pauseMillis, String... parts) {
    scripts.add(new Script(List.of(parts), pauseMillis, false));
    return this;
  }

  List<String> requests() {
    return requests;
  }

  int connections() {
    return connections.get();
  }

  /// How many clients have their connection open.
  long open() {
    return open.stream().filter(socket -> !socket.isClosed()).count();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        open.add(client);
        connections.incrementAndGet();
        Thread _ = Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      byte[] bytes = new byte[1 << 20];
      InputStream in = client.getInputStream();
      OutputStream out = client.getOutputStream();
      while (true) {
        int count = in.read(bytes); // the client sends each request by one write
        if (count < 0) {
          return;
        }
        requests.add(new String(bytes, 0, count, ISO_8859_1));
        Script script = scripts.take();
        for (String part : script.parts()) {
          out.write(part.getBytes(ISO_8859_1));
          Thread.sleep(script.pauseMillis());
        }
        if (script.closes()) {
          return;
        }
      }
    } catch (IOException e) {
      // the client closed its connection
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
