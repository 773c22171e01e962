package dev.pilotlight.store.direct;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// An HTTP server that records requests and answers them by a test's script, byte by byte.
final class ScriptedDynamo implements AutoCloseable {
  /// A request as received.
  ///
  /// @param number counts requests from 0
  /// @param headers by lower-case name
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Received(
      int number, String method, String path, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, UTF_8);
    }

    String operation() {
      String target = headers.getOrDefault("x-amz-target", "");
      return target.substring(target.indexOf('.') + 1);
    }
  }

  /// An answer.
  ///
  /// @param bytes the whole answer
  /// @param sent so many bytes of it are sent
  /// @param closes whether the connection ends afterwards; if not and bytes are missing, the server
  ///   is silent
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Reply(byte[] bytes, int sent, boolean closes) {
    Reply cutAt(int at) {
      return new Reply(bytes, at, true);
    }

    Reply cutBeforeEnd() {
      return cutAt(bytes.length - 1);
    }

    Reply silentAt(int at) {
      return new Reply(bytes, at, false);
    }
  }

  static Reply reply(int status, String body, String... headers) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Any\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    byte[] bytes = body.getBytes(UTF_8);
    head.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
    return raw(head + body);
  }

  static Reply raw(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new Reply(bytes, bytes.length, false);
  }

  private final ServerSocket server;
  private final Function<Received, Reply> script;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  ScriptedDynamo(Function<Received, Reply> script) throws IOException {
    this.script = script;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread _ = Thread.ofVirtual().start(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  List<Received> received() {
    return received;
  }

  int connections() {
    return sockets.size();
  }

  /// How many clients have their connection open.
  long open() {
    return sockets.stream().filter(socket -> !socket.isClosed()).count();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        client.setTcpNoDelay(true);
        sockets.add(client);
        Thread _ = Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      String head = head(in);
      while (!head.isEmpty()) {
        Received request = request(head, in);
        received.add(request);
        Reply reply = script.apply(request);
        out.write(reply.bytes(), 0, reply.sent());
        out.flush();
        if (reply.closes()) {
          return;
        }
        if (reply.sent() < reply.bytes().length) {
          closed.await();
        }
        head = head(in);
      }
    } catch (IOException e) {
      // the client closed its connection
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  private Received request(String head, InputStream in) throws IOException {
    String[] lines = head.split("\r\n", -1);
    String[] first = lines[0].split(" ", -1);
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new Received(numbers.getAndIncrement(), first[0], first[1], headers, body);
  }
}
