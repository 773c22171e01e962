package dev.pilotlight.cli.quantize;

import static dev.pilotlight.cli.quantize.TestProduct.SIZE;
import static dev.pilotlight.cli.quantize.TestProduct.WEIGHTS;
import static dev.pilotlight.cli.quantize.TestProduct.assertAnswers;
import static dev.pilotlight.cli.quantize.TestProduct.graph;
import static dev.pilotlight.cli.quantize.TestProduct.product;
import static dev.pilotlight.domain.tensor.Datatype.FP16;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.cli.onnx.Message;
import dev.pilotlight.cli.onnx.ModelFile;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Models that the command refuses, and operator sets that it accepts.
final class QuantizerRefusalTest {
  private static final int OPSET = 8;

  @TempDir private Path root;

  @ParameterizedTest
  @ValueSource(longs = {10, 27})
  void operatorSetsThatAreNotKnownAreRefused(long opset) throws IOException {
    TestModel model = withOpset(opset);

    assertThatThrownBy(() -> model.quantise(TestModel.dynamic()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("operator set %d of ONNX; accepted: 11 to 26", opset);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 13, 17, 21, Quantizer.OPSET_MAX})
  void everyKnownOperatorSetIsQuantised(long opset) throws Exception {
    assertAnswers(withOpset(opset).quantise(TestModel.dynamic()), 1);
    assertAnswers(withOpset(opset).quantise(TestModel.weightsOnly()), 1);
  }

  @Test
  void aQuantisedModelIsRefused() throws Exception {
    for (Form form : List.of(TestModel.dynamic(), TestModel.weightsOnly())) {
      TestModel once = TestModel.of(root, product()).quantise(form);

      assertThatThrownBy(() -> once.quantise(TestModel.dynamic()))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("quantised already");
    }
    TestModel published = new TestModel(Path.of("models/all-minilm-l6-v2/1/model.onnx"));
    assertThatThrownBy(
            () -> Quantizer.quantise(ModelFile.read(published.file()), TestModel.dynamic()))
        .hasMessageContaining("quantised already");
  }

  @Test
  void aModelWithoutFp32WeightsIsRefused() {
    OnnxGraph sum = graph().node("Add", List.of("x", "x"), List.of("y"));
    assertThatThrownBy(() -> TestModel.of(root, sum).quantise(TestModel.dynamic()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("no MatMul or Gemm with a constant FP32 matrix of 1 values or more");

    OnnxGraph half =
        new OnnxGraph("half")
            .input("x", FP16, 1, 2)
            .output("y", FP16, 1, 2)
            .initializer(new Tensor("w", FP16, new long[] {2, 2}, new byte[8]))
            .node("MatMul", List.of("x", "w"), List.of("y"));
    assertThatThrownBy(() -> TestModel.of(root, half).quantise(TestModel.dynamic()))
        .hasMessageContaining("its weights are FP16: name an export with FP32 weights");
  }

  @Test
  void aWeightThatIsNotFiniteOrHasAnotherSizeIsRefused() throws IOException {
    float[] values = WEIGHTS.clone();
    values[9] = Float.NaN;
    OnnxGraph nan = product(TestModel.matrix("w", SIZE, SIZE, values), "y");
    assertThatThrownBy(() -> TestModel.of(root, nan).quantise(TestModel.weightsOnly()))
        .hasMessageContaining("the weights w hold NaN");

    Message model = TestModel.parse(product());
    Message graph = graph(model);
    Message tensor = graph.messages(TestModel.INITIALIZER).getFirst().remove(1);
    graph.replace(TestModel.INITIALIZER, List.of(tensor.add(1, 8L).add(1, 9L)));
    TestModel wrong = TestModel.of(root, model.replace(TestModel.GRAPH, List.of(graph)));
    assertThatThrownBy(() -> wrong.quantise(TestModel.dynamic()))
        .hasMessageContaining("the tensor w declares the shape [8, 9], but has 256 bytes");
  }

  private TestModel withOpset(long opset) throws IOException {
    Message model = TestModel.parse(product());
    model.remove(OPSET).add(OPSET, new Message().add(2, opset));
    return TestModel.of(root, model);
  }
}
