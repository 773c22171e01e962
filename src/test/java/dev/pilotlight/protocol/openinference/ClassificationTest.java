package dev.pilotlight.protocol.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassificationTest {
  private static final List<String> NONE = List.of();

  /// The texts are what C's `printf("%f")` writes for the same doubles.
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.500000",
    "-1.25, -1.250000",
    "0.0, 0.000000",
    "-0.0, -0.000000",
    "1e-7, 0.000000",
    "-1e-7, -0.000000",
    "0.0000005, 0.000000",
    "0.0000015, 0.000002",
    "1e15, 1000000000000000.000000",
    "123456.7890125, 123456.789012",
    "0.00000762939453125, 0.000008",
    "Infinity, inf",
    "-Infinity, -inf",
  })
  void numbersAreWrittenAsByC(double value, String text) {
    assertThat(Classification.decimal(value)).isEqualTo(text);
  }

  @Test
  void highestValuesOfEachRowComeFirst() {
    Tensor tensor = Tensor.ofFloats("y", new long[] {2, 3}, new float[] {0.1f, 3, -2, 5, 5, 7.5f});

    assertThat(Classification.highest(tensor, 2, 2, NONE))
        .containsExactly("3.000000:1", "0.100000:0", "7.500000:2", "5.000000:0");
    assertThat(Classification.highest(tensor, 1, 9, List.of("a", "b", "c", "d", "e", "f")))
        .startsWith("7.500000:5:f", "5.000000:3:d", "5.000000:4:e")
        .endsWith("-2.000000:2:c")
        .hasSize(6);
  }

  @Test
  void wholeNumbersAreOrderedExactly() {
    long large = 1L << 60;
    assertThat(Classification.highest(longs(Datatype.INT64, large, large + 1, -1), 1, 2, NONE))
        .containsExactly((large + 1) + ":1", large + ":0");
    assertThat(Classification.highest(longs(Datatype.UINT64, large, -1, 3), 1, 2, NONE))
        .containsExactly("18446744073709551615:1", large + ":0");
  }

  private static Tensor longs(Datatype type, long... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      data.putLong(value);
    }
    return new Tensor("y", type, new long[] {values.length}, data.array());
  }

  @Test
  void noRowsGiveNothing() {
    Tensor tensor = Tensor.ofFloats("y", new long[] {0, 3}, new float[0]);
    assertThat(Classification.highest(tensor, 0, 2, NONE)).isEmpty();
  }

  @Test
  void nanIsRefused() {
    Tensor tensor = Tensor.ofFloats("y", new long[] {2}, new float[] {1, Float.NaN});
    assertThatThrownBy(() -> Classification.highest(tensor, 1, 1, NONE))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("output \"y\" holds NaN");
  }
}
