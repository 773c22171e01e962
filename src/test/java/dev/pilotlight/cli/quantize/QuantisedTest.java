package dev.pilotlight.cli.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.suite.Soak;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Numbers and scales of weights.
final class QuantisedTest {
  @Test
  void aColumnIsDividedByItsScaleAndRoundedHalfToEven() {
    Matrix weights = matrix(5, 2, new float[] {127, 254, 0.5f, 1, 1.5f, -3, -2.5f, 5, 2.4f, -254});

    Quantised quantised = Quantised.byColumn(weights, Quantised.MAX);

    assertThat(quantised.scales()).containsExactly(1, 2);
    assertThat(quantised.numbers()).containsExactly(127, 127, 0, 0, 2, -2, -2, 2, 2, -127);
  }

  @Test
  void aGroupOfZerosOrOfTheSmallestNumbersIsZero() {
    float[] weights = {0, 0, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, 0, 1, 1, 1};

    Quantised quantised = Quantised.byRow(matrix(3, 3, weights));

    assertThat(quantised.numbers()).containsExactly(0, 0, 0, 0, 0, 0, 127, 127, 127);
    assertThat(quantised.scales()).containsExactly(1, 1, 1f / 127);
  }

  @Test
  void theLargestNumbersAreFinite() {
    float[] weights = {Float.MAX_VALUE, -Float.MAX_VALUE};

    Quantised quantised = Quantised.byTensor(matrix(1, 2, weights), Quantised.MAX);

    assertThat(quantised.numbers()).containsExactly(127, -127);
    assertThat(quantised.scales()[0]).isFinite();
  }

  @Test
  void aBlockIsFilledWithTheNumberOfZero() {
    Matrix weights = matrix(3, 2, new float[] {127, -254, 1, 2, -1, 0});

    Quantised quantised = Quantised.byBlock(weights, 2);

    assertThat(quantised.numbers()).containsExactly(bytes(255, 129, 1, 128, 1, 129, 128, 128));
    assertThat(quantised.scales()).containsExactly(1, 1f / 127, 2, 0);
  }

  @Test
  void everyWeightIsWithinHalfAScaleOfItsNumber() {
    Random random = new Random(3);
    for (int round = 0; round < Soak.amount(50, 5_000); round++) {
      int rows = 1 + random.nextInt(40);
      int columns = 1 + random.nextInt(40);
      int max = random.nextBoolean() ? Quantised.MAX : Quantised.REDUCED_MAX;
      float[] values = new float[rows * columns];
      for (int i = 0; i < values.length; i++) {
        double size = random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4);
        values[i] = random.nextInt(8) == 0 ? 0 : (float) size;
      }
      Matrix weights = matrix(rows, columns, values);

      Quantised quantised = Quantised.byColumn(weights, max);

      for (int i = 0; i < values.length; i++) {
        float scale = quantised.scales()[i % columns];
        int number = quantised.numbers()[i];
        assertThat(Math.abs(number)).isLessThanOrEqualTo(max);
        assertThat(Math.abs(values[i] - (double) number * scale))
            .isLessThanOrEqualTo(scale * 0.50001);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void weightsThatAreNotFiniteAreRefusedByName(float value) {
    assertThatThrownBy(
            () -> Matrix.of("layer.0", FloatBuffer.wrap(new float[] {0, value}), 1, 2, false, 1))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("layer.0 hold " + value);
  }

  @Test
  void aTransposedMatrixSwapsRowsAndColumns() {
    FloatBuffer columns = FloatBuffer.wrap(new float[] {1, 2, 3, 4, 5, 6});

    Matrix matrix = Matrix.of("w", columns, 3, 2, true, -2);

    assertThat(matrix.at(0, 1)).isEqualTo(-8);
    assertThat(matrix.at(2, 0)).isEqualTo(-6);
  }

  @Test
  void aFactorThatMakesAWeightInfiniteIsRefused() {
    FloatBuffer large = FloatBuffer.wrap(new float[] {Float.MAX_VALUE});

    assertThatThrownBy(() -> Matrix.of("w", large, 1, 1, false, 2))
        .hasMessageContaining("the weights w hold Infinity");
  }

  private static Matrix matrix(int rows, int columns, float[] values) {
    return Matrix.of("w", FloatBuffer.wrap(values), rows, columns, false, 1);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
