package dev.pilotlight.e2e.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/// A connection that sends what a client should not.
final class RawConnection implements AutoCloseable {
  private static final int PATIENCE_MS = 120_000;

  private final Socket socket;

  RawConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
  }

  /// An answer, as far as a test reads it.
  ///
  /// @param status 0 if the server closed the connection without one
  record Answer(int status, String head, String body) {
    boolean closes() {
      return status == 0 || head.toLowerCase(Locale.ROOT).contains("connection: close");
    }
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /// Whether bytes of an answer have come.
  boolean hasAnswer() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  /// Reads one answer that has a length.
  Answer read() throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return new Answer(0, head.toString(ISO_8859_1), "");
      }
      head.write(next);
    }
    String text = head.toString(ISO_8859_1);
    int length =
        text.lines()
            .filter(it -> it.toLowerCase(Locale.ROOT).startsWith("content-length:"))
            .mapToInt(it -> Integer.parseInt(it.substring(15).strip()))
            .findFirst()
            .orElse(0);
    int status = Integer.parseInt(text.substring(9, 12));
    return new Answer(status, text, new String(in.readNBytes(length), ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
