package dev.pilotlight.bench.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DelayProxyTest {
  private static final Duration ROUND_TRIP = Duration.ofMillis(20);
  private static final int BYTES = 1000;

  private final InetAddress loopback = InetAddress.getLoopbackAddress();
  private ServerSocket server;
  private DelayProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, loopback);
    Thread.ofPlatform().daemon().start(this::echo);
    proxy = new DelayProxy(server.getLocalPort(), ROUND_TRIP);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  /// Sends back what it reads, to the end of the stream.
  private void echo() {
    try (Socket socket = server.accept()) {
      var _ = socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // closed
    }
  }

  @Test
  void byteComesBackAfterTheRoundTrip() throws IOException {
    try (Socket client = new Socket(loopback, proxy.port())) {
      for (int i = 0; i < 5; i++) {
        long begun = System.nanoTime();
        client.getOutputStream().write(i);

        assertThat(client.getInputStream().read()).isEqualTo(i);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
            .isBetween(ROUND_TRIP, Duration.ofSeconds(10));
      }
    }
  }

  @Test
  void manyWritesAreUnderWayTogetherAndStayInOrder() throws IOException {
    try (Socket client = new Socket(loopback, proxy.port())) {
      client.setTcpNoDelay(true);
      OutputStream out = client.getOutputStream();
      long begun = System.nanoTime();
      for (int i = 0; i < BYTES; i++) {
        out.write(i);
      }
      byte[] back = client.getInputStream().readNBytes(BYTES);

      for (int i = 0; i < BYTES; i++) {
        assertThat(back[i]).isEqualTo((byte) i);
      }
      // one after the other they would take twenty seconds
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isLessThan(ROUND_TRIP.multipliedBy(500));
    }
  }

  @Test
  void endOfTheStreamFollowsTheBytes() throws IOException {
    try (Socket client = new Socket(loopback, proxy.port())) {
      client.getOutputStream().write(new byte[BYTES]);
      client.shutdownOutput();

      assertThat(client.getInputStream().readAllBytes()).hasSize(BYTES);
    }
  }

  /// The port is taken and nobody listens: another test's server cannot get it meanwhile.
  @Test
  void connectionToAServerThatIsGoneEnds() throws IOException {
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(loopback, 0));
      try (DelayProxy gone = new DelayProxy(taken.getLocalPort(), ROUND_TRIP);
          Socket client = new Socket(loopback, gone.port())) {
        client.setSoTimeout(30_000);
        assertThat(client.getInputStream().read()).isNegative();
      }
    }
  }
}
