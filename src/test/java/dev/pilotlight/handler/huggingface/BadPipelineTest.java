package dev.pilotlight.handler.huggingface;

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
  private static final int CASES_LEAST = 60;
  private static final String CLASSES = "/models/classes";
  private static final String CONTRADICTS = "contradicts another field of the request";
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

  /// A request that must be refused.
  ///
  /// @param part of the message
  record Bad(String name, TestRequest request, int status, String part) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Bad> cases() {
    return Stream.of(documents(), inputs(), sentences(), pairs(), parameters(), otherTasks(), contradictions(), labels(), paths())
        .flatMap(List::stream);
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
            "a stream",
            TestRequest.post("/", "{}").with("content-type", "image/png"),
            415,
            "json"));
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

  private static List<Bad> parameters() {
    return List.of(
        option("parameters that are a list", "'parameters':[]", "parameters is an array"),
        option("options that are a text", "'options':'x'", "options is a string"),
        option("use_cache that is a number", "'options':{'use_cache':0}", "options.use_cache"),
        option("wait_for_model that is a text", "'options':{'wait_for_model':'y'}", "options.wait"),
        option("a misspelt option", "'options':{'use_cach':false}", "did you mean use_cache"),
        option("truncate that is a text", "'truncate':'yes'", "truncate is a string"),
        option("an unknown side", "'truncation_direction':'up'", "Left, Right"),
        option("the other side", "'truncation_direction':'left'", "truncates texts at the right"),
        option("normalize that is a number", "'normalize':1", "normalize is a number"),
        option("vectors as they were", "'parameters':{'normalize':false}", "normalize is false"),
        option("no dimensions", "'dimensions':0", "dimensions is 0"),
        option("other dimensions", "'parameters':{'dimensions':100}", "384, its own"),
        option("base64", "'encoding_format':'base64'", "accepted: float"),
        option("a prompt of a model without", "'prompt_name':'query'", "has no prompts"),
        label("a prompt of labels", "'prompt_name':'query'", "parameters.prompt_name is there, but"),
        option("a prompt that is a number", "'prompt_name':1", "prompt_name is a number"),
        option(
            "a length", "'parameters':{'max_length':8}", "parameters.max_length is not supported"),
        option("a use of other servers", "'input_type':'query'", "input_type is not supported"),
        option("an instruction", "'instruction':'x'", "instruction is not supported"),
        option("a near miss", "'parameters':{'normalise':true}", "did you mean normalize"),
        option("a near miss next to inputs", "'paramters':{}", "did you mean parameters"),
        at(
            "an unknown prompt",
            "/models/plain",
            "'inputs':'a','prompt_name':'x'",
            400,
            "query, document"));
  }

  private static List<Bad> otherTasks() {
    String sentences = "'inputs':{'source_sentence':'a','sentences':['b']},";
    return List.of(
        option("labels of a vector", "'top_k':1", "top_k is not a parameter"),
        option("all labels of a vector", "'return_all_scores':true", "return_all_scores is not"),
        option(
            "a function of vectors",
            "'parameters':{'function_to_apply':'default'}",
            "parameters.function_to_apply is not a parameter of the task feature-extraction"),
        similar("a size of sentences", sentences + "'dimensions':384", "dimensions is not"),
        similar("a length of sentences", sentences + "'normalize':true", "normalize is not"),
        similar("labels of sentences", sentences + "'parameters':{'top_k':1}", "top_k is not"),
        similar("a form of cosines", sentences + "'encoding_format':'float'", "encoding_format"),
        label("a size of labels", "'dimensions':2", "of the task text-classification; accepted: "),
        label("a length of labels", "'normalize':true", "normalize is not a parameter"));
  }

  private static List<Bad> contradictions() {
    return List.of(
        option("two lengths", "'normalize':true,'parameters':{'normalize':false}", CONTRADICTS),
        option("two lengths, the other first", "'parameters':{'normalize':true},'normalize':false",
            "normalize contradicts"),
        option("two rules of truncation", "'truncate':true,'truncation':false", CONTRADICTS),
        option("two sides", "'truncation_direction':'right','parameters':{'truncation_direction':'left'}", CONTRADICTS),
        option("two sizes", "'dimensions':384,'parameters':{'dimensions':128}", CONTRADICTS),
        option("two prompts", "'prompt_name':'query','parameters':{'prompt_name':'document'}", CONTRADICTS),
        label("a count and one label", "'top_k':5,'return_all_scores':false", CONTRADICTS),
        label("a count and all labels", "'return_all_scores':true,'top_k':2", CONTRADICTS),
        at(
            "two functions",
            CLASSES,
            "'inputs':'a','function_to_apply':'default','parameters':{'function_to_apply':'none'}",
            400,
            "parameters.function_to_apply contradicts"));
  }

  private static List<Bad> labels() {
    return List.of(
        label("no label", "'top_k':0", "top_k is 0"),
        label("a negative count", "'top_k':-1", "top_k is -1"),
        label("a count that is a text", "'top_k':'all'", "top_k is a string"),
        label("an unknown function", "'function_to_apply':'relu'", "sigmoid, softmax, none"),
        label("a function that is a number", "'function_to_apply':1", "function_to_apply"),
        label("labels of a zero-shot model", "'candidate_labels':['a']", "candidate_labels"),
        label(
            "a long text", "'truncation':false},'inputs':'" + "a ".repeat(300) + "','x':{", "302"));
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
        at("a model that is a number", "/", "'inputs':'a','model':1", 400, "model is a number"));
  }

  private static Bad bad(String name, String fields, String part) {
    return at(name, "/", fields, 400, part);
  }

  private static Bad option(String name, String option, String part) {
    return bad(name, "'inputs':'a'," + option, part);
  }

  private static Bad similar(String name, String fields, String part) {
    return at(name, SIMILARITY, fields, 400, part);
  }

  private static Bad label(String name, String parameter, String part) {
    String inputs = parameter.contains("'inputs'") ? "" : "'inputs':'a',";
    return at(name, CLASSES, inputs + "'parameters':{" + parameter + "}", 400, part);
  }

  private static Bad body(String name, String body, String part) {
    return new Bad(name, TestRequest.post("/", body), 400, part);
  }

  private static Bad at(String name, String path, String fields, int status, String part) {
    String body = TeiModels.quoted("{" + fields + "}");
    return new Bad(name, TestRequest.post(path, body), status, part);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void badInputIsRefusedByName(Bad bad) {
    Harness.Reply reply = api.send(bad.request.event());
    assertThat(reply.status()).as(reply.text()).isEqualTo(bad.status);
    assertThat(reply.json().fieldNames()).toIterable().containsExactly("error");
    assertThat(reply.json().get("error").asText())
        .contains(bad.part)
        .hasSizeBetween(10, 1100)
        .doesNotContain("Exception", ".java", "onnxruntime", "/tmp", "jackson");
  }

  @Test
  void thereAreCasesEnough() {
    assertThat(cases().count()).isGreaterThan(CASES_LEAST);
  }
}
