package dev.pilotlight.handler.refusals;

import static dev.pilotlight.handler.TestRequest.utf8;

import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.models.TestModels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Bodies that `POST /v1/embeddings` refuses.
final class BadEmbeddings {
  static final String PATH = "/v1/embeddings";

  private static final String LONG_TEXT = "hello ".repeat(300);
  private static final String LONE = "\\ud83d";

  private BadEmbeddings() {}

  static Stream<BadInput> all() {
    return Stream.of(documents(), inputs(), tokens(), models(), options()).flatMap(List::stream);
  }

  /// Not a document at all, or not one object.
  private static List<BadInput> documents() {
    return List.of(
        body("an empty body", "", "body"),
        body("white space only", " \n\t ", "body"),
        body("no JSON", "hello", "body"),
        body("an array", "[]", "body"),
        body("a string", "\"hello\"", "body"),
        body("null", "null", "body"),
        body("a comma too many", "{\"model\":\"m\",\"input\":\"x\",}", "body"),
        body("single quotes", "{'model':'m'}", "body"),
        body("a comment", "{/* hi */\"model\":\"m\"}", "body"),
        body("cut off in a value", "{\"model\":\"m\",\"input\":\"he", "input"),
        body("cut off behind a name", "{\"model\"", "model"),
        body("text behind it", sample("\"input\":\"x\"") + " x", "body"),
        body("a second document", sample("\"input\":\"x\"").repeat(2), "body"),
        body("a field twice", sample("\"input\":\"x\",\"input\":\"y\""), "body").saying("input"),
        body("a raw line break", sample("\"input\":\"a\nb\""), "input"),
        body("an unknown escape", sample("\"input\":\"\\q\""), "input"),
        body("a name of 2,000 characters", "{\"" + "n".repeat(2000) + "\":1}", "body"),
        body("nothing but brackets", "[".repeat(100_000), "body"),
        bytes("bytes that are not UTF-8", new byte[] {'{', '"', (byte) 0xff, '"'}, "body"),
        bytes("an overlong form", new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'}, "body"),
        bytes(
            "a surrogate in UTF-8",
            new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
            "body"),
        bytes("UTF-16", sample("\"input\":\"x\"").getBytes(StandardCharsets.UTF_16LE), "body"),
        bytes("a NUL in front", utf8("\0{}"), "body"));
  }

  private static List<BadInput> inputs() {
    return List.of(
        field("no input", "\"user\":\"u\"", "input"),
        input("null", "null", "input"),
        input("a number", "5", "input"),
        input("an object", "{}", "input"),
        input("true", "true", "input"),
        input("NaN", "NaN", "input"),
        input("an empty string", "\"\"", "input"),
        input("an empty array", "[]", "input"),
        input("an empty string among others", "[\"a\",\"b\",\"c\",\"\"]", "input[3]"),
        input("null among strings", "[\"a\",null]", "input[1]"),
        input("a number among strings", "[\"a\",1]", "input[1]"),
        input("an object among strings", "[\"a\",{\"b\":1}]", "input[1]"),
        input("nested strings", "[[\"a\"]]", "input[0][0]"),
        input("10,000 brackets", "[".repeat(10_000) + "]".repeat(10_000), "input[0][0]"),
        input("half a surrogate pair", "\"" + LONE + "\"", "input"),
        input("half a pair in a list", "[\"a\",\"" + LONE + " b\"]", "input[1]"),
        input("2,049 texts", "[" + "\"a\",".repeat(2048) + "\"a\"]", "input").saying("batch"),
        input("a text of 302 tokens", "\"" + LONG_TEXT + "\"", "input").saying("302"),
        input("one too long of several", "[\"a\",\"" + LONG_TEXT + "\"]", "input[1]").saying("256"),
        input("a word without end", "\"" + "\u6f22".repeat(100_001) + "\"", "input")
            .saying("truncate"));
  }

  private static List<BadInput> tokens() {
    return List.of(
        input("a negative id", "[101,-1]", "input[1]"),
        input("an id with a fraction", "[101,1.5]", "input[1]"),
        input("an id over 32 bits", "[4294967296]", "input[0]"),
        input("an id over 64 bits", "[99999999999999999999]", "input[0]"),
        input("an id of 100 digits", "[" + "9".repeat(100) + "]", "input"),
        input("an id outside the vocabulary", "[101,30522,102]", "input").saying("30521"),
        input("an id outside it in a list", "[[101,102],[30522]]", "input[1]"),
        input("a string among ids", "[101,\"a\"]", "input[1]"),
        input("an id among lists", "[[101],102]", "input[1]"),
        input("an empty list of ids", "[[101],[]]", "input[1]"),
        input("300 ids", "[" + "101,".repeat(299) + "102]", "input").saying("300"),
        input("a million ids", "[" + "1,".repeat(1_000_000) + "1]", "input").saying("1000001"),
        input("2,049 lists of ids", "[" + "[1],".repeat(2048) + "[1]]", "input"));
  }

  private static List<BadInput> models() {
    return List.of(
        model("a number as model", "7", 400),
        model("an array as model", "[\"a\"]", 400),
        model("half a surrogate pair as model", "\"" + LONE + "\"", 400),
        model("a model that gives no embeddings", "\"sum\"", 400),
        model("an unknown model", "\"nobody\"", 404),
        model("an empty model", "\"\"", 404),
        model("a model with a hyphen too many", "\"all-mini-lm-l6-v2\"", 404),
        model("two dots", "\"..\"", 404),
        model("a way up", "\"../../../../etc/passwd\"", 404),
        model("a way within", "\"all-minilm-l6-v2/1\"", 404),
        model("percent-encoded dots", "\"%2e%2e\"", 404),
        model("a NUL behind a model", "\"all-minilm-l6-v2\\u0000\"", 404),
        model("a hidden directory", "\".git\"", 404),
        model("a model of 100,000 characters", "\"" + "a".repeat(100_000) + "\"", 404));
  }

  private static List<BadInput> options() {
    String input = "\"input\":\"x\",";
    return List.of(
        field("an unknown field", input + "\"dimension\":1", "dimension"),
        field("an unknown field, deep", input + "\"x\":" + "[".repeat(10_000), "x[0]"),
        field("an unknown encoding", input + "\"encoding_format\":\"int8\"", "encoding_format"),
        field(
            "an encoding in capitals", input + "\"encoding_format\":\"BASE64\"", "encoding_format"),
        field("a number as encoding", input + "\"encoding_format\":1", "encoding_format"),
        field("dimensions it has not", input + "\"dimensions\":128", "dimensions").saying("384"),
        field("no dimensions", input + "\"dimensions\":0", "dimensions"),
        field("negative dimensions", input + "\"dimensions\":-1", "dimensions"),
        field("dimensions as text", input + "\"dimensions\":\"384\"", "dimensions"),
        field("a fraction of dimensions", input + "\"dimensions\":384.0", "dimensions"),
        field("dimensions beyond any number", input + "\"dimensions\":1e999", "dimensions"),
        field("truncate as text", input + "\"truncate\":\"true\"", "truncate"),
        field("a number as user", input + "\"user\":5", "user"),
        response("2,048 answers in decimals", texts(2048)).saying("base64"));
  }

  static String texts(int count) {
    StringBuilder texts = new StringBuilder("\"input\":[");
    for (int i = 0; i < count; i++) {
      texts.append(i == 0 ? "" : ",").append("\"never run ").append(i).append('"');
    }
    return texts.append(']').toString();
  }

  static String sample(String fields) {
    return "{\"model\":\"" + TestModels.SAMPLE + "\"," + fields + "}";
  }

  private static BadInput input(String name, String input, String field) {
    return field("input: " + name, "\"input\":" + input, field);
  }

  private static BadInput field(String name, String fields, String field) {
    return body(name, sample(fields), field);
  }

  private static BadInput body(String name, String json, String field) {
    return refused(name, json, 400, field);
  }

  private static BadInput bytes(String name, byte[] body, String field) {
    return BadInput.of(name, TestRequest.post(PATH, body), 400, field);
  }

  private static BadInput model(String name, String json, int status) {
    return refused(name, "{\"input\":\"x\",\"model\":" + json + "}", status, "model");
  }

  private static BadInput response(String name, String fields) {
    return refused(name, sample(fields), 413, null);
  }

  private static BadInput refused(String name, String json, int status, @Nullable String field) {
    return BadInput.of(name, TestRequest.post(PATH, json), status, field);
  }
}
