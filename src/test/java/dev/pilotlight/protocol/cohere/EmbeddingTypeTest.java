package dev.pilotlight.protocol.cohere;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The forms of an embedding, by vectors whose values are computed by hand.
final class EmbeddingTypeTest {
  private static final float[] HALVES = {0.5f, -0.5f, 0.5f, -0.5f};

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // 0.5 * 12.7 * sqrt(4) = 12.7
        "float   | [0.5,-0.5,0.5,-0.5]",
        "int8    | [13,-13,13,-13]",
        "uint8   | [141,115,141,115]",
        "ubinary | [160]",
        "binary  | [-96]",
        "base64  | \"AAAAPwAAAL8AAAA/AAAAvw==\"",
      })
  void halvesAreWritten(String type, String json) {
    assertThat(write(type(type), HALVES)).isEqualTo(json);
  }

  @Test
  void lengthOfTheVectorDoesNotMatterForNumbersOfABit() {
    float[] twice = {2, -2, 2, -2};
    for (String type : new String[] {"int8", "uint8", "binary", "ubinary"}) {
      assertThat(write(type(type), twice)).isEqualTo(write(type(type), HALVES));
    }
  }

  @Test
  void valuesAreRoundedToTheNearest() {
    // at unit length 0.6 and 0.8: times 12.7 * sqrt(2) they are 10.78 and 14.37
    assertThat(write(EmbeddingType.INT8, new float[] {3, -4})).isEqualTo("[11,-14]");
  }

  @Test
  void largestValuesAreClipped() {
    float[] one = new float[400];
    one[0] = 1;
    assertThat(write(EmbeddingType.INT8, one)).startsWith("[127,0,0");
    one[0] = -1;
    assertThat(write(EmbeddingType.INT8, one)).startsWith("[-128,0,0");
    assertThat(write(EmbeddingType.UINT8, one)).startsWith("[0,128,128");
  }

  @Test
  void zeroVectorHasNoDirection() {
    assertThat(write(EmbeddingType.INT8, new float[3])).isEqualTo("[0,0,0]");
    assertThat(write(EmbeddingType.UINT8, new float[3])).isEqualTo("[128,128,128]");
    assertThat(write(EmbeddingType.UBINARY, new float[3])).isEqualTo("[0]");
  }

  @Test
  void signsArePackedWithTheFirstDimensionHighestAndZerosAtTheEnd() {
    float[] nine = new float[9];
    Arrays.fill(nine, -1);
    nine[7] = 1;
    nine[8] = 1;
    assertThat(write(EmbeddingType.UBINARY, nine)).isEqualTo("[1,128]");
    assertThat(write(EmbeddingType.BINARY, nine)).isEqualTo("[1,-128]");
    nine[6] = 0f;
    nine[5] = -0f;
    assertThat(write(EmbeddingType.UBINARY, nine)).as("zero is not positive").isEqualTo("[1,128]");
  }

  @ParameterizedTest
  @EnumSource(EmbeddingType.class)
  void leastBytesAreNeverOverTheWritten(EmbeddingType type) {
    for (int dimensions : new int[] {1, 8, 9, 384}) {
      float[] zeros = new float[dimensions];
      assertThat(type.bytesMin(dimensions)).isLessThanOrEqualTo(write(type, zeros).length());
    }
  }

  @ParameterizedTest
  @EnumSource(EmbeddingType.class)
  void nameOfATypeIsItsOwn(EmbeddingType type) {
    assertThat(EmbeddingType.of(type.name().toLowerCase(Locale.ROOT))).contains(type);
    assertThat(EmbeddingType.ACCEPTED).contains(type.wireName());
    assertThat(EmbeddingType.of(type.name())).isEmpty();
  }

  private static EmbeddingType type(String name) {
    return EmbeddingType.of(name).orElseThrow();
  }

  private static String write(EmbeddingType type, float[] vector) {
    JsonBytes json = new JsonBytes();
    type.write(json, Tensor.ofFloats("v", new long[] {vector.length}, vector).data());
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }
}
