package dev.pilotlight.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ResultCodecTest {
  private static final List<Datatype> DATATYPES = List.of(Datatype.values());

  private static final long SEED = 20261123;

  @Test
  void anEmbeddingComesBackBitForBit() {
    float[] values = {
      1.5f,
      -0.0f,
      Float.MIN_VALUE,
      Float.NaN,
      Float.intBitsToFloat(0x7FC0BEEF), // a NaN with a payload
      Float.NEGATIVE_INFINITY
    };
    Result result = new Result(List.of(Tensor.ofFloats("embedding", new long[] {6}, values)), 12);
    Result back = ResultCodec.decode(ResultCodec.encode(result));
    assertThat(back).isEqualTo(result);
    assertThat(back.outputs().getFirst().data()).isEqualTo(result.outputs().getFirst().data());
  }

  @Test
  void aLabelAndItsScoreComeBack() {
    Result result =
        new Result(
            List.of(
                Tensor.ofStrings("label", new long[0], List.of("größer 😀")),
                Tensor.ofFloats("score", new long[0], new float[] {0.75f})),
            3);
    assertThat(ResultCodec.decode(ResultCodec.encode(result))).isEqualTo(result);
  }

  @Test
  void anyResultComesBack() {
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      Result result = anyResult(random);
      assertThat(ResultCodec.decode(ResultCodec.encode(result))).isEqualTo(result);
    }
  }

  @Test
  void theFormOfVersionOneNeverChanges() {
    Result result =
        new Result(List.of(Tensor.ofFloats("e", new long[] {1, 2}, new float[] {1f, -2f})), 300);
    assertThat(HexFormat.of().formatHex(ResultCodec.encode(result)))
        .isEqualTo("01ac020101650c020102080000803f000000c0" + "ea3ba575");
  }

  @Test
  void anEmbeddingTakesLittleMoreThanItsFloats() {
    float[] values = new float[384];
    Result result = new Result(List.of(Tensor.ofFloats("embedding", new long[] {384}, values)), 9);
    assertThat(ResultCodec.encode(result).length).isLessThanOrEqualTo(384 * 4 + 25);
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] bytes = ResultCodec.encode(anyResult(new Random(SEED)));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertCorrupt(flipped);
    }
  }

  @Test
  void everyCutAndEveryAdditionIsNoticed() {
    byte[] bytes = ResultCodec.encode(anyResult(new Random(SEED)));
    for (int length = 0; length < bytes.length; length++) {
      assertCorrupt(Arrays.copyOf(bytes, length));
    }
    assertCorrupt(Arrays.copyOf(bytes, bytes.length + 1));
  }

  @Test
  void noiseUnderARightChecksumIsAResultOrCorruptButNothingElse() {
    Random random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = ResultCodec.encode(anyResult(random));
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        bytes[1 + random.nextInt(bytes.length - 1)] = (byte) random.nextInt();
      }
      resign(bytes);
      try {
        Result result = ResultCodec.decode(bytes);
        assertThat(ResultCodec.decode(ResultCodec.encode(result))).isEqualTo(result);
      } catch (ResultCodec.CorruptException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1_000);
  }

  @Test
  void aHugeLengthIsRefusedBeforeAnythingIsAllocated() {
    // version, tokens 0, then 2^62 outputs
    byte[] bytes = HexFormat.of().parseHex("0100" + "808080808080808040" + "00000000");
    resign(bytes);
    assertCorrupt(bytes);
  }

  private static void assertCorrupt(byte[] bytes) {
    assertThatThrownBy(() -> ResultCodec.decode(bytes))
        .isInstanceOf(ResultCodec.CorruptException.class);
  }

  private static void resign(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    for (int i = 0; i < 4; i++) {
      bytes[bytes.length - 4 + i] = (byte) (crc.getValue() >>> (8 * i));
    }
  }

  private static Result anyResult(Random random) {
    List<Tensor> outputs = new ArrayList<>();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      outputs.add(anyTensor(random));
    }
    return new Result(outputs, random.nextInt(Integer.MAX_VALUE));
  }

  private static Tensor anyTensor(Random random) {
    long[] shape = new long[random.nextInt(4)];
    Arrays.setAll(shape, i -> random.nextInt(4));
    Datatype datatype = DATATYPES.get(random.nextInt(DATATYPES.size()));
    int elements = (int) Tensor.elements(shape);
    String name = "o" + random.nextInt() + "é";
    if (!datatype.fixedSize()) {
      List<byte[]> values = new ArrayList<>();
      for (int i = 0; i < elements; i++) {
        values.add(noise(random, random.nextInt(9)));
      }
      return Tensor.ofBytes(name, shape, values);
    }
    return new Tensor(name, datatype, shape, noise(random, elements * datatype.size()));
  }

  private static byte[] noise(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
