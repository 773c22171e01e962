package dev.pilotlight.handler.huggingface;

import dev.pilotlight.handler.Harness;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests for the labels of tokens that are refused, in the error form of the path.
final class BadTokenPipelineTest {
  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = TokenPipelineTest.start(root);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  static Stream<Bad> cases() {
    return Stream.of(parameters(), inputs(), tasks()).flatMap(List::stream);
  }

  private static List<Bad> parameters() {
    return List.of(
        parameter("'stride':4", 400, "parameters.stride is not supported"),
        parameter("'grouped_entities':true", 400, "parameters.grouped_entities is not supported"),
        parameter("'ignore_subwords':true", 400, "parameters.ignore_subwords is not supported"),
        parameter("'offset_mapping':[[0,1]]", 400, "parameters.offset_mapping is not supported"),
        parameter("'is_split_into_words':true", 400, "is_split_into_words is not supported"),
        parameter("'delimiter':' '", 400, "parameters.delimiter is not supported"),
        parameter("'aggregation_strategy':'most'", 400, "accepted: none, simple, first, average"),
        parameter("'aggregation_strategy':''", 400, "parameters.aggregation_strategy is ''"),
        parameter("'aggregation_strategy':1", 400, "parameters.aggregation_strategy"),
        parameter("'aggregation_strateg':'max'", 400, "aggregation_strategy"),
        parameter("'ignore_labels':'O'", 400, "parameters.ignore_labels"),
        parameter("'ignore_labels':[1]", 400, "parameters.ignore_labels[0]"),
        Bad.at(
            "1,001 labels to ignore",
            "/",
            "'inputs':'a','parameters':{'ignore_labels':[%s'O']}".formatted("'O',".repeat(1000)),
            400,
            "parameters.ignore_labels has more than 1000 elements; accepted: up to 1000"),
        parameter("'ignore_label':['O']", 400, "ignore_labels"),
        parameter("'top_k':2", 400, "parameters.top_k is not a parameter"),
        parameter("'normalize':true", 400, "parameters.normalize is not a parameter"),
        parameter("'function_to_apply':'none'", 400, "is not a parameter of the task token-"),
        parameter("'prompt_name':'query'", 400, "prompt"));
  }

  private static List<Bad> inputs() {
    return List.of(
        Bad.at("empty text", "/", "'inputs':''", 400, "inputs is empty"),
        Bad.at("empty list", "/", "'inputs':[]", 400, "inputs is empty"),
        Bad.at("one empty text", "/", "'inputs':['a','']", 400, "inputs[1] is empty"),
        Bad.at("a number", "/", "'inputs':1", 400, "inputs"),
        Bad.at("no inputs", "/", "'parameters':{}", 400, "inputs is missing"),
        Bad.at(
            "a pair",
            "/",
            "'inputs':{'text':'a','text_pair':'b'}",
            400,
            "inputs is a pair of texts"),
        Bad.at(
            "a pair in a list",
            "/",
            "'inputs':['a',{'text':'a','text_pair':'b'}]",
            400,
            "inputs[1] is a pair"));
  }

  private static List<Bad> tasks() {
    return List.of(
        Bad.at(
            "sentences for the model",
            "/models/ner-model",
            "'inputs':{'source_sentence':'a','sentences':['b']}",
            400,
            "token-classification"),
        Bad.at(
            "labels of texts",
            "/pipeline/text-classification/ner-model",
            "'inputs':'a'",
            400,
            "accepted for text-classification: a model with the task text-classification"),
        Bad.at(
            "vectors",
            "/pipeline/feature-extraction/ner-model",
            "'inputs':'a'",
            400,
            "accepted for feature-extraction: a model with the task embedding"),
        Bad.at(
            "another model", "/pipeline/ner/classes", "'inputs':'a'", 400, "token-classification"),
        Bad.at("tensors", "/pipeline/ner/tensors", "'inputs':'a'", 400, "token-classification"),
        Bad.at("another task", "/pipeline/nerd/ner-model", "'inputs':'a'", 404, "token-class"));
  }

  private static Bad parameter(String parameter, int status, String part) {
    return Bad.at(parameter, "/", "'inputs':'a','parameters':{" + parameter + "}", status, part);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isRefused(Bad bad) {
    bad.requireRefused(api);
  }
}
