package dev.pilotlight.eventloop;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Lambda's Runtime API by a script: hands out its events one after the other, answers posts with
/// the statuses that the event asks for, and records every request.
final class ScriptedRuntime implements AutoCloseable {
  /// When the connection is closed, without an announcement.
  enum Closing {
    NEVER,
    AFTER_EVENT,
    AFTER_RESPONSE,
    /// In place of the answer to the response, once.
    INSTEAD
  }

  /// One answer to `/invocation/next`.
  ///
  /// @param status of that answer; the event is the body of a 200
  /// @param responseStatus of the answer to the response
  /// @param errorStatus of the answer to the error
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Event(
      int status,
      Map<String, String> headers,
      byte[] body,
      int responseStatus,
      int errorStatus,
      Closing closing) {
    static Event of(byte[] body) {
      return new Event(200, Map.of(), body, 202, 202, Closing.NEVER);
    }

    static Event of(String order) {
      return of(order.getBytes(StandardCharsets.UTF_8));
    }

    Event with(Map<String, String> more) {
      return new Event(status, more, body, responseStatus, errorStatus, closing);
    }

    Event answered(int response, int error) {
      return new Event(status, headers, body, response, error, closing);
    }

    Event refused(int next) {
      return new Event(next, headers, body, responseStatus, errorStatus, closing);
    }

    Event closing(Closing when) {
      return new Event(status, headers, body, responseStatus, errorStatus, when);
    }
  }

  /// A request; the names of headers are in lower case.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Request(String line, Map<String, String> headers, byte[] body) {}

  private final ServerSocket server;
  private final Queue<Event> events;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch idle = new CountDownLatch(1);
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile @Nullable Event current;
  private final AtomicInteger served = new AtomicInteger();

  ScriptedRuntime(List<Event> script) throws IOException {
    events = new ConcurrentLinkedQueue<>(script);
    server = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    Thread _ = Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  int port() {
    return server.getLocalPort();
  }

  List<Request> requests() {
    return requests;
  }

  /// Opens when the process waits for an event after the last one.
  CountDownLatch idle() {
    return idle;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread _ = Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (Request request = read(in); request != null; request = read(in)) {
        requests.add(request);
        if (!answer(request, socket)) {
          return;
        }
      }
    } catch (IOException | InterruptedException e) {
      // the process is gone
    }
  }

  /// @return whether the connection stays open
  private boolean answer(Request request, Socket socket) throws IOException, InterruptedException {
    if (request.line().endsWith("/next")) {
      Event event = events.poll();
      if (event == null) {
        idle.countDown();
        Thread.sleep(Long.MAX_VALUE);
        return false;
      }
      current = event;
      int _ = served.incrementAndGet();
      send(socket, event.status(), event.headers(), event.body());
      return event.closing() != Closing.AFTER_EVENT;
    }
    Event event = current;
    if (event == null) {
      send(socket, 202, Map.of(), new byte[] {'{', '}'});
      return true;
    }
    boolean response = request.line().endsWith("/response");
    if (response && event.closing() == Closing.INSTEAD) {
      current = event.closing(Closing.NEVER);
      return false;
    }
    int status = response ? event.responseStatus() : event.errorStatus();
    send(socket, status, Map.of(), new byte[] {'{', '}'});
    return event.closing() != Closing.AFTER_RESPONSE;
  }

  private void send(Socket socket, int status, Map<String, String> headers, byte[] body)
      throws IOException {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.put("Lambda-Runtime-Aws-Request-Id", "id-" + served.get());
    all.put("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 250_000));
    all.putAll(headers);
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
    all.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            head.append(name).append(": ").append(value).append("\r\n");
          }
        });
    head.append("Content-Type: application/json\r\nContent-Length: ").append(body.length);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.writeBytes(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8));
    answer.writeBytes(body);
    socket.getOutputStream().write(answer.toByteArray());
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    String request = line(in);
    if (request.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(
        request.substring(0, request.lastIndexOf(' ')), headers, in.readNBytes(length));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
