package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.onnx.Execution;
import dev.pilotlight.model.onnx.Graph;
import dev.pilotlight.model.onnx.Graphs;
import dev.pilotlight.model.onnx.Optimisation;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OptimisationLevelsTest {
  @TempDir private Path root;

  @Test
  void graphOpensAtTheHighestLevelThatHasKernels() {
    Path file = silu(Datatype.FP64).write(root.resolve("model.onnx"));

    assertThatThrownBy(() -> Graphs.open(file, 1, Optimisation.EXTENDED).close())
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("QuickGelu");
    Graphs.Opened opened = Graphs.open(file, 1, Execution.CPU);
    try (Graph graph = opened.graph()) {
      assertThat(opened.runtime()).startsWith("onnxruntime-").endsWith("/basic");
      assertThat(opened.warnings())
          .singleElement()
          .asString()
          .contains("level extended (Failed to find kernel for com.microsoft.QuickGelu")
          .contains("runs at level basic")
          .doesNotContain("/onnxruntime");
      double[] x = {-3, -0.5, 0, 2.25};
      double[] y = doubles(graph.run(List.of(tensor("x", x)), List.of("y")).getFirst());
      for (int i = 0; i < x.length; i++) {
        assertThat(y[i]).isCloseTo(x[i] / (1 + Math.exp(-x[i])), within(1e-12));
      }
    }
  }

  @Test
  void graphThatOptimisesHasNoWarning() {
    Path file = silu(Datatype.FP32).write(root.resolve("model.onnx"));

    Graphs.Opened opened = Graphs.open(file, 1, Execution.CPU);
    opened.graph().close();

    assertThat(opened.runtime()).isEqualTo(Graphs.runtime()).endsWith("/extended");
    assertThat(opened.warnings()).isEmpty();
  }

  @Test
  void modelShowsItsLevelAndTheReason() {
    silu(Datatype.FP64).write(Repositories.version(root, "silu", 1).resolve("model.onnx"));

    try (ModelRepository repository = Repositories.open(root)) {
      Model model = repository.get("silu", null);

      assertThat(model.info().runtime()).endsWith("/basic");
      assertThat(model.info().warnings()).anyMatch(w -> w.contains("runs at level basic"));
    }
  }

  @Test
  void packedModelIsSavedAtTheLevelThatOpensAndKeepsItsRuntime() throws IOException {
    Path from = root.resolve("from");
    Path to = root.resolve("to");
    silu(Datatype.FP64).write(from.resolve("silu/1/model.onnx"));

    assertThat(ModelPacker.pack(from, to, true)).singleElement().asString().contains("optimised");

    assertThat(Files.readString(to.resolve("silu/1/packed.json"))).contains("/basic\"");
    try (ModelRepository original = Repositories.open(from);
        ModelRepository packed = Repositories.open(to)) {
      Model one = original.get("silu", null);
      Model other = packed.get("silu", null);
      Item item = new Item.Tensors(List.of(tensor("x", 1.5, -7)), List.of("y"));
      assertThat(other.info().runtime()).isEqualTo(one.info().runtime());
      assertThat(other.run(item)).isEqualTo(one.run(item));
    }
  }

  @Test
  void graphThatOpensAtNoLevelFailsWithTheReasonOfThePlainGraph() {
    OnnxGraph erf =
        new OnnxGraph("erf")
            .input("x", Datatype.BF16, "n")
            .output("y", Datatype.BF16, "n")
            .node("Erf", List.of("x"), List.of("y"));
    Path file = erf.write(root.resolve("model.onnx"));

    assertThatThrownBy(() -> Graphs.open(file, 1, Execution.CPU))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("cannot run the graph's operator Erf of opset 13");
  }

  /// `y` = `x` times its sigmoid; ONNX Runtime fuses the two to an operator for `FP32` only.
  static OnnxGraph silu(Datatype type) {
    return new OnnxGraph("silu")
        .input("x", type, "n")
        .output("y", type, "n")
        .node("Sigmoid", List.of("x"), List.of("s"))
        .node("Mul", List.of("x", "s"), List.of("y"));
  }

  private static Tensor tensor(String name, double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values);
    return new Tensor(name, Datatype.FP64, new long[] {values.length}, bytes.array());
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[(int) tensor.elements()];
    tensor.buffer().asDoubleBuffer().get(values);
    return values;
  }
}
