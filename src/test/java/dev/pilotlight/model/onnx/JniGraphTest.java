package dev.pilotlight.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class JniGraphTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(
      names = {"UINT16", "UINT32", "UINT64", "BYTES"},
      mode = EnumSource.Mode.EXCLUDE)
  void everyTypeComesBackBitForBit(Datatype type) {
    try (Graph graph = open(OnnxModels.identity(type, "a", "b"))) {
      byte[] data = new byte[6 * type.size()];
      new Random(7).nextBytes(data);
      if (type == Datatype.BOOL) {
        data = new byte[] {0, 1, 1, 0, 1, 0};
      }
      Tensor x = new Tensor("x", type, new long[] {2, 3}, data);

      assertThat(graph.run(List.of(x), List.of("y"))).containsExactly(x.named("y"));
      assertThat(graph.inputs()).containsExactly(new TensorSpec("x", type, List.of(-1L, -1L)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BOOL", "UINT8", "INT64", "FP16", "BF16", "FP32"})
  void aSizeOfZeroComesBackAsItIs(Datatype type) {
    try (Graph graph = open(OnnxModels.identity(type, "a", "b"))) {
      Tensor none = new Tensor("x", type, new long[] {0, 3}, new byte[0]);

      assertThat(graph.run(List.of(none), List.of("y"))).containsExactly(none.named("y"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BOOL", "UINT8", "INT64", "FP16", "BF16", "FP64"})
  void aScalarComesBackAsItIs(Datatype type) {
    try (Graph graph = open(OnnxModels.identity(type))) {
      byte[] data = new byte[type.size()];
      data[0] = 1;
      Tensor scalar = new Tensor("x", type, new long[0], data);

      assertThat(graph.run(List.of(scalar), List.of("y"))).containsExactly(scalar.named("y"));
    }
  }

  @Test
  void onlyTheWantedOutputsComeInTheOrderWanted() {
    try (Graph graph = open(OnnxModels.sumAndDifference())) {
      List<Tensor> inputs = List.of(floats("b", 3, 1), floats("a", 1, 2));

      assertThat(graph.run(inputs, List.of("difference", "sum")))
          .containsExactly(floats("difference", -2, 1), floats("sum", 4, 3));
      assertThat(graph.run(inputs, List.of("sum"))).containsExactly(floats("sum", 4, 3));
    }
  }

  @Test
  void shapesThatTheGraphCannotJoinAreTheCallersMistake() {
    try (Graph graph = open(OnnxModels.sumAndDifference())) {
      List<Tensor> inputs = List.of(floats("a", 1, 2, 3), floats("b", 1, 2));

      assertThatThrownBy(() -> graph.run(inputs, List.of("sum")))
          .isInstanceOfSatisfying(
              Refusal.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Refusal.Reason.INVALID);
                assertThat(e.message()).contains("2 by 3").doesNotContain("/", ".cc", ".h");
              });
    }
  }

  @Test
  void weightsInAFileNextToTheGraphAreLoaded() throws OrtException {
    Path whole = OnnxModels.textClassification().write(directory.resolve("whole.onnx"));
    Path split = directory.resolve("model.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.setOptimizedModelFilePath(split.toString());
      options.addConfigEntry(
          "session.optimized_model_external_initializers_file_name", "model.onnx_data");
      options.addConfigEntry(
          "session.optimized_model_external_initializers_min_size_in_bytes", "16");
      JniGraph.environment().createSession(whole.toString(), options).close();
    }
    assertThat(directory.resolve("model.onnx_data")).isNotEmptyFile();

    List<Tensor> inputs = List.of(longs("input_ids", 5, 9), longs("attention_mask", 1, 1));
    try (Graph one = Graphs.open(whole, 1, Optimisation.EXTENDED);
        Graph two = Graphs.open(split, 1, Optimisation.EXTENDED)) {
      assertThat(two.run(inputs, List.of("logits"))).isEqualTo(one.run(inputs, List.of("logits")));
    }
  }

  private static Tensor longs(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return new Tensor(name, Datatype.INT64, new long[] {1, values.length}, bytes.array());
  }

  private Graph open(OnnxGraph graph) {
    return Graphs.open(graph.write(directory.resolve("model.onnx")), 1, Optimisation.EXTENDED);
  }

  private static Tensor floats(String name, float... values) {
    return Tensor.ofFloats(name, new long[] {values.length}, values);
  }
}
