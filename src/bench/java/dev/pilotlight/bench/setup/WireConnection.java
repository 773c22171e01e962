package dev.pilotlight.bench.setup;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 connection, as much of it as runtime clients use: heads, bodies with a length or in
/// chunks. Not thread-safe.
final class WireConnection {
  static final byte[] ACCEPTED =
      ascii(
          "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");

  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
  private static final String LENGTH = "\r\ncontent-length:";
  private static final int HEAD_MAX = 64 * 1024;

  /// The most that Lambda gives a function.
  private static final long TIMEOUT_MS = 900_000;

  private static final int HEX = 16;

  /// @param path of the request line
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Call(String path, byte[] body) {}

  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[HEAD_MAX];
  private int begin;
  private int end;

  WireConnection(Socket socket) throws IOException {
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /// An event as the answer to `/next`.
  static byte[] event(byte[] event) {
    byte[] head =
        ascii(
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
                .replace("\n", "\r\n"));
    byte[] answer = Arrays.copyOf(head, head.length + event.length);
    System.arraycopy(event, 0, answer, head.length, event.length);
    return answer;
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /// The next request whole, or null if there is none any more.
  @Nullable Call read() throws IOException {
    int headEnd = readHead();
    if (headEnd < 0) {
      return null;
    }
    String head = new String(buffer, begin, headEnd - begin, StandardCharsets.ISO_8859_1);
    begin = headEnd;
    String path = head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP/"));
    String fields = head.toLowerCase(Locale.ROOT);
    if (fields.contains("\r\nexpect: 100-continue")) {
      write(CONTINUE);
    }
    if (fields.contains("\r\ntransfer-encoding: chunked")) {
      return new Call(path, readChunks());
    }
    int at = fields.indexOf(LENGTH);
    if (at < 0) {
      return new Call(path, new byte[0]);
    }
    int from = at + LENGTH.length();
    String length = fields.substring(from, fields.indexOf('\r', from));
    return new Call(path, readBytes(Integer.parseInt(length.strip())));
  }

  /// @return where the head ends in the buffer; negative if the connection was closed instead
  private int readHead() throws IOException {
    System.arraycopy(buffer, begin, buffer, 0, end - begin);
    end -= begin;
    begin = 0;
    for (int at = 0; ; at++) {
      while (at + 4 > end) {
        int count = in.read(buffer, end, buffer.length - end);
        if (count <= 0) {
          return -1;
        }
        end += count;
      }
      if (buffer[at] == '\r' && buffer[at + 2] == '\r' && buffer[at + 3] == '\n') {
        return at + 4;
      }
    }
  }

  private byte[] readBytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    int buffered = Math.min(count, end - begin);
    System.arraycopy(buffer, begin, bytes, 0, buffered);
    begin += buffered;
    if (in.readNBytes(bytes, buffered, count - buffered) < count - buffered) {
      throw new EOFException("closed within a body");
    }
    return bytes;
  }

  private byte[] readChunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.writeBytes(readBytes(size));
      readLine();
    }
    readLine();
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(readLine().strip(), HEX);
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = readBytes(1)[0]; next != '\n'; next = readBytes(1)[0]) {
      line.append((char) next);
    }
    return line.toString();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
