package dev.pilotlight.handler.refusals;

import static dev.pilotlight.handler.TestRequest.utf8;
import static dev.pilotlight.handler.models.TestModels.SAMPLE;

import dev.pilotlight.handler.TestRequest;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Requests that the binary tensor extension refuses.
public final class BadBinary {
  public static final String LENGTH = "inference-header-content-length";

  private static final String NAMED = "Inference-Header-Content-Length";
  private static final String B = BadInfer.B;

  private BadBinary() {}

  static Stream<BadInput> all() {
    return Stream.of(headers(), sizes(), elements(), raw()).flatMap(List::stream);
  }

  private static List<BadInput> headers() {
    String json = "{\"inputs\":[" + a(8) + "," + B + "]}";
    byte[] body = joined(utf8(json), new byte[8]);
    int length = json.length();
    return Stream.concat(
            Stream.of("abc", "-1", "+5", "1.5", "0x10", "", "1 2", "99999999999", "\u0661")
                .map(value -> sum("length " + value, body, value, NAMED)),
            Stream.of(
                sum("length over the body", body, "5000", NAMED),
                sum("length into the data", body, length + 4 + "", "body"),
                sum("length into the JSON", body, length - 4 + "", "JSON"),
                sum("length of all", body, body.length + "", "body"),
                sum("no length", body, null, NAMED),
                sum("no length, no data", utf8(json), null, NAMED),
                sum("lengths that differ", body, length + "," + length, NAMED),
                media("octets without length", body, "application/octet-stream", null),
                media("text with length", body, "text/plain", length + "")))
        .toList();
  }

  private static List<BadInput> sizes() {
    String size = "inputs[0].parameters.binary_data_size";
    return List.of(
        binary("more than there is", a(12), 8, size),
        binary("no data", a(8), 0, size),
        binary("less than its shape", a(4), 4, "inputs[0]"),
        binary("more than its shape", a(12), 12, "inputs[0]"),
        binary("of nothing", a(0), 0, "inputs[0]"),
        binary("left over", a(8), 9, "body"),
        binary("left over without binary inputs", BadInfer.A, 8, "body"),
        binary("negative", a(-8), 8, size),
        binary("over 31 bits", a(4_294_967_304L), 8, size),
        binary("with a fraction", a(8).replace("size\":8", "size\":8.0"), 8, size),
        binary("as text", a(8).replace("size\":8", "size\":\"8\""), 8, size),
        binary("null", a(8).replace("size\":8", "size\":null"), 8, size),
        binary("beside data", a(8).replace("}}", "},\"data\":[1,2]}"), 8, "inputs[0]"),
        binary("without shape", a(8).replace("\"shape\":[2],", ""), 8, "inputs[0].shape"),
        binary("of a large shape", a(8).replace("[2]", "[60000000]"), 8, "inputs[0]"));
  }

  private static List<BadInput> elements() {
    return List.of(
        one("flags", "BOOL", "[2]", new byte[] {1, 2}, "inputs[0]"),
        one("words", "BYTES", "[1]", new byte[] {1, 0, 0}, "inputs[0]"),
        one("words", "BYTES", "[1]", new byte[] {2, 0, 0, 0, 'a'}, "inputs[0]"),
        one("words", "BYTES", "[1]", new byte[] {-1, -1, -1, -1, 'a'}, "inputs[0]"),
        one("words", "BYTES", "[1]", new byte[] {0, 0, 0, -128, 'a'}, "inputs[0]"),
        one("words", "BYTES", "[2]", new byte[] {1, 0, 0, 0, 'a'}, "inputs[0]"),
        one("words", "BYTES", "[1]", new byte[] {0, 0, 0, 0, 0, 0, 0, 0}, "inputs[0]"),
        one("words", "BYTES", "[0]", new byte[] {0, 0, 0, 0}, "inputs[0]"),
        one("words", "BYTES", "[1]", new byte[] {1, 0, 0, 0, -1}, "UTF-8"),
        one(SAMPLE, "BYTES", "[1]", new byte[] {1, 0, 0, 0, -1}, "inputs[0].data[0]"),
        one(SAMPLE, "BYTES", "[1]", new byte[] {0, 0, 0, 0}, "inputs[0].data[0]"));
  }

  private static List<BadInput> raw() {
    return List.of(
        sum("raw for two inputs", new byte[8], "0", "body"),
        raw("square", new byte[5], "body"),
        raw("square", new byte[8], "body"),
        raw("square", new byte[0], "body"),
        raw("flags", new byte[] {3}, "body"),
        raw(SAMPLE, new byte[0], "body"),
        raw(SAMPLE, new byte[] {'a', (byte) 0xc3}, "body"),
        raw(SAMPLE, utf8("hello ".repeat(300)), "302"));
  }

  /// The input `a`, its data after the JSON.
  private static String a(long bytes) {
    return "{\"name\":\"a\",\"shape\":[2],\"datatype\":\"FP32\",\"parameters\":"
        + "{\"binary_data_size\":%d}}".formatted(bytes);
  }

  private static BadInput binary(String name, String a, int bytes, String says) {
    String json = "{\"inputs\":[" + a + "," + B + "]}";
    byte[] body = joined(utf8(json), new byte[bytes]);
    return sum("size " + name, body, json.length() + "", says);
  }

  private static BadInput one(
      String model, String datatype, String shape, byte[] data, String says) {
    String json =
        "{\"inputs\":[{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,\"parameters\":%s}]}"
            .formatted(
                datatype.equals("BOOL") ? "x" : "text",
                datatype,
                shape,
                "{\"binary_data_size\":%d}".formatted(data.length));
    byte[] body = joined(utf8(json), data);
    return of(model, datatype + " of " + data.length, body, json.length() + "", 400, says);
  }

  private static BadInput raw(String model, byte[] body, String says) {
    return of(model, "raw " + body.length, body, "0", 400, says);
  }

  private static BadInput media(String name, byte[] body, String type, @Nullable String length) {
    TestRequest request = request("sum", body, length).with("content-type", type);
    return BadInput.of("binary: " + name, request, 415, "content-type");
  }

  private static BadInput sum(String name, byte[] body, @Nullable String length, String says) {
    return of("sum", name, body, length, 400, says);
  }

  private static BadInput of(
      String model, String name, byte[] body, @Nullable String length, int status, String says) {
    return BadInput.of(model + " binary: " + name, request(model, body, length), status, says);
  }

  private static TestRequest request(String model, byte[] body, @Nullable String length) {
    TestRequest request = TestRequest.post("/v2/models/" + model + "/infer", body);
    return length == null ? request : request.with(LENGTH, length);
  }

  public static byte[] joined(byte[] json, byte[] data) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(json);
    both.writeBytes(data);
    return both.toByteArray();
  }
}
