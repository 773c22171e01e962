package dev.pilotlight.domain.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DatatypeTest {

  @ParameterizedTest
  @CsvSource({
    "BOOL, 0, 0",
    "BOOL, 1, 1",
    // a graph's output: every byte but 0 is true
    "BOOL, 2, 2",
    "BOOL, 128, -128",
    "UINT8, 255, 255",
    "INT8, 255, -1",
  })
  void bytesAreReadAsTheTypeHoldsThem(Datatype type, int bits, long value) {
    ByteBuffer data = ByteBuffer.allocate(1).order(ByteOrder.LITTLE_ENDIAN);
    data.put((byte) bits).flip();
    assertThat(type.getWhole(data)).isEqualTo(value);
  }
}
