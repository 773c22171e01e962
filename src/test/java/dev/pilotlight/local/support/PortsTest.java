package dev.pilotlight.local.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PortsTest {
  @Test
  void aPortThatIsFreedWithinASecondIsClaimed() throws Exception {
    ServerSocket checking = new ServerSocket();
    checking.bind(Ports.address(0));
    int port = checking.getLocalPort();
    CompletableFuture<Void> freed =
        CompletableFuture.runAsync(
            () -> close(checking), CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
    assertThat(Ports.claim("a test", port)).isEqualTo(port);
    freed.join();
  }

  @Test
  void aPortThatStaysTakenIsRefused() throws IOException {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(Ports.address(0));
      assertThatThrownBy(() -> Ports.claim("a test", taken.getLocalPort()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "a test cannot listen on 127.0.0.1:%d: the port is taken", taken.getLocalPort());
    }
  }

  @Test
  void anyFreePortIsTriedOnce() {
    AtomicInteger attempts = new AtomicInteger();
    Ports.Attempt fails =
        () -> {
          attempts.incrementAndGet();
          throw new BindException();
        };
    assertThatThrownBy(() -> Ports.bindPatiently(0, fails)).isInstanceOf(BindException.class);
    assertThat(attempts).hasValue(1);
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
