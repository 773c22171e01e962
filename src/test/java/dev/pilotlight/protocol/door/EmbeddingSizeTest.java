package dev.pilotlight.protocol.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Dimensions;
import dev.pilotlight.domain.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EmbeddingSizeTest {
  @Test
  void fullLengthIsTheSameBits() {
    byte[] full = Tensor.ofFloats("e", new long[] {3}, new float[] {0.1f, 7, -3}).data();

    assertThat(EmbeddingSize.cut(full, 3)).isSameAs(full);
  }

  @Test
  void cutEmbeddingHasUnitLengthComputedInDouble() {
    Random random = new Random(15);
    float[] values = new float[384];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    byte[] full = Tensor.ofFloats("e", new long[] {384}, values).data();

    for (int size : new int[] {1, 2, 64, 128, 383}) {
      double squares = 0;
      for (int i = 0; i < size; i++) {
        squares += (double) values[i] * values[i];
      }
      float[] expected = new float[size];
      for (int i = 0; i < size; i++) {
        expected[i] = (float) (values[i] / Math.sqrt(squares));
      }
      assertThat(EmbeddingSize.cut(full, size))
          .isEqualTo(Tensor.ofFloats("e", new long[] {size}, expected).data());
    }
  }

  @Test
  void zerosStayZeros() {
    byte[] full = Tensor.ofFloats("e", new long[] {3}, new float[] {0, 0, 5}).data();

    assertThat(EmbeddingSize.cut(full, 2)).containsOnly(0).hasSize(8);
  }

  @Test
  void lengthsAreAllowedAsDeclared() {
    assertThat(new Dimensions.Full().allow(8, 8)).isTrue();
    assertThat(new Dimensions.Full().allow(4, 8)).isFalse();
    assertThat(new Dimensions.Any().allow(1, 8)).isTrue();
    assertThat(new Dimensions.Any().allow(0, 8)).isFalse();
    assertThat(new Dimensions.Any().allow(9, 8)).isFalse();
    assertThat(new Dimensions.Exactly(List.of(4, 16)).allow(4, 8)).isTrue();
    assertThat(new Dimensions.Exactly(List.of(4, 16)).allow(8, 8)).isTrue();
    assertThat(new Dimensions.Exactly(List.of(4, 16)).allow(5, 8)).isFalse();
    assertThat(new Dimensions.Exactly(List.of(4, 16)).allow(16, 8)).isFalse();
  }
}
