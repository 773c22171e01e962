package dev.pilotlight.cli.quantize;

import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.cli.onnx.Message;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxGraph;
import java.util.List;
import java.util.Random;

/// One product of fixed numbers, in several graphs.
final class TestProduct {
  static final int SIZE = 8;
  static final float[] WEIGHTS = TestModel.random(new Random(5), SIZE * SIZE);
  private static final float[] X = TestModel.random(new Random(6), 3 * SIZE);

  private TestProduct() {}

  static OnnxGraph graph() {
    return new OnnxGraph("graph").input("x", FP32, "n", SIZE).output("y", FP32, "n", SIZE);
  }

  static OnnxGraph product() {
    return product("y");
  }

  static OnnxGraph product(String output) {
    return product(weights("w"), output);
  }

  static OnnxGraph product(Tensor weights, String output) {
    return graph().initializer(weights).node("MatMul", List.of("x", "w"), List.of(output));
  }

  static Message graph(Message model) {
    return model.messages(TestModel.GRAPH).getFirst();
  }

  static Tensor weights(String name) {
    return TestModel.matrix(name, SIZE, SIZE, WEIGHTS);
  }

  static Tensor transposed(String name) {
    return TestModel.matrix(name, SIZE, SIZE, TestModel.transpose(WEIGHTS, SIZE, SIZE));
  }

  /// `y` is near `factor` times the product of `x` and the weights, which has values up to 9.
  static void assertAnswers(TestModel quantised, double factor) throws Exception {
    float[] y = quantised.run(X, 3, SIZE);
    assertThat(y).hasSize(3 * SIZE);
    for (int i = 0; i < y.length; i++) {
      double sum = 0;
      for (int k = 0; k < SIZE; k++) {
        sum += (double) X[i / SIZE * SIZE + k] * WEIGHTS[k * SIZE + i % SIZE];
      }
      assertThat((double) y[i]).isCloseTo(sum * factor, within(0.15 * factor));
    }
  }
}
