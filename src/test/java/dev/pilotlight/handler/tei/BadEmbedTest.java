package dev.pilotlight.handler.tei;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bodies that `POST /embed` refuses, and those that `POST /embeddings` refuses, each in the
/// route's error form.
final class BadEmbedTest {
  private static final int CASES_LEAST = 60;
  private static final String WORDS = "a ".repeat(300);

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = TeiModels.in(root).start("PILOTLIGHT_DEFAULT_MODEL", TeiModels.SAMPLE);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  /// A request that must be refused.
  ///
  /// @param part of the message
  record Bad(String name, TestRequest request, int status, String type, String part) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Bad> cases() {
    return Stream.of(documents(), inputs(), ids(), options(), models(), transport(), openAi())
        .flatMap(List::stream);
  }

  private static List<Bad> documents() {
    return List.of(
        body("an empty body", "", 400, "body is empty"),
        body("no JSON", "hello", 400, "not valid JSON"),
        body("an array", "[]", 400, "body is an array"),
        body("a string", "\"a\"", 400, "body is a string"),
        body("null", "null", 400, "body is null"),
        body("text after it", "{\"inputs\":\"a\"} x", 400, "not valid JSON"),
        body("a second document", "{\"inputs\":\"a\"}{}", 400, "continues"),
        body("a field twice", "{\"inputs\":\"a\",\"inputs\":\"b\"}", 400, "inputs"),
        body("cut off in a value", "{\"inputs\":\"he", 422, "truncated"),
        body("half a surrogate pair", "{\"inputs\":\"\\ud83d\"}", 422, "surrogate"),
        body("too deep", "{\"a\":" + "[".repeat(100), 422, "nesting"));
  }

  private static List<Bad> inputs() {
    return List.of(
        field("no inputs", "'normalize':true", "inputs is missing"),
        field("inputs that are null", "'inputs':null", "inputs is null"),
        field("a number", "'inputs':5", "inputs is a number"),
        field("an object", "'inputs':{'text':'a'}", "inputs is an object"),
        field("a boolean", "'inputs':true", "inputs is a boolean"),
        empty("an empty text", "'inputs':''", "inputs is empty"),
        empty("an empty list", "'inputs':[]", "inputs is empty"),
        empty("an empty text in a list", "'inputs':['a','']", "inputs[1] is empty"),
        empty("an empty list in a list", "'inputs':[[1],[]]", "inputs[1] is empty"),
        field("null in a list", "'inputs':['a',null]", "inputs[1] is null"),
        field("an object in a list", "'inputs':['a',{}]", "inputs[1] is an object"),
        field("a number in a list of texts", "'inputs':['a',1]", "inputs[1] is a number"),
        field("a list in a list in a list", "'inputs':[[[1]]]", "inputs[0][0]"),
        field("texts in a list in a list", "'inputs':[['a','b']]", "inputs[0][0]"),
        field("2,049 texts", "'inputs':[" + "'a',".repeat(2048) + "'a']", "more than 2048"),
        field("a long text", "'inputs':'" + WORDS + "','truncate':false", "302 tokens"),
        field(
            "a long text in a list",
            "'inputs':['a','" + WORDS + "'],'truncate':false",
            "inputs[1]"),
        field("input for inputs", "'input':'a'", "did you mean inputs"));
  }

  private static List<Bad> ids() {
    return List.of(
        field("a negative id", "'inputs':[101,-1]", "inputs[1]"),
        field("an id with a fraction", "'inputs':[101,1.5]", "inputs[1]"),
        field("an id over 31 bits", "'inputs':[2147483648]", "inputs[0]"),
        field("an id over 64 bits", "'inputs':[99999999999999999999]", "inputs[0]"),
        field("a text among ids", "'inputs':[101,'a']", "inputs[1]"),
        field("a list among ids", "'inputs':[101,[102]]", "inputs[1]"),
        field("an unknown id", "'inputs':[101,30522]", "token id 30522"),
        field("an unknown id in a list", "'inputs':['a',[30522]]", "inputs[1]: token id 30522"),
        field("100,001 ids", "'inputs':[" + "1,".repeat(100_000) + "1]", "100001 token ids"),
        field("a text among listed ids", "'inputs':[[101,'a']]", "inputs[0][1]"),
        field(
            "many ids",
            "'inputs':[" + "1037,".repeat(299) + "1037],'truncate':false",
            "300 tokens"));
  }

  private static List<Bad> options() {
    return List.of(
        option("truncate that is a text", "'truncate':'yes'", "truncate is a string"),
        option("truncate that is a number", "'truncate':1", "truncate is a number"),
        option("a side that does not exist", "'truncation_direction':'middle'", "Left, Right"),
        option("a side that is a number", "'truncation_direction':0", "truncation_direction"),
        option("a prompt that is a number", "'prompt_name':1", "prompt_name is a number"),
        option("a prompt that is unknown", "'prompt_name':'x','model':'plain'", "query, document"),
        option("normalize that is a text", "'normalize':'no'", "normalize is a string"),
        option("vectors as they were", "'normalize':false", "normalize is false"),
        option("no dimensions", "'dimensions':0", "dimensions is 0"),
        option("negative dimensions", "'dimensions':-1", "dimensions is -1"),
        option("a fraction of dimensions", "'dimensions':1.5", "dimensions"),
        option("too many dimensions", "'dimensions':385", "dimensions is 385"),
        option("dimensions that the model lacks", "'dimensions':100", "384, its own"),
        option("dimensions over the model's", "'dimensions':5,'model':'plain'", "1 to 4"),
        option("a use of other servers", "'input_type':'query'", "input_type is not supported"),
        option("an instruction", "'instruction':'x'", "instruction is not supported"),
        option("another form", "'encoding_format':'base64'", "encoding_format is not supported"),
        option("a near miss", "'truncat':true", "did you mean truncate"),
        option("another near miss", "'normalise':false", "did you mean normalize"),
        option("a prompt of a model without", "'prompt_name':'query'", "has no prompts"),
        field("a prompt of ids", "'inputs':[[101]],'prompt_name':''", "has no prompts"),
        option("a misspelt prompt", "'prompt_names':'query'", "did you mean prompt_name"));
  }

  private static List<Bad> models() {
    return List.of(
        option("a model that is a number", "'model':1", "model is a number"),
        bad(
            "a model that does not exist",
            "'inputs':'a','model':'none'",
            404,
            "Validation",
            "none"),
        bad("a name that cannot be", "'inputs':'a','model':'../x'", 404, "Validation", "model"),
        bad("a classifier", "'inputs':'a','model':'classes'", 424, "Backend", "classes"),
        bad("a ranker", "'inputs':'a','model':'ranker'", 424, "Backend", "ranker"),
        bad("a model of tensors", "'inputs':'a','model':'tensors'", 424, "Backend", "tensors"));
  }

  private static List<Bad> transport() {
    TestRequest good = TestRequest.post("/embed", "{\"inputs\":\"a\"}");
    return List.of(
        new Bad("plain text", good.with("content-type", "text/plain"), 415, "Validation", "json"),
        new Bad("an encoding", good.with("content-encoding", "br"), 415, "Validation", "gzip"),
        new Bad("no gzip", good.with("content-encoding", "gzip"), 400, "Validation", "gzip"),
        new Bad(
            "bytes that are not UTF-8",
            good.withBody("{\"inputs\":\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1)),
            400,
            "Validation",
            "UTF-8"),
        new Bad("another method", TestRequest.of("PUT", "/embed"), 405, "Validation", "POST"),
        new Bad(
            "only-if-cached",
            TestRequest.post("/embed", "{\"inputs\":\"never run\"}")
                .with("content-type", "application/json")
                .with("cache-control", "only-if-cached"),
            504,
            "Validation",
            "cached"),
        new Bad(
            "an answer that is too large",
            TestRequest.post("/embed", "{\"inputs\":[" + "\"a\",".repeat(2047) + "\"a\"]}"),
            413,
            "Validation",
            "2048 items"));
  }

  private static List<Bad> openAi() {
    return List.of(
        openAi("no input", "'inputs':'a'", 422, "Validation", "did you mean input"),
        openAi("an empty input", "'input':[]", 400, "Empty", "input is empty"),
        openAi(
            "an unknown encoding",
            "'input':'a','encoding_format':'hex'",
            422,
            "Validation",
            "float"),
        openAi("no dimensions", "'input':'a','dimensions':0", 422, "Validation", "dimensions is 0"),
        openAi("a user that is a number", "'input':'a','user':1", 422, "Validation", "user"),
        openAi("normalize", "'input':'a','normalize':false", 422, "Validation", "normalize is not"),
        openAi("truncate", "'input':'a','truncate':false", 422, "Validation", "truncate is not"),
        openAi("a classifier", "'input':'a','model':'classes'", 424, "Backend", "classes"),
        openAi("an unknown model", "'input':'a','model':'none'", 404, "Validation", "none"));
  }

  private static Bad field(String name, String fields, String part) {
    return bad(name, fields, 422, "Validation", part);
  }

  private static Bad option(String name, String option, String part) {
    return field(name, "'inputs':'a'," + option, part);
  }

  private static Bad empty(String name, String fields, String part) {
    return bad(name, fields, 400, "Empty", part);
  }

  private static Bad body(String name, String body, int status, String part) {
    return new Bad(name, TestRequest.post("/embed", body), status, "Validation", part);
  }

  private static Bad bad(String name, String fields, int status, String type, String part) {
    String body = TeiModels.quoted("{" + fields + "}");
    return new Bad(name, TestRequest.post("/embed", body), status, type, part);
  }

  private static Bad openAi(String name, String fields, int status, String type, String part) {
    String body = TeiModels.quoted("{" + fields + "}");
    return new Bad(name, TestRequest.post("/embeddings", body), status, type, part);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void badInputIsRefusedByName(Bad bad) {
    Harness.Reply reply = api.send(bad.request.event());
    assertThat(reply.status()).as(reply.text()).isEqualTo(bad.status);
    JsonNode error = reply.json();
    boolean flat = bad.request.path().equals("/embeddings");
    if (flat) {
      assertThat(error.fieldNames()).toIterable().containsExactly("message", "code", "type");
      assertThat(error.get("code").asInt()).isEqualTo(bad.status);
    } else {
      assertThat(error.fieldNames()).toIterable().containsExactly("error", "error_type");
    }
    assertThat(error.get(flat ? "type" : "error_type").asText()).isEqualTo(bad.type);
    assertThat(error.get(flat ? "message" : "error").asText())
        .contains(bad.part)
        .hasSizeBetween(10, 1100)
        .doesNotContain("Exception", ".java", "onnxruntime", "/tmp", "jackson");
  }

  @Test
  void thereAreCasesEnough() {
    assertThat(cases().count()).isGreaterThan(CASES_LEAST);
  }
}
