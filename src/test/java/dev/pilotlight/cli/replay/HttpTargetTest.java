package dev.pilotlight.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Servers that do not end their answers.
@Timeout(60)
final class HttpTargetTest {
  /// A server that blocks must not take the common pool's only thread.
  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private static final RecordedRequest REQUEST =
      new RecordedRequest(1, "GET", "/", Map.of(), new byte[0]);

  @Test
  void aStallWithinABodyIsATimeOutAndClosesTheConnection()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HttpTarget target = target(server, Duration.ofMillis(300))) {
      CompletableFuture<Integer> end =
          CompletableFuture.supplyAsync(
              () -> serve(server, "Content-Length: 100", "half", 1), THREADS);

      Reply reply = target.send(REQUEST).get(10, TimeUnit.SECONDS);

      assertThat(reply.kind()).isEqualTo(Reply.TIMEOUT);
      assertThat(end.get(10, TimeUnit.SECONDS)).as("the client closed it").isNegative();
    }
  }

  @Test
  void aStreamWithoutAnEndIsTooLarge()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HttpTarget target = target(server, Duration.ofSeconds(50))) {
      var _ =
          CompletableFuture.supplyAsync(
              () -> serve(server, "Connection: close", "x".repeat(1 << 20), 1_000), THREADS);

      Reply reply = target.send(REQUEST).get(50, TimeUnit.SECONDS);

      assertThat(reply.kind()).isEqualTo("answer too large");
    }
  }

  private static HttpTarget target(ServerSocket server, Duration timeout) {
    URI base = URI.create("http://127.0.0.1:" + server.getLocalPort());
    return new HttpTarget(base, new GivenHeaders(), timeout);
  }

  /// Answers one request, and returns what it reads after that; -1 if the client closed.
  private static int serve(ServerSocket server, String header, String part, int times) {
    try (Socket socket = server.accept()) {
      InputStream in = socket.getInputStream();
      byte[] end = new byte[4];
      while (!new String(end, StandardCharsets.US_ASCII).equals("\r\n\r\n")) {
        System.arraycopy(end, 1, end, 0, 3);
        end[3] = (byte) in.read();
      }
      OutputStream out = socket.getOutputStream();
      out.write(("HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < times; i++) {
        out.write(part.getBytes(StandardCharsets.US_ASCII));
      }
      return in.read();
    } catch (IOException e) {
      return -1;
    }
  }
}
