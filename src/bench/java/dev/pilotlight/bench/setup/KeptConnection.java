package dev.pilotlight.bench.setup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A client that sends requests again and again on one connection, and does little else, because it
/// shares the cores with what it measures. For one thread.
public final class KeptConnection implements AutoCloseable {
  private static final String LENGTH = "content-length:";

  /// A response.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Reply(int status, byte[] body) {}

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final int port;
  private final String path;
  private final byte[] request;

  /// Connects to a server on this machine.
  ///
  /// @param json the body of the request
  public KeptConnection(int port, String path, byte[] json) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    this.port = port;
    this.path = path;
    request = request(json);
  }

  private byte[] request(byte[] json) {
    byte[] head =
        """
        POST %s HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        """
            .formatted(path, port, json.length)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[head.length + json.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(json, 0, whole, head.length, json.length);
    return whole;
  }

  /// Sends the request and reads the response whole.
  public Reply call() throws IOException {
    return send(request);
  }

  /// Sends a request with another body and reads the response whole.
  public Reply call(byte[] json) throws IOException {
    return send(request(json));
  }

  private Reply send(byte[] whole) throws IOException {
    out.write(whole);
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Integer.parseInt(header.substring(LENGTH.length()).strip());
      }
    }
    return new Reply(status, in.readNBytes(length));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the server closed the connection");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
