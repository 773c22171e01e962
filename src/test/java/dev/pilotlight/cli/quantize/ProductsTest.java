package dev.pilotlight.cli.quantize;

import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static dev.pilotlight.domain.tensor.Datatype.INT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxAttribute;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Answers of quantised graphs, compared with formulas.
final class ProductsTest {
  private static final int BLOCK = 32;

  @TempDir private Path root;

  /// One random product `x` `[m,k]` times a weight `[k,n]`.
  ///
  /// @param w row-major
  private record Case(int m, int k, int n, float[] x, float[] w) {
    static Case of(Random random, int round) {
      int m = 1 + random.nextInt(5);
      int k = 1 + random.nextInt(round % 3 == 0 ? 100 : 20);
      int n = 1 + random.nextInt(20);
      float[] w = TestModel.random(random, k * n);
      int zero = random.nextInt(n);
      for (int row = 0; row < k; row++) {
        w[row * n + zero] = 0;
      }
      return new Case(m, k, n, TestModel.random(random, m * k), w);
    }

    float[] transposed() {
      return TestModel.transpose(w, k, n);
    }

    OnnxGraph graph() {
      return new OnnxGraph("product").input("x", FP32, "m", k).output("y", FP32, "m", n);
    }

    /// `MatMul`, or `Gemm` with a factor, a bias and the weight's columns.
    OnnxGraph graph(boolean gemm, float factor, float[] bias) {
      if (!gemm) {
        return graph()
            .initializer(TestModel.matrix("w", k, n, w))
            .node("MatMul", List.of("x", "w"), List.of("y"));
      }
      return graph()
          .initializer(TestModel.matrix("w", n, k, transposed()))
          .initializer(Tensor.ofFloats("bias", new long[] {n}, bias))
          .node(
              "Gemm",
              List.of("x", "w", "bias"),
              List.of("y"),
              OnnxAttribute.real("alpha", factor),
              OnnxAttribute.integer("transB", 1));
    }
  }

  @Test
  void dynamicProductsAreThoseOfTheFormula() throws Exception {
    Random random = new Random(11);
    for (int round = 0; round < Soak.amount(24, 1_000); round++) {
      Case one = Case.of(random, round);
      boolean gemm = round % 2 == 1;
      float factor = gemm ? 0.5f + random.nextFloat() : 1;
      float[] bias = gemm ? TestModel.random(random, one.n) : new float[one.n];
      OnnxGraph graph = one.graph(gemm, factor, bias);

      TestModel quantised = folder(graph).quantise(TestModel.dynamic());

      assertThat(quantised.operators()).contains("MatMulInteger").doesNotContain("Gemm", "MatMul");
      float[] expected = dynamic(one, factor, bias, byColumn(one));
      assertClose(quantised.run(one.x, one.m, one.k), expected, 1e-3);
    }
  }

  @Test
  void oneScaleForAWholeWeightIsThatOfTheLargestValue() throws Exception {
    Random random = new Random(12);
    Case one = Case.of(random, 0);
    float[] numbers = new float[one.w.length];
    double largest = 0;
    for (float value : one.w) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < numbers.length; i++) {
      float scale = (float) largest / Quantised.REDUCED_MAX;
      numbers[i] = (float) Math.rint(one.w[i] / scale) * scale;
    }

    TestModel quantised = folder(one.graph(false, 1, new float[0])).quantise(TestModel.perTensor());

    float[] expected = dynamic(one, 1, new float[one.n], numbers);
    assertClose(quantised.run(one.x, one.m, one.k), expected, 1e-3);
  }

  /// The kernel quantises each block of a row of the activations as well.
  @Test
  void productsInBlocksAreWithinTheErrorOfTheirActivations() throws Exception {
    Random random = new Random(13);
    for (int round = 0; round < Soak.amount(24, 1_000); round++) {
      Case one = Case.of(random, round);
      boolean gemm = round % 2 == 1;
      float factor = gemm ? -1.5f : 1;
      float[] bias = gemm ? TestModel.random(random, one.n) : new float[one.n];

      TestModel quantised = folder(one.graph(gemm, factor, bias)).quantise(TestModel.weightsOnly());

      assertThat(quantised.operators()).contains("MatMulNBits").doesNotContain("Gemm", "MatMul");
      float[] actual = quantised.run(one.x, one.m, one.k);
      for (int i = 0; i < actual.length; i++) {
        assertBlocks(one, factor, bias, i / one.n, i % one.n, actual[i]);
      }
    }
  }

  @Test
  void anEmbeddingIsItsRowWithinHalfAScale() throws Exception {
    Random random = new Random(14);
    float[] table = TestModel.random(random, 50 * 8);
    for (int i = 0; i < 8; i++) {
      table[3 * 8 + i] = 0;
      table[4 * 8 + i] = 2.5f;
    }
    long[] ids = {3, 4, 49, 0, -1, 7};
    OnnxGraph graph =
        new OnnxGraph("lookup")
            .input("x", INT64, "n")
            .output("y", FP32, "n", 8)
            .initializer(TestModel.matrix("table", 50, 8, table))
            .initializer(TestModel.matrix("w", 8, 8, new float[64]))
            .node("Gather", List.of("table", "x"), List.of("row"))
            .node("MatMul", List.of("row", "w"), List.of("zero"))
            .node("Add", List.of("row", "zero"), List.of("y"));
    for (Form form : List.of(TestModel.dynamic(), TestModel.weightsOnly())) {
      float[] rows = folder(graph).quantise(form).run(ids, ids.length);

      for (int i = 0; i < rows.length; i++) {
        int id = Math.floorMod((int) ids[i / 8], 50);
        double largest = 0;
        for (int place = 0; place < 8; place++) {
          largest = Math.max(largest, Math.abs(table[id * 8 + place]));
        }
        assertThat((double) rows[i])
            .isCloseTo(table[id * 8 + i % 8], within(largest / 254 * 1.0001));
      }
      assertThat(rows).startsWith(0, 0, 0, 0, 0, 0, 0, 0, 2.5f);
    }
  }

  private TestModel folder(OnnxGraph graph) throws IOException {
    return TestModel.of(Files.createTempDirectory(root, "graph"), graph);
  }

  /// The weights after they were quantised by column.
  private static float[] byColumn(Case one) {
    float[] weights = new float[one.w.length];
    for (int column = 0; column < one.n; column++) {
      float largest = 0;
      for (int row = 0; row < one.k; row++) {
        largest = Math.max(largest, Math.abs(one.w[row * one.n + column]));
      }
      float scale = largest == 0 ? 1 : largest / Quantised.REDUCED_MAX;
      for (int i = column; i < weights.length; i += one.n) {
        weights[i] = (float) Math.rint(one.w[i] / scale) * scale;
      }
    }
    return weights;
  }

  /// `DynamicQuantizeLinear` of the whole input, then a product in double.
  private static float[] dynamic(Case one, float factor, float[] bias, float[] weights) {
    float least = 0;
    float most = 0;
    for (float value : one.x) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    float scale = (most - least) / 255;
    double zero = Math.rint(Math.clamp(-least / scale, 0, 255));
    float[] expected = new float[one.m * one.n];
    for (int i = 0; i < expected.length; i++) {
      double sum = bias[i % one.n];
      for (int k = 0; k < one.k; k++) {
        double number = Math.clamp(Math.rint(one.x[i / one.n * one.k + k] / scale) + zero, 0, 255);
        sum += (number - zero) * scale * weights[k * one.n + i % one.n] * factor;
      }
      expected[i] = (float) sum;
    }
    return expected;
  }

  private static void assertBlocks(
      Case one, float factor, float[] bias, int row, int column, float actual) {
    double expected = bias[column];
    double error = 1e-4;
    for (int begin = 0; begin < one.k; begin += BLOCK) {
      int end = Math.min(one.k, begin + BLOCK);
      double largestX = 0;
      float largestW = 0;
      for (int k = begin; k < end; k++) {
        largestX = Math.max(largestX, Math.abs(one.x[row * one.k + k]));
        largestW = Math.max(largestW, Math.abs(one.w[k * one.n + column]));
      }
      float scale = largestW == 0 ? 1 : largestW / Quantised.MAX;
      for (int k = begin; k < end; k++) {
        double weight = Math.rint(one.w[k * one.n + column] / scale) * scale * factor;
        expected += one.x[row * one.k + k] * weight;
        error += largestX / 254 * 1.01 * Math.abs(weight);
      }
    }
    assertThat((double) actual).isCloseTo(expected, within(error));
  }

  private static void assertClose(float[] actual, float[] expected, double error) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(error));
    }
  }
}
