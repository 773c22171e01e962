package dev.pilotlight.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.ModelInfo.OtherOutput;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.NativeHeap;
import dev.pilotlight.model.OddOutputs;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.format.LoadFailure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FfmMapsTest {
  private static final long LEAK_BYTES_MAX = 1_000_000;
  private static final Tensor X =
      Tensor.ofFloats("x", new long[] {2, 3}, new float[] {1, 2, 3, 3, 2, 1});

  @TempDir private Path directory;

  @Test
  void mapsAreDeclaredAsTwoTensors() {
    try (Graph graph = open(OddOutputs.sklearn(1, 2, 3))) {
      assertThat(graph.outputs())
          .containsExactly(
              new TensorSpec("output_label", Datatype.INT64, List.of(-1L)),
              new TensorSpec("output_probability", Datatype.FP32, List.of(-1L, -1L)),
              new TensorSpec("output_probability_labels", Datatype.INT64, List.of(-1L)));
      assertThat(graph.others()).isEmpty();
    }
  }

  @Test
  void eachPartOfAMapComesInTheOrderWanted() {
    try (Graph graph = open(OddOutputs.sklearn(List.of("c", "a", "b")))) {
      List<Tensor> parts =
          graph.run(List.of(X), List.of("output_probability_labels", "output_probability"));

      Tensor labels =
          Tensor.ofStrings("output_probability_labels", new long[] {3}, List.of("a", "b", "c"));
      assertThat(parts.getFirst()).isEqualTo(labels);
      assertThat(parts.getLast().shape()).containsExactly(2, 3);
      assertThat(graph.run(List.of(X), List.of("output_probability_labels")))
          .containsExactly(labels);
    }
  }

  @Test
  void mapsAreFreed() {
    try (Graph graph = open(OddOutputs.sklearn(List.of("a", "b", "c".repeat(500))))) {
      List<String> wanted = graph.outputs().stream().map(TensorSpec::name).toList();

      assertThat(NativeHeap.growth(2_000, () -> graph.run(List.of(X), wanted)))
          .isLessThan(LEAK_BYTES_MAX);
    }
  }

  @Test
  void keysNeverTakeTheNameOfAnotherOutput() {
    OnnxGraph graph =
        OddOutputs.sklearn(1, 2, 3)
            .output("output_probability_labels", Datatype.FP32, "n", 3)
            .node("Identity", List.of("x"), List.of("output_probability_labels"));

    assertThatThrownBy(() -> open(graph).close())
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("name of another output of the graph, output_probability_labels");
  }

  @Test
  void outputsWithoutAFormAreListedWithTheirType() {
    try (Graph graph = open(OddOutputs.sequence())) {
      assertThat(graph.others()).containsExactly(new OtherOutput("both", "a sequence of tensors"));
    }
  }

  private Graph open(OnnxGraph graph) {
    return Graphs.open(graph.write(directory.resolve("model.onnx")), 1, Optimisation.EXTENDED);
  }
}
