package dev.pilotlight.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.NativeHeap;
import dev.pilotlight.model.NativeStderr;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Runs with a deadline, through either of the runtime's interfaces.
@ParameterizedClass
@EnumSource
@Timeout(120)
@Isolated("it measures time and the native heap")
class StoppedRunTest {
  private static final long ENDLESS = Long.MAX_VALUE;
  private static final Duration STOPPING_MAX = Duration.ofSeconds(1);
  private static final long LEAK_BYTES_MAX = 8_000_000;
  private static final long LEAK_BYTES_PER_RUN_MAX = 80;

  enum Interface {
    JNI,
    FFM;

    Graph open(Path model) {
      return switch (this) {
        case JNI -> JniGraph.open(model, 1, Optimisation.EXTENDED, Execution.CPU);
        case FFM -> FfmGraph.open(model, 1, Optimisation.EXTENDED);
      };
    }
  }

  private final Path directory;
  private final Graph graph;
  private final RunTimer timer = new RunTimer();

  StoppedRunTest(Interface through, @TempDir Path directory) {
    this.directory = directory;
    this.graph = through.open(OnnxModels.slow().write(directory.resolve("slow.onnx")));
  }

  @AfterEach
  void close() {
    graph.close();
    timer.close();
  }

  @Test
  void aRunEndsSoonAfterItsDeadlineAndTheGraphServesOn() {
    Duration allowed = Duration.ofMillis(200);
    long start = System.nanoTime();
    assertStopped(ENDLESS, allowed);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(allowed, allowed.plus(STOPPING_MAX));
    assertAnswered(graph.run(rounds(3), List.of("value")));
    assertAnswered(run(3, Duration.ofMinutes(1)));
  }

  @Test
  void aDeadlineThatHasPassedStopsARunAsItStarts() {
    assertStopped(ENDLESS, Duration.ZERO);
  }

  @Test
  void concurrentRunsOfAStoppedOneAreNotStopped() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Future<?> stopped = threads.submit(() -> assertStopped(ENDLESS, Duration.ofMillis(50)));
      Future<List<Tensor>> limited = threads.submit(() -> run(1_500, Duration.ofMinutes(1)));
      Future<List<Tensor>> free = threads.submit(() -> graph.run(rounds(1_500), List.of("value")));
      stopped.get();
      assertThat(limited.isDone() || free.isDone()).as("they outlast it").isFalse();
      assertAnswered(limited.get());
      assertAnswered(free.get());
    }
  }

  @Test
  void aRunThatEndsAboutItsDeadlineIsEitherAnsweredOrStopped() {
    List<Boolean> answered = new ArrayList<>();
    for (int i = 0; i < 1_000 || !(answered.contains(true) && answered.contains(false)); i++) {
      try {
        assertAnswered(run(1, Duration.ofNanos(i % 100 * 20_000L)));
        answered.add(true);
      } catch (Refusal refusal) {
        assertThat(refusal.reason()).isEqualTo(Refusal.Reason.DEADLINE);
        answered.add(false);
      }
    }
  }

  @Test
  void inputsThatDoNotFitAreStillTheCallersMistake() {
    List<Tensor> two = List.of(longs("rounds", new long[] {2}, 1, 2));
    assertThatThrownBy(() -> graph.run(two, List.of("value"), minute()))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID));
  }

  @Test
  void aStoppedRunIsNotLoggedByTheRuntimeItself() throws IOException {
    String logged =
        NativeStderr.during(
            directory.resolve("stderr"), () -> assertStopped(ENDLESS, Duration.ofMillis(20)));
    assertThat(logged).doesNotContain("terminate", "onnxruntime");
  }

  @Test
  void memoryOfAStoppedRunIsFreed() {
    long growth = NativeHeap.growth(100, () -> assertStopped(ENDLESS, Duration.ofMillis(5)));
    assertThat(growth).isLessThan(LEAK_BYTES_MAX);
  }

  @Test
  void memoryOfARunWithADeadlineIsFreed() {
    int runs = Soak.amount(20_000, 100_000);
    long growth = NativeHeap.growth(runs, () -> run(0, Duration.ofMinutes(1)));
    assertThat(growth).isLessThan(runs * LEAK_BYTES_PER_RUN_MAX);
    assertThat(timer.watchedRuns()).isZero();
  }

  private List<Tensor> run(long rounds, Duration allowed) {
    return graph.run(rounds(rounds), List.of("value"), timer.until(Deadline.in(allowed)));
  }

  private TimeLimit minute() {
    return timer.until(Deadline.in(Duration.ofMinutes(1)));
  }

  private void assertStopped(long rounds, Duration allowed) {
    assertThatThrownBy(() -> run(rounds, allowed))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.DEADLINE))
        .hasMessageContaining("the graph was stopped after");
  }

  private static void assertAnswered(List<Tensor> outputs) {
    float[] value = {1f / OnnxModels.SLOW_SIZE};
    assertThat(outputs).containsExactly(Tensor.ofFloats("value", new long[0], value));
  }

  private static List<Tensor> rounds(long rounds) {
    return List.of(longs("rounds", new long[0], rounds));
  }

  private static Tensor longs(String name, long[] shape, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return new Tensor(name, Datatype.INT64, shape, bytes.array());
  }
}
