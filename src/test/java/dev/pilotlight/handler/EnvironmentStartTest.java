package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.handler.EnvironmentStart.Kind;
import dev.pilotlight.support.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvironmentStartTest {
  @ParameterizedTest
  @CsvSource({
    "on-demand, true",
    "snap-start, true",
    "provisioned-concurrency, false",
    "lambda-managed-instances, false",
    "'', false"
  })
  void aStartIsColdWhereARequestWaitsForIt(String type, boolean cold) {
    assertThat(new EnvironmentStart(Kind.of(type)).isCold()).isEqualTo(cold);
  }

  @Test
  void exactlyOneOfManyConcurrentRequestsIsTheFirst() throws Exception {
    for (int round = 0; round < 200; round++) {
      EnvironmentStart start = new EnvironmentStart(Kind.ON_DEMAND);
      int firsts = 0;
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        List<Future<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          answers.add(threads.submit(start::isFirst));
        }
        for (Future<Boolean> first : answers) {
          firsts += first.get() ? 1 : 0;
        }
      }
      assertThat(firsts).isEqualTo(1);
    }
  }

  @Test
  void everyStageHasItsMetric() {
    assertThat(Metering.STAGE_TIMES.values())
        .extracting(Metric::name)
        .isEqualTo(Arrays.stream(Stage.values()).map(stage -> stage.name() + "_TIME").toList());
  }

  @Test
  void aRestoredEnvironmentHasAnotherFirstRequest() {
    EnvironmentStart start = new EnvironmentStart(Kind.SNAP_START);
    start.ready(5_000);
    assertThat(start.isFirst()).isTrue();
    start.restored(300);
    assertThat(start.initNanos()).isEqualTo(300);
    assertThat(start.isFirst()).isTrue();
    assertThat(start.isFirst()).isFalse();
  }
}
