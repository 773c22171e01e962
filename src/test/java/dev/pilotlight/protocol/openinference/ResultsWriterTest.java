package dev.pilotlight.protocol.openinference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.http.Requests;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResultsWriterTest {
  private static final StoredResult STORED =
      new StoredResult(
          new ResultKey("k".repeat(43)),
          "tenant",
          "m",
          "2",
          new byte[0],
          Instant.ofEpochSecond(1_700_000_000),
          Duration.ofDays(1));

  private static JsonNode render(Tensor... outputs) {
    return Requests.json(
        MetadataWriter.result(STORED.key().id(), STORED, new Result(List.of(outputs), 4)));
  }

  @Test
  void aStoredResultIsWrittenWhole() {
    JsonNode json =
        render(
            Tensor.ofStrings("label", new long[] {}, List.of("good \"😀\"")),
            Tensor.ofFloats("score", new long[] {1, 2}, new float[] {0.1f, -0f}));
    assertThat(json.toString())
        .isEqualTo(
            """
            {"id":"%s","object":"result","model":"m","version":"2","created":1700000000,\
            "tokens":4,"outputs":[\
            {"name":"label","shape":[],"datatype":"BYTES","data":["good \\"😀\\""]},\
            {"name":"score","shape":[1,2],"datatype":"FP32","data":[0.1,-0.0]}]}"""
                .formatted("k".repeat(43)));
  }

  @Test
  void theTenantIsNotShown() {
    byte[] body = MetadataWriter.result(STORED.key().id(), STORED, new Result(List.of(), 0));
    assertThat(new String(body, UTF_8)).doesNotContain("tenant").contains("\"outputs\":[]");
  }

  static Stream<Arguments> numbers() {
    return Stream.of(
        arguments(Datatype.BOOL, "0001", "[false,true]"),
        arguments(Datatype.UINT8, "00ff", "[0,255]"),
        arguments(Datatype.UINT16, "0100ffff", "[1,65535]"),
        arguments(Datatype.UINT32, "ffffffff", "[4294967295]"),
        arguments(Datatype.UINT64, "ffffffffffffffff", "[18446744073709551615]"),
        arguments(Datatype.INT8, "80ff", "[-128,-1]"),
        arguments(Datatype.INT16, "0080", "[-32768]"),
        arguments(Datatype.INT32, "00000080", "[-2147483648]"),
        arguments(Datatype.INT64, "0000000000000080", "[-9223372036854775808]"),
        arguments(Datatype.FP16, "003c007e007c", "[1.0,\"NaN\",\"Infinity\"]"),
        arguments(Datatype.BF16, "803f80ff", "[1.0,\"-Infinity\"]"),
        arguments(Datatype.FP32, "0000c07f0000803f", "[\"NaN\",1.0]"),
        arguments(Datatype.FP64, "9a9999999999b93f", "[0.1]"),
        arguments(Datatype.FP32, "", "[]"),
        arguments(Datatype.BYTES, "00000000010000004102000000c3a4", "[\"\",\"A\",\"ä\"]"));
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void everyDatatypeIsWrittenExactly(Datatype datatype, String hex, String data) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    long elements = datatype.fixedSize() ? bytes.length / datatype.size() : 3;
    Tensor tensor = new Tensor("x", datatype, new long[] {elements}, bytes);
    byte[] body = MetadataWriter.result(STORED.key().id(), STORED, new Result(List.of(tensor), 0));
    assertThat(new String(body, UTF_8))
        .contains("\"datatype\":\"" + datatype + "\",\"data\":" + data + "}");
  }

  @Test
  void bytesThatAreNotTextAreBase64() {
    JsonNode output =
        render(
                Tensor.ofBytes(
                    "x", new long[] {2}, List.of("a".getBytes(UTF_8), new byte[] {(byte) 0xff})))
            .get("outputs")
            .get(0);
    assertThat(output.get("encoding").textValue()).isEqualTo("base64");
    assertThat(output.get("data").toString()).isEqualTo("[\"YQ==\",\"/w==\"]");
  }
}
