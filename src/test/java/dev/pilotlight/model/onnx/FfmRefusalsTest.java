package dev.pilotlight.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FfmRefusalsTest {
  private static final Tensor A = floats("a", 1, 2);
  private static final Tensor B = floats("b", 1, 2);

  @TempDir Path directory;
  private Graph graph;

  @BeforeEach
  void open() {
    graph = open(OnnxModels.sumAndDifference());
  }

  @AfterEach
  void close() {
    graph.close();
  }

  @Test
  void inputsThatAreNotTheGraphsNeverReachNativeCode() {
    for (List<Tensor> wrong : List.of(List.of(A), List.of(A, B, B), List.of(B, A))) {
      assertThatThrownBy(() -> graph.run(wrong, List.of("sum")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void inputsThatOnlyTheRuntimeChecksAreRefused() {
    Tensor doubles = new Tensor("b", Datatype.FP64, new long[] {2}, new byte[16]);
    assertThat(refusal(graph, A, doubles)).hasMessageContaining("tensor(double)");
    Tensor matrix = Tensor.ofFloats("b", new long[] {1, 2}, new float[2]);
    assertThat(refusal(graph, A, matrix)).hasMessageContaining("rank");
  }

  @Test
  void stringsThatDoNotFitTheirShapeAreRefused() {
    Tensor tooFew = Tensor.ofStrings("text", new long[] {3}, List.of("one"));
    Tensor cutOff = new Tensor("text", Datatype.BYTES, new long[] {1}, new byte[] {9, 0, 0, 0});
    try (Graph words = open(OnnxModels.words())) {
      assertThat(refusal(words, tooFew))
          .hasMessage("input text has 1 elements, but its shape takes 3");
      assertThat(refusal(words, cutOff))
          .hasMessage("the lengths in input text do not add up to its data");
    }
  }

  @Test
  void anUnknownOutputIsNamed() {
    assertThatThrownBy(() -> graph.run(List.of(A, B), List.of("product")))
        .isInstanceOf(Refusal.class)
        .hasMessage("output product is unknown; the model has [sum, difference]");
  }

  @Test
  void inputsThatDoNotFitEachOtherAreRefusedWithoutSourcePaths() {
    try (Graph quotient = open(OnnxModels.quotient())) {
      assertThat(refusal(quotient, A, floats("b", 1, 2, 3)))
          .hasMessage(
              "the graph refuses these inputs at its Div node: Attempting to broadcast an axis by"
                  + " a dimension other than 1. 2 by 3");
      assertThat(quotient.run(List.of(A, B), List.of("quotient")))
          .containsExactly(floats("quotient", 1, 1));
    }
  }

  @Test
  void anIndexOutsideOfATableIsRefused() {
    OnnxGraph table =
        new OnnxGraph("table")
            .input("x", Datatype.INT64, 1)
            .output("y", Datatype.FP32, 1)
            .initializer(floats("table", 1, 2, 3))
            .node("Gather", List.of("table", "x"), List.of("y"));
    byte[] nine = {9, 0, 0, 0, 0, 0, 0, 0};
    try (Graph gather = open(table)) {
      assertThat(refusal(gather, new Tensor("x", Datatype.INT64, new long[] {1}, nine)))
          .hasMessageContaining("idx=9")
          .hasMessageNotContaining(".cc");
    }
  }

  @Test
  void fileThatIsNotAModelIsAnInternalFailure() throws IOException {
    Path text = Files.writeString(directory.resolve("text.onnx"), "no model");
    assertThatThrownBy(() -> FfmGraph.open(text, 1, Optimisation.EXTENDED))
        .isInstanceOf(OrtFailure.class);
    assertThatThrownBy(
            () -> FfmGraph.open(directory.resolve("none.onnx"), 1, Optimisation.EXTENDED))
        .isInstanceOf(OrtFailure.class)
        .hasMessageContaining("none.onnx");
  }

  private static Refusal refusal(Graph graph, Tensor... inputs) {
    String output = graph.outputs().getFirst().name();
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> graph.run(List.of(inputs), List.of(output)));
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
    return refusal;
  }

  private Graph open(OnnxGraph model) {
    return FfmGraph.open(model.write(directory.resolve("model.onnx")), 1, Optimisation.EXTENDED);
  }

  private static Tensor floats(String name, float... values) {
    return Tensor.ofFloats(name, new long[] {values.length}, values);
  }
}
