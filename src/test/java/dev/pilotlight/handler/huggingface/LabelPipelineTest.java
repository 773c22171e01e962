package dev.pilotlight.handler.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.tei.TeiModels;
import dev.pilotlight.model.OnnxModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pipelines of labels; the expected scores follow from the graph's formula.
final class LabelPipelineTest {
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

  @Test
  void oneTextGivesAListOfItsLabels() {
    double[] scores = softmax(logits(101, 7592, 102));
    JsonNode answer = post("'inputs':'hello'");
    assertThat(answer).hasSize(1);
    assertThat(answer.get(0)).hasSize(3);
    assertLabels(answer.get(0), scores, 3);

    JsonNode list = post("'inputs':['hello','world']");
    assertThat(list).hasSize(2);
    assertThat(list.get(0)).isEqualTo(answer.get(0));
    assertLabels(list.get(1), softmax(logits(101, 2088, 102)), 3);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "'top_k':1, softmax, 1",
        "'top_k':2, softmax, 2",
        "'top_k':9, softmax, 3",
        "'top_k':null, softmax, 3",
        "'function_to_apply':'sigmoid', sigmoid, 3",
        "'function_to_apply':'none', none, 3",
        "'function_to_apply':'default', softmax, 3",
        "'return_all_scores':true, softmax, 3",
        "'return_all_scores':false, softmax, 1",
        "`'top_k':1,'return_all_scores':false`, softmax, 1",
      })
  void parametersOfLabelsAreApplied(String parameter, String function, int count) {
    double[] logits = logits(101, 7592, 102);
    double[] scores =
        switch (function) {
          case "softmax" -> softmax(logits);
          case "sigmoid" -> Arrays.stream(logits).map(x -> 1 / (1 + Math.exp(-x))).toArray();
          default -> logits;
        };
    for (String place : new String[] {"'parameters':{%s}", "%s"}) {
      JsonNode answer = post("'inputs':'hello'," + place.formatted(parameter)).get(0);
      assertThat(answer).hasSize(count);
      assertLabels(answer, scores, count);
    }
  }

  /// The highest score first.
  private static void assertLabels(JsonNode labels, double[] scores, int count) {
    List<String> names = List.of("bad", "good", "so so");
    List<Integer> order =
        IntStream.range(0, 3)
            .boxed()
            .sorted((a, b) -> Double.compare(scores[b], scores[a]))
            .toList();
    for (int i = 0; i < count; i++) {
      assertThat(labels.get(i).get("label").asText()).isEqualTo(names.get(order.get(i)));
      assertThat(labels.get(i).get("score").asDouble())
          .isCloseTo(scores[order.get(i)], within(1e-6));
    }
  }

  @Test
  void theFunctionOfTheGraphIsNotAppliedTwice() {
    String own = TeiModels.post(api, "/models/sure", "{'inputs':'hello'}").toString();
    for (String function : List.of("sigmoid", "default")) {
      String body = "{'inputs':'hello','function_to_apply':'" + function + "'}";
      assertThat(TeiModels.post(api, "/models/sure", body).toString()).isEqualTo(own);
    }
  }

  @Test
  void aPairOfTextsIsClassifiedAsOne() {
    JsonNode pair = post("'inputs':{'text':'hello','text_pair':'world'}");
    assertThat(pair).hasSize(1);
    assertThat(pair).isNotEqualTo(post("'inputs':'hello'"));
    assertThat(post("'inputs':[{'text':'hello'},'hello']").findValues("score")).hasSize(6);
    assertThat(post("'inputs':{'text':'hello','text_pair':null}"))
        .isEqualTo(post("'inputs':'hello'"));
  }

  private static JsonNode post(String fields) {
    return TeiModels.post(api, "/models/classes", "{" + fields + "}");
  }

  private static double[] logits(long... tokens) {
    float[] mean = TeiModels.mean(tokens);
    double[] logits = new double[3];
    for (int label = 0; label < 3; label++) {
      for (int place = 0; place < mean.length; place++) {
        logits[label] += mean[place] * OnnxModels.classifierWeight(place, label);
      }
    }
    return logits;
  }

  private static double[] softmax(double[] logits) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(x -> Math.exp(x) / sum).toArray();
  }
}
