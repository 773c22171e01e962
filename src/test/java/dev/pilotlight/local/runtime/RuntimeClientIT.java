package dev.pilotlight.local.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Function processes that start at the same moment do not disturb each other.
final class RuntimeClientIT {
  private static final int AT_ONCE = 8;

  @Test
  @OnlyInFaults
  void manyProcessesStartAtTheSameTime() {
    List<Echo> echoes = new ArrayList<>();
    try {
      for (int i = 0; i < AT_ONCE; i++) {
        echoes.add(new Echo(1, 10, Duration.ofSeconds(30)));
      }
      CompletableFuture<?>[] starts =
          echoes.stream().map(echo -> echo.pool.start()).toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(starts).join();
      assertThat(echoes)
          .allSatisfy(
              echo -> assertThat(echo.does("sleep 0")).isInstanceOf(Outcome.Answered.class));
    } finally {
      echoes.forEach(Echo::close);
    }
  }
}
