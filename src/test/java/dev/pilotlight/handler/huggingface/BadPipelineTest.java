package dev.pilotlight.handler.huggingface;

import static dev.pilotlight.handler.huggingface.Bad.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.tei.TeiModels;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests that the paths of Hugging Face's inference API refuse, in its error form.
final class BadPipelineTest {
  private static final int CASES_LEAST = 45;
  private static final String CLASSES = "/models/classes";
  private static final String SIMILARITY = "/pipeline/sentence-similarity/all-minilm-l6-v2";

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

  static Stream<Bad> cases() {
    return Stream.of(documents(), inputs(), sentences(), pairs(), paths()).flatMap(List::stream);
  }

  private static List<Bad> documents() {
    return List.of(
        body("an empty body", "", "body is empty"),
        body("no JSON", "hello", "not valid JSON"),
        body("an array", "[]", "body is an array"),
        body("a string", "\"a\"", "body is a string"),
        body("text after it", "{\"inputs\":\"a\"} x", "not valid JSON"),
        body("a field twice", "{\"inputs\":\"a\",\"inputs\":\"b\"}", "inputs"),
        body("half a surrogate pair", "{\"inputs\":\"\\ud83d\"}", "surrogate"),
        new Bad(
            "plain text",
            TestRequest.post("/", "{}").with("content-type", "text/plain"),
            415,
            "json"),
        new Bad(
            "JSON as an image",
            TestRequest.post("/", "{}").with("content-type", "image/png"),
            415,
            "body is not of a known image format"));
  }

  private static List<Bad> inputs() {
    return List.of(
        bad("no inputs", "'parameters':{}", "inputs is missing"),
        bad("inputs that are null", "'inputs':null", "inputs is null"),
        bad("a number", "'inputs':5", "inputs is a number"),
        bad("a boolean", "'inputs':false", "inputs is a boolean"),
        bad("an empty text", "'inputs':''", "inputs is empty"),
        bad("an empty list", "'inputs':[]", "inputs is empty"),
        bad("an empty text in a list", "'inputs':['a','']", "inputs[1] is empty"),
        bad("a number in a list", "'inputs':['a',1]", "inputs[1] is a number"),
        bad("null in a list", "'inputs':[null]", "inputs[0] is null"),
        bad("a list in a list", "'inputs':[['a','b']]", "inputs[0] is an array"),
        bad("2,049 texts", "'inputs':[" + "'a',".repeat(2048) + "'a']", "more than 2048"),
        bad("an empty object", "'inputs':{}", "inputs.text is missing"),
        bad("an unknown object", "'inputs':{'question':'a'}", "inputs.question"),
        bad("input for inputs", "'input':'a'", "did you mean inputs"));
  }

  private static List<Bad> sentences() {
    return List.of(
        similar("a text", "'inputs':'a'", "does not fit the task sentence-similarity"),
        similar("no source", "'inputs':{'sentences':['a']}", "inputs.source_sentence is missing"),
        similar("no sentences", "'inputs':{'source_sentence':'a'}", "inputs.sentences is missing"),
        similar(
            "no sentence", "'inputs':{'source_sentence':'a','sentences':[]}", "sentences is empty"),
        similar(
            "an empty sentence",
            "'inputs':{'source_sentence':'a','sentences':['b','']}",
            "inputs.sentences[1] is empty"),
        similar("an empty source", "'inputs':{'source_sentence':'','sentences':['b']}", "is empty"),
        similar(
            "a sentence that is a number",
            "'inputs':{'source_sentence':'a','sentences':[1]}",
            "inputs.sentences[0]"),
        similar(
            "sentences that are a text",
            "'inputs':{'source_sentence':'a','sentences':'b'}",
            "inputs.sentences is a string"),
        similar(
            "sentences and a pair",
            "'inputs':{'source_sentence':'a','sentences':['b'],'text':'c'}",
            "a pair and of sentences"),
        similar(
            "2,048 sentences",
            "'inputs':{'source_sentence':'a','sentences':[" + "'a',".repeat(2047) + "'a']}",
            "more than 2048"),
        at(
            "sentences for vectors",
            "/pipeline/feature-extraction/all-minilm-l6-v2",
            "'inputs':{'source_sentence':'a','sentences':['b']}",
            400,
            "does not fit the task feature-extraction"),
        at(
            "sentences for labels",
            CLASSES,
            "'inputs':{'source_sentence':'a','sentences':['b']}",
            400,
            "sentence-similarity"));
  }

  private static List<Bad> pairs() {
    return List.of(
        bad("a pair for vectors", "'inputs':{'text':'a','text_pair':'b'}", "inputs is a pair"),
        bad(
            "a pair in a list",
            "'inputs':['a',{'text':'a','text_pair':'b'}]",
            "inputs[1] is a pair"),
        at("no first text", CLASSES, "'inputs':{'text_pair':'b'}", 400, "inputs.text is missing"),
        at("an empty pair", CLASSES, "'inputs':[{}]", 400, "inputs[0].text is missing"),
        at(
            "sentences in a list",
            CLASSES,
            "'inputs':[{'source_sentence':'a'}]",
            400,
            "inputs[0] is an object of sentences"));
  }

  private static List<Bad> paths() {
    return List.of(
        at("an unknown model", "/models/none", "'inputs':'a'", 404, "none"),
        at("an unknown owner's", "/models/x/y/z", "'inputs':'a'", 404, "x/y/z"),
        at("a name that cannot be", "/models/..", "'inputs':'a'", 404, "model"),
        at(
            "an unknown task",
            "/models/classes/pipeline/dance",
            "'inputs':'a'",
            404,
            "pipeline 'dance'"),
        at(
            "a task that the model lacks",
            "/models/classes/pipeline/feature-extraction",
            "'inputs':'a'",
            400,
            "text-classification"),
        at(
            "labels of an embedder",
            "/pipeline/text-classification/plain",
            "'inputs':'a'",
            400,
            "embedding"),
        at("a model of tensors", "/models/tensors", "'inputs':'a'", 400, "tensors"),
        new Bad("another method", TestRequest.of("GET", "/models/plain"), 405, "POST"),
        new Bad("a method at the root", TestRequest.of("PUT", "/"), 405, "GET, HEAD, POST"),
        new Bad("GET of a container's path", TestRequest.of("GET", "/invocations"), 405, "POST"),
        at("a model that is a number", "/", "'inputs':'a','model':1", 400, "model is a number"),
        at(
            "another model than the path's",
            "/models/plain",
            "'inputs':'a','model':'classes'",
            400,
            "model is 'classes', but the path names plain"));
  }

  private static Bad bad(String name, String fields, String part) {
    return at(name, "/", fields, 400, part);
  }

  private static Bad similar(String name, String fields, String part) {
    return at(name, SIMILARITY, fields, 400, part);
  }

  private static Bad body(String name, String body, String part) {
    return new Bad(name, TestRequest.post("/", body), 400, part);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void badInputIsRefusedByName(Bad bad) {
    bad.requireRefused(api);
  }

  @Test
  void thereAreCasesEnough() {
    assertThat(cases().count()).isGreaterThan(CASES_LEAST);
  }
}
