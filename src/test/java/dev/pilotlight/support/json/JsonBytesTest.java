package dev.pilotlight.support.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.protocol.http.Requests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonBytesTest {
  private static final int ROUNDS = 2000;

  @Test
  void commasGoBetweenValuesOnly() {
    byte[] json =
        new JsonBytes()
            .object()
            .name("a")
            .array()
            .number(1)
            .array()
            .endArray()
            .string("x")
            .endArray()
            .field("b", 2)
            .field("c", null)
            .name("d")
            .object()
            .endObject()
            .name("e")
            .literal("true")
            .endObject()
            .toByteArray();
    assertThat(new String(json, UTF_8))
        .isEqualTo("{\"a\":[1,[],\"x\"],\"b\":2,\"c\":null,\"d\":{},\"e\":true}");
  }

  @Test
  void anyTextComesBack() {
    Random random = new Random(7);
    for (int i = 0; i < ROUNDS; i++) {
      String text = text(random);
      byte[] utf8 = text.getBytes(UTF_8);
      byte[] json = new JsonBytes().string(text).toByteArray();
      assertThat(Requests.json(json).textValue()).isEqualTo(text);
      assertThat(new JsonBytes().string(utf8).toByteArray()).isEqualTo(json);
    }
  }

  @Test
  void anyTextInAsciiComesBack() {
    Random random = new Random(10);
    for (int i = 0; i < ROUNDS; i++) {
      String text = text(random);
      for (Escapes escapes : Escapes.values()) {
        byte[] json = new JsonBytes(0, escapes).string(text).toByteArray();
        assertThat(Requests.json(json).textValue()).isEqualTo(text);
        if (escapes == Escapes.ASCII) {
          assertThat(new String(json, UTF_8)).matches("[ -~]*");
        }
      }
    }
  }

  @Test
  void escapesDifferInWhatTheyLeave() {
    String text = "\u0000\t\u007fé\ud83d\ude00";
    assertThat(json(Escapes.UTF_8, text)).isEqualTo("\"\\u0000\\t\u007fé\ud83d\ude00\"");
    assertThat(json(Escapes.PAIRS, text)).isEqualTo("\"\\u0000\\t\u007fé\\uD83D\\uDE00\"");
    assertThat(json(Escapes.ASCII, text)).isEqualTo("\"\\u0000\\t\\u007f\\u00e9\\ud83d\\ude00\"");
    assertThat(json(Escapes.ASCII, "\ud83d")).isEqualTo("\"\\ud83d\"");
  }

  private static String json(Escapes escapes, String text) {
    return new JsonBytes(0, escapes).string(text).toString();
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(40);
    for (int i = 0; i < length; i++) {
      int bound =
          switch (random.nextInt(4)) {
            case 0 -> ' ';
            case 1 -> 0x80;
            case 2 -> 0xD800;
            default -> 0x10FFFF;
          };
      int point = random.nextInt(bound);
      text.appendCodePoint(Character.getType(point) == Character.SURROGATE ? '"' : point);
    }
    return text.toString();
  }

  @Test
  void anyFiniteFloatComesBackBitForBit() {
    Random random = new Random(8);
    ByteBuffer bits = ByteBuffer.allocate(4 * ROUNDS).order(ByteOrder.LITTLE_ENDIAN);
    bits.putFloat(-0f).putFloat(Float.MIN_VALUE).putFloat(-Float.MAX_VALUE).putFloat(1e10f);
    while (bits.hasRemaining()) {
      float value = Float.intBitsToFloat(random.nextInt());
      bits.putFloat(Float.isFinite(value) ? value : 0.1f);
    }
    JsonBytes json = new JsonBytes();
    assertThat(json.floats(bits.array())).isTrue();
    JsonNode values = Requests.json(json.toByteArray());
    assertThat(values).hasSize(ROUNDS);
    for (int i = 0; i < ROUNDS; i++) {
      float read = Float.parseFloat(values.get(i).asText());
      assertThat(Float.floatToRawIntBits(read)).isEqualTo(bits.getInt(4 * i));
    }
  }

  @Test
  void floatsAreWrittenShortestAndNoneAsAnEmptyArray() {
    byte[] tenth = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0.1f).array();
    JsonBytes json = new JsonBytes().array();
    json.floats(tenth);
    json.floats(new byte[0]);
    assertThat(new String(json.endArray().toByteArray(), UTF_8)).isEqualTo("[[0.1],[]]");
  }

  @Test
  void floatsThatAreNotFiniteAreReported() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      byte[] data = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
      assertThat(new JsonBytes().floats(data)).isFalse();
    }
  }

  @Test
  void anyBytesComeBackFromBase64() throws Exception {
    Random random = new Random(9);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] data = new byte[random.nextInt(100)];
      random.nextBytes(data);
      byte[] json = new JsonBytes().base64(data).toByteArray();
      assertThat(Requests.json(json).binaryValue()).isEqualTo(data);
    }
  }
}
