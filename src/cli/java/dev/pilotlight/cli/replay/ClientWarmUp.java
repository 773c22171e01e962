package dev.pilotlight.cli.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/// Loads and compiles the HTTP client before a replay, with a server of this process, so that the
/// first server that is measured is not charged for it.
final class ClientWarmUp {
  private static final int REQUESTS = 300;
  private static final int BACKLOG = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
          .getBytes(StandardCharsets.US_ASCII);

  private ClientWarmUp() {}

  /// Returns when the client has sent some requests.
  ///
  /// @param tls whether a server is reached by https
  static void run(boolean tls) {
    RecordedRequest request = new RecordedRequest(0, "GET", "/", Map.of(), new byte[0]);
    try (ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
      var _ = Thread.ofVirtual().start(() -> accept(server));
      URI base = URI.create("http://127.0.0.1:" + server.getLocalPort());
      try (HttpTarget target = new HttpTarget(base, new GivenHeaders(), PATIENCE)) {
        for (int i = 0; i < REQUESTS && target.send(request).join().succeeded(); i++) {
          // one at a time
        }
      }
      if (tls) {
        loadTls();
      }
    } catch (IOException | NoSuchAlgorithmException e) {
      // the measurement is possible without it
    }
  }

  private static void accept(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        var _ = Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void serve(Socket socket) {
    try (socket;
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          socket.getOutputStream().write(ANSWER);
        }
      }
    } catch (IOException e) {
      // the client is gone
    }
  }

  /// Makes the first message of a handshake, which loads most of TLS and the trusted certificates.
  private static void loadTls() throws NoSuchAlgorithmException, IOException {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 443);
    engine.setUseClientMode(true);
    engine.beginHandshake();
    ByteBuffer message = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    var _ = engine.wrap(ByteBuffer.allocate(0), message);
  }
}
