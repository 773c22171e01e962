package dev.pilotlight.handler.huggingface;

import static dev.pilotlight.handler.huggingface.Bad.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
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

/// Parameters that the pipelines refuse.
final class BadParametersTest {
  private static final int CASES_LEAST = 45;
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

  static Stream<Bad> cases() {
    return Stream.of(parameters(), otherTasks(), contradictions(), labels()).flatMap(List::stream);
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
        label(
            "a prompt of labels", "'prompt_name':'query'", "parameters.prompt_name is there, but"),
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
        option(
            "two lengths, the other first",
            "'parameters':{'normalize':true},'normalize':false",
            "normalize contradicts"),
        option("two rules of truncation", "'truncate':true,'truncation':false", CONTRADICTS),
        option(
            "two sides",
            "'truncation_direction':'right','parameters':{'truncation_direction':'left'}",
            CONTRADICTS),
        option("two sizes", "'dimensions':384,'parameters':{'dimensions':128}", CONTRADICTS),
        option(
            "two prompts",
            "'prompt_name':'query','parameters':{'prompt_name':'document'}",
            CONTRADICTS),
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
        at(
            "logits of a graph of probabilities",
            "/models/sure",
            "'inputs':'a','parameters':{'function_to_apply':'none'}",
            400,
            "parameters.function_to_apply is 'none', but the graph of sure computes"),
        at(
            "another function than the graph's",
            "/models/sure",
            "'inputs':'a','function_to_apply':'softmax'",
            400,
            "function_to_apply is 'softmax', but the graph"),
        label("no label", "'top_k':0", "top_k is 0"),
        label("a negative count", "'top_k':-1", "top_k is -1"),
        label("a count that is a text", "'top_k':'all'", "top_k is a string"),
        label("an unknown function", "'function_to_apply':'relu'", "sigmoid, softmax, none"),
        label("a function that is a number", "'function_to_apply':1", "function_to_apply"),
        label("labels of a zero-shot model", "'candidate_labels':['a']", "candidate_labels"),
        label(
            "a long text", "'truncation':false},'inputs':'" + "a ".repeat(300) + "','x':{", "302"));
  }

  private static Bad option(String name, String option, String part) {
    return at(name, "/", "'inputs':'a'," + option, 400, part);
  }

  private static Bad similar(String name, String fields, String part) {
    return at(name, SIMILARITY, fields, 400, part);
  }

  private static Bad label(String name, String parameter, String part) {
    String inputs = parameter.contains("'inputs'") ? "" : "'inputs':'a',";
    return at(name, CLASSES, inputs + "'parameters':{" + parameter + "}", 400, part);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void badParametersAreRefusedByName(Bad bad) {
    bad.requireRefused(api);
  }

  @Test
  void thereAreCasesEnough() {
    assertThat(cases().count()).isGreaterThan(CASES_LEAST);
  }
}
