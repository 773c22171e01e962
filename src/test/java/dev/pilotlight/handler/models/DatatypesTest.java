package dev.pilotlight.handler.models;

import static dev.pilotlight.handler.InferClient.input;
import static dev.pilotlight.handler.InferClient.output;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
import dev.pilotlight.model.OnnxModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every datatype of the Open Inference Protocol goes through the whole function and comes back,
/// bit for bit, in JSON and in binary; or it is refused in words.
class DatatypesTest {
  private static final Set<Datatype> BINARY_ONLY = EnumSet.of(Datatype.FP16, Datatype.BF16);

  private static Harness harness;
  private static InferClient client;

  /// Three values of one type, at its edges.
  ///
  /// @param json as they are written
  /// @param tensor the same
  record Values(String json, Tensor tensor) {
    @Override
    public String toString() {
      return tensor.datatype() + " " + json;
    }
  }

  @BeforeAll
  static void start(@TempDir Path root) {
    TestModels models = new TestModels(root);
    for (Datatype datatype : Datatype.values()) {
      models.with(echo(datatype), OnnxModels.identity(datatype, "n"));
      models.with("scalar-" + echo(datatype), OnnxModels.identity(datatype));
      models.with("matrix-" + echo(datatype), OnnxModels.identity(datatype, "n", "m"));
    }
    harness =
        models
            .with("max32", OnnxModels.max(Datatype.UINT32))
            .with("max64", OnnxModels.max(Datatype.UINT64))
            .with("rest8", OnnxModels.modulo(Datatype.UINT8))
            .with("rest16", OnnxModels.modulo(Datatype.UINT16))
            .with("halve", OnnxModels.cast(Datatype.FP32, Datatype.FP16))
            .with("widen", OnnxModels.cast(Datatype.BF16, Datatype.FP32))
            .with("truth", OnnxModels.cast(Datatype.INT8, Datatype.BOOL))
            .start();
    client = new InferClient(harness);
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  static List<Values> values() {
    return List.of(
        values(Datatype.BOOL, "true,false,true", b(3).put(bytes(1, 0, 1))),
        values(Datatype.UINT8, "0,128,255", b(3).put(bytes(0, 128, 255))),
        values(Datatype.INT8, "-128,0,127", b(3).put(bytes(128, 0, 127))),
        values(
            Datatype.UINT16,
            "0,32768,65535",
            b(6).putShort((short) 0).putShort(Short.MIN_VALUE).putShort((short) -1)),
        values(
            Datatype.INT16,
            "-32768,-1,32767",
            b(6).putShort(Short.MIN_VALUE).putShort((short) -1).putShort(Short.MAX_VALUE)),
        values(
            Datatype.UINT32,
            "1,2147483648,4294967295",
            b(12).putInt(1).putInt(Integer.MIN_VALUE).putInt(-1)),
        values(
            Datatype.INT32,
            "-2147483648,-1,2147483647",
            b(12).putInt(Integer.MIN_VALUE).putInt(-1).putInt(Integer.MAX_VALUE)),
        values(
            Datatype.UINT64,
            "1,9223372036854775808,18446744073709551615",
            b(24).putLong(1).putLong(Long.MIN_VALUE).putLong(-1)),
        values(
            Datatype.INT64,
            "-9223372036854775808,9007199254740993,9223372036854775807",
            b(24).putLong(Long.MIN_VALUE).putLong(9_007_199_254_740_993L).putLong(Long.MAX_VALUE)),
        values(
            Datatype.FP32,
            "-0.0,0.1,3.4028235E38",
            b(12).putFloat(-0.0f).putFloat(0.1f).putFloat(Float.MAX_VALUE)),
        values(
            Datatype.FP32,
            "1.4E-45,-1.1754944E-38,1.6777216E7",
            b(12).putFloat(Float.MIN_VALUE).putFloat(-Float.MIN_NORMAL).putFloat(1 << 24)),
        values(
            Datatype.FP64,
            "-0.0,0.1,1.7976931348623157E308",
            b(24).putDouble(-0.0).putDouble(0.1).putDouble(Double.MAX_VALUE)),
        new Values(
            "[\"\",\"a\\\"b\",\"\\uD83D\\uDE00\"]",
            Tensor.ofStrings("x", new long[] {3}, List.of("", "a\"b", OnnxModels.EMOJI))),
        new Values(
            "[\"a\\u0000b\",\"\\n\",\"\u6f22\u0301\"]",
            Tensor.ofStrings(
                "x", new long[] {3}, List.of(OnnxModels.NUL_INSIDE, "\n", "\u6f22\u0301"))));
  }

  @ParameterizedTest
  @MethodSource("values")
  void itGoesThroughInJson(Values values) {
    Harness.Reply reply = client.json(model(values), json(values), "");
    assertThat(InferClient.outputs(reply))
        .isEqualTo(output("y", values.tensor.datatype(), "[3]", values.json));
  }

  @ParameterizedTest
  @MethodSource("values")
  void itGoesThroughInBinary(Values values) {
    assertThat(client.binaryToBinary(model(values), values.tensor))
        .containsExactly(values.tensor.named("y"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void itGoesInAsJsonAndOutInBinary(Values values) {
    assertThat(client.jsonToBinary(model(values), json(values)))
        .containsExactly(values.tensor.named("y"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void itGoesInInBinaryAndOutAsJson(Values values) {
    Harness.Reply reply = client.send(model(values), false, values.tensor);
    assertThat(InferClient.outputs(reply))
        .isEqualTo(output("y", values.tensor.datatype(), "[3]", values.json));
  }

  @Test
  void noDatatypeIsLeftOut() {
    Set<Datatype> seen = EnumSet.copyOf(BINARY_ONLY);
    values().forEach(values -> seen.add(values.tensor.datatype()));
    assertThat(seen).containsExactlyInAnyOrder(Datatype.values());
  }

  @ParameterizedTest
  @EnumSource(names = {"FP16", "BF16"})
  void sixteenBitFloatsGoInBinaryOnly(Datatype half) {
    // one, the least number, infinity and a NaN with a payload
    byte[] data =
        b(8).putShort((short) 0x3c00)
            .putShort((short) 1)
            .putShort((short) 0x7c00)
            .putShort((short) 0x7fa5)
            .array();
    Tensor tensor = new Tensor("x", half, new long[] {4}, data);

    assertThat(client.binaryToBinary(echo(half), tensor)).containsExactly(tensor.named("y"));
    assertThat(refused(client.send(echo(half), false, tensor)))
        .contains("\"y\"", half.name(), "binary_data");
    assertThat(refused(client.json(echo(half), input("x", half, "[1]", "[1]"), "")))
        .contains("inputs[0].data", half.name(), "binary_data_size");
  }

  @Test
  void sixteenBitFloatsAreUnderstoodAsSuch() {
    Tensor one = Tensor.ofFloats("x", new long[] {2}, new float[] {1, -2});
    assertThat(client.binaryToBinary("halve", one).getFirst().data())
        .isEqualTo(b(4).putShort((short) 0x3c00).putShort((short) 0xc000).array());

    byte[] brain = b(4).putShort((short) 0x3f80).putShort((short) 0xc000).array();
    Harness.Reply reply =
        client.send("widen", false, new Tensor("x", Datatype.BF16, new long[] {2}, brain));
    assertThat(InferClient.outputs(reply))
        .isEqualTo(output("y", Datatype.FP32, "[2]", "[1.0,-2.0]"));
  }

  @Test
  void unsignedNumbersAreComputedWithAsSuch() {
    assertThat(two("max64", Datatype.UINT64, "[9223372036854775809,5]", "[7,18446744073709551615]"))
        .endsWith("\"data\":[9223372036854775809,18446744073709551615]}");
    assertThat(two("max32", Datatype.UINT32, "[2147483649,5]", "[7,4294967295]"))
        .endsWith("\"data\":[2147483649,4294967295]}");
    assertThat(two("rest16", Datatype.UINT16, "[65535,7]", "[10,4]")).endsWith("\"data\":[5,3]}");
    assertThat(two("rest8", Datatype.UINT8, "[255,7]", "[10,4]")).endsWith("\"data\":[5,3]}");
  }

  @Test
  void truthIsNotANumber() {
    Harness.Reply reply = client.json("truth", input("x", Datatype.INT8, "[3]", "[-1,0,2]"), "");
    assertThat(InferClient.outputs(reply)).endsWith("\"data\":[true,false,true]}");
  }

  @ParameterizedTest
  @MethodSource("values")
  void scalarsHaveNoShape(Values values) {
    Datatype type = values.tensor.datatype();
    String model = "scalar-" + echo(type);
    String value = first(values);

    String expected = output("y", type, "[]", "[" + value + "]");
    for (String data : List.of(value, "[" + value + "]")) {
      Harness.Reply reply = client.json(model, input("x", type, "[]", data), "");
      assertThat(InferClient.outputs(reply)).isEqualTo(expected);
    }
    Tensor scalar = client.jsonToBinary(model, input("x", type, "[]", value)).getFirst();
    assertThat(scalar.shape()).isEmpty();
    Harness.Reply back = client.send(model, false, scalar.named("x"));
    assertThat(InferClient.outputs(back)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void emptyTensorsStayEmpty(Datatype type) {
    Tensor none = new Tensor("x", type, new long[] {0}, new byte[0]);
    Tensor rows = new Tensor("x", type, new long[] {3, 0}, new byte[0]);
    String matrix = "matrix-" + echo(type);
    assertThat(client.binaryToBinary(echo(type), none)).containsExactly(none.named("y"));
    assertThat(client.binaryToBinary(matrix, rows)).containsExactly(rows.named("y"));
    if (!BINARY_ONLY.contains(type)) {
      Harness.Reply flat = client.json(echo(type), input("x", type, "[0]", "[]"), "");
      assertThat(InferClient.outputs(flat)).isEqualTo(output("y", type, "[0]", "[]"));
      Harness.Reply nested = client.json(matrix, input("x", type, "[3,0]", "[[],[],[]]"), "");
      assertThat(InferClient.outputs(nested)).isEqualTo(output("y", type, "[3,0]", "[]"));
    }
  }

  private static String two(String model, Datatype type, String a, String b) {
    String inputs = input("a", type, "[2]", a) + "," + input("b", type, "[2]", b);
    return InferClient.outputs(client.json(model, inputs, ""));
  }

  private static String refused(Harness.Reply reply) {
    assertThat(reply.status()).isEqualTo(400);
    return reply.json().get("error").asText();
  }

  private static String json(Values values) {
    return input("x", values.tensor.datatype(), "[3]", values.json);
  }

  private static String model(Values values) {
    return echo(values.tensor.datatype());
  }

  private static String first(Values values) {
    return values.json.substring(1, values.json.indexOf(','));
  }

  private static String echo(Datatype datatype) {
    return datatype.name().toLowerCase(Locale.ROOT);
  }

  private static Values values(Datatype type, String json, ByteBuffer data) {
    byte[] bytes = new byte[data.position()];
    data.flip().get(bytes);
    return new Values("[" + json + "]", new Tensor("x", type, new long[] {3}, bytes));
  }

  private static ByteBuffer b(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
