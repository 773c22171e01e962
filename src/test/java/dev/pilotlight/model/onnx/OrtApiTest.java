package dev.pilotlight.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.NativeHeap;
import dev.pilotlight.model.NativeStderr;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Shows that each place of [OrtFunction] is the function of its name: those that answer prove it
/// in the tests of [FfmGraph] (a wrong one gives wrong bits or none), the others here.
@Isolated("it measures the native heap")
class OrtApiTest {
  private static final long LEAK_BYTES_MAX = 8_000_000;

  @TempDir Path directory;

  @Test
  void onlyOneCopyOfTheLibraryIsLoaded() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/maps")));
    open(OnnxModels.words(), 1).close();
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      assertThat(maps.filter(line -> line.contains("libonnxruntime.so")))
          .extracting(line -> line.substring(line.indexOf('/')))
          .isNotEmpty()
          .containsOnly(line());
    }
  }

  @Test
  void statusHasItsCodeAndMessage() {
    OrtApi api = OrtApi.load();
    try (OrtScope scope = OrtScope.ofThread(api)) {
      long options = FfmGraph.options(scope, 1, Optimisation.EXTENDED);
      assertThatThrownBy(
              () -> api.check(OrtFunction.SET_SESSION_GRAPH_OPTIMIZATION_LEVEL, options, 55))
          .isInstanceOfSatisfying(
              OrtFailure.class,
              failure -> assertThat(failure.code()).isEqualTo(OrtFailure.INVALID_ARGUMENT))
          .hasMessageContaining("graph_optimization_level");
      long empty = scope.text("");
      assertThatThrownBy(
              () -> api.check(OrtFunction.ADD_SESSION_CONFIG_ENTRY, options, empty, empty))
          .isInstanceOf(OrtFailure.class)
          .hasMessageContaining("key");
    }
  }

  @Test
  void aFailedRunIsNotLoggedByTheRuntimeItself() throws IOException {
    Tensor a = Tensor.ofFloats("a", new long[] {3}, new float[3]);
    Tensor b = Tensor.ofFloats("b", new long[] {2}, new float[2]);
    try (Graph graph = open(OnnxModels.sumAndDifference(), 1)) {
      String logged =
          NativeStderr.during(
              directory.resolve("stderr"),
              () ->
                  assertThatThrownBy(() -> graph.run(List.of(a, b), List.of("sum")))
                      .isInstanceOf(Refusal.class));
      assertThat(logged).doesNotContain("sequential_executor");
    }
  }

  @Test
  void aGraphHasTheThreadsItWasGivenAndEndsThem() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/task")));
    open(OnnxModels.words(), 1).close();
    long before = runtimeThreads();
    try (Graph graph = open(OnnxModels.words(), 5)) {
      // the caller's own thread is one of them
      assertThat(runtimeThreads()).isEqualTo(before + 4);
      assertThat(graph.inputs()).hasSize(1);
    }
    assertThat(runtimeThreads()).isEqualTo(before);
  }

  @Test
  void memoryOfARunIsFreed() {
    Tensor text =
        Tensor.ofStrings("text", new long[] {2}, List.of("a".repeat(2_000), "b".repeat(2_000)));
    try (Graph graph = open(OnnxModels.words(), 1)) {
      long growth = NativeHeap.growth(20_000, () -> graph.run(List.of(text), List.of("word")));
      assertThat(growth).isLessThan(LEAK_BYTES_MAX);
    }
  }

  @Test
  void memoryOfAFailedRunIsFreed() {
    Tensor a = Tensor.ofFloats("a", new long[] {250_000}, new float[250_000]);
    Tensor b = Tensor.ofFloats("b", new long[] {2}, new float[2]);
    try (Graph graph = open(OnnxModels.sumAndDifference(), 1)) {
      long growth =
          NativeHeap.growth(
              20,
              () ->
                  assertThatThrownBy(() -> graph.run(List.of(a, b), List.of("sum")))
                      .isInstanceOf(Refusal.class));
      assertThat(growth).isLessThan(LEAK_BYTES_MAX);
    }
  }

  @Test
  void memoryOfAnOpenedGraphIsFreed() {
    String name = "x".repeat(1_000);
    OnnxGraph model = new OnnxGraph("wide").output("y", Datatype.UINT16, name);
    for (int i = 0; i < 20; i++) {
      model.input(i + name, Datatype.UINT16, name);
    }
    model.node("Identity", List.of("0" + name), List.of("y"));
    Path file = model.write(directory.resolve("wide.onnx"));
    long growth =
        NativeHeap.growth(500, () -> FfmGraph.open(file, 1, Optimisation.EXTENDED).close());
    assertThat(growth).isLessThan(LEAK_BYTES_MAX);
  }

  @Test
  void memoryOfAFailedOpeningIsFreed() {
    // the runtime's message repeats the path
    Path none = directory.resolve("none/".repeat(600));
    long growth =
        NativeHeap.growth(
            5_000,
            () ->
                assertThatThrownBy(() -> FfmGraph.open(none, 1, Optimisation.EXTENDED))
                    .isInstanceOf(OrtFailure.class));
    assertThat(growth).isLessThan(LEAK_BYTES_MAX);
  }

  @Test
  void optionsAreFreed() {
    OrtApi api = OrtApi.load();
    long growth =
        NativeHeap.growth(
            20_000,
            () -> {
              try (OrtScope scope = OrtScope.ofThread(api)) {
                assertThat(FfmGraph.options(scope, 1, Optimisation.EXTENDED)).isNotZero();
              }
            });
    assertThat(growth).isLessThan(LEAK_BYTES_MAX);
  }

  private Graph open(OnnxGraph model, int threads) {
    return FfmGraph.open(
        model.write(directory.resolve("model.onnx")), threads, Optimisation.EXTENDED);
  }

  private static String line() throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      String first = maps.filter(line -> line.contains("libonnxruntime.so")).findFirst().orElse("");
      return first.substring(first.indexOf('/'));
    }
  }

  private static long runtimeThreads() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.count();
    }
  }
}
