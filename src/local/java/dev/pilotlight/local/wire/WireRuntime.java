package dev.pilotlight.local.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The Lambda Runtime API of one process, with nothing in it that takes time: blocking sockets, a
/// thread for each connection, and the clock read on that thread. An echo takes 0.07 ms; through
/// the local runner's API, which is on Jetty, it takes 0.11 ms and varies more.
///
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
public final class WireRuntime implements AutoCloseable {
  private static final String NEXT = "/invocation/next";
  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
  private static final byte[] ACCEPTED =
      ascii(
          "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int BACKLOG = 50;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int HEX = 16;

  /// The most that Lambda gives a function.
  private static final long TIMEOUT_MS = 900_000;

  /// @param path of the request line
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Call(String path, byte[] body) {}

  private final ServerSocket server;
  private final BlockingQueue<byte[]> events = new ArrayBlockingQueue<>(1);
  private volatile CompletableFuture<Boolean> ready = new CompletableFuture<>();
  private volatile CompletableFuture<Reply> reply = new CompletableFuture<>();

  public WireRuntime() throws IOException {
    server = new ServerSocket(0, BACKLOG, InetAddress.getByAddress(LOOPBACK));
    daemon(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /// Completes when the process waits for an event.
  public CompletableFuture<Boolean> ready() {
    return ready;
  }

  /// Sends an event to the process, which need not wait for it yet.
  public CompletableFuture<Reply> send(byte[] event) {
    reply = new CompletableFuture<>();
    events.add(event);
    return reply;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        daemon(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
      OutputStream out = socket.getOutputStream();
      long sentNanos = 0;
      for (Call call = read(in, out); call != null; call = read(in, out)) {
        long doneNanos = System.nanoTime();
        if (call.path().endsWith(NEXT)) {
          byte[] answer = answer(takeEvent());
          sentNanos = System.nanoTime();
          out.write(answer);
        } else {
          boolean error = !call.path().endsWith("/response");
          boolean _ = reply.complete(new Reply(error, call.body(), sentNanos, doneNanos));
          out.write(ACCEPTED);
        }
      }
    } catch (IOException | InterruptedException e) {
      // the process or this server is gone
    }
  }

  private byte[] takeEvent() throws InterruptedException {
    boolean _ = ready.complete(true);
    byte[] event = events.take();
    ready = new CompletableFuture<>();
    return event;
  }

  /// An event as the answer to `/next`.
  static byte[] answer(byte[] event) {
    String head =
        """
        HTTP/1.1 200 OK
        Content-Type: application/json
        Content-Length: %d
        Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd
        Lambda-Runtime-Deadline-Ms: %d
        Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:b
        Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700

        """
            .formatted(event.length, System.currentTimeMillis() + TIMEOUT_MS)
            .replace("\n", "\r\n");
    ByteArrayOutputStream answer = new ByteArrayOutputStream(head.length() + event.length);
    answer.writeBytes(ascii(head));
    answer.writeBytes(event);
    return answer.toByteArray();
  }

  /// The next request whole; null if the connection was closed instead.
  static @Nullable Call read(InputStream in, OutputStream out) throws IOException {
    String request = line(in);
    if (request.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (headers.containsKey("expect")) {
      out.write(CONTINUE);
    }
    String path = request.substring(request.indexOf(' ') + 1, request.lastIndexOf(' '));
    String length = headers.getOrDefault("content-length", "0");
    return new Call(
        path,
        headers.containsKey("transfer-encoding")
            ? chunks(in)
            : bytes(in, Integer.parseInt(length)));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int size;
    do {
      size = Integer.parseInt(line(in), HEX);
      body.writeBytes(bytes(in, size));
      var _ = line(in);
    } while (size > 0);
    return body.toByteArray();
  }

  private static byte[] bytes(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("closed within a body");
    }
    return bytes;
  }

  /// Without its end; empty at the end of the stream.
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void daemon(Runnable task) {
    Thread.ofPlatform().daemon().name("runtime-api").start(task);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // it is closed either way
    }
  }
}
