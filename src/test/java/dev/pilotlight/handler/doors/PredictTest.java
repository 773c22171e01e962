package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.handler.Harness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// All labels of texts by `/predict`; the expected scores follow from the graph's formula.
class PredictTest {
  private static final List<String> LABELS = List.of("bad", "good", "so so");
  private static final double CLOSE = 1e-6;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = DoorModels.start(root);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'a b'", "['a b']"})
  void oneTextHasOneListOfAllLabels(String inputs) {
    JsonNode body = predict("'inputs':" + inputs);

    assertThat(body.get(0).fieldNames()).toIterable().containsExactly("score", "label");
    assertProbabilities(body, "a b");
  }

  @Test
  void batchHasAListForEachText() {
    JsonNode body = predict("'inputs':[['a'],['b c'],['z']]");

    assertThat(body).hasSize(3);
    assertProbabilities(body.get(0), "a");
    assertProbabilities(body.get(1), "b c");
    assertProbabilities(body.get(2), "z");
    assertThat(predict("'inputs':[['a']]")).hasSize(1);
  }

  private static void assertProbabilities(JsonNode scores, String text) {
    double[] powers =
        IntStream.range(0, 3).mapToDouble(i -> Math.exp(DoorModels.classLogit(text, i))).toArray();
    double sum = powers[0] + powers[1] + powers[2];
    List<Integer> order =
        IntStream.range(0, 3).boxed().sorted(Comparator.comparingDouble(i -> -powers[i])).toList();
    assertThat(scores).hasSize(3);
    for (int place = 0; place < 3; place++) {
      int label = order.get(place);
      assertThat(scores.get(place).get("label").asText()).isEqualTo(LABELS.get(label));
      assertThat(scores.get(place).get("score").asDouble())
          .isCloseTo(powers[label] / sum, within(CLOSE));
    }
  }

  @Test
  void twoStringsAreOnePair() {
    JsonNode one = predict("'model':'ranker','inputs':['h','a']");

    assertThat(one).hasSize(1);
    assertThat(one.at("/0/label").asText()).isEqualTo("LABEL_0");
    assertThat(one.at("/0/score").asDouble())
        .isCloseTo(Labels.sigmoid(DoorModels.logit("h", "a")), within(1e-15));
    JsonNode batch = predict("'model':'ranker','inputs':[['h','a'],['h'],['h','b']]");
    assertThat(batch).hasSize(3);
    assertThat(batch.at("/2/0/score").asDouble())
        .isCloseTo(Labels.sigmoid(DoorModels.logit("h", "b")), within(1e-15));
    assertThat(batch.get(0)).isEqualTo(one);
  }

  @Test
  void rawScoresAreLogits() {
    JsonNode body = predict("'inputs':'a b','raw_scores':true");

    double best =
        IntStream.range(0, 3).mapToDouble(i -> DoorModels.classLogit("a b", i)).max().orElseThrow();
    assertThat(body.at("/0/score").asDouble()).isCloseTo(best, within(CLOSE));
    assertThat(body.get(0).get("score").asText())
        .isEqualTo(Float.toString((float) body.get(0).get("score").asDouble()));
  }

  @Test
  void topKLimitsTheLabels() {
    assertThat(predict("'inputs':'a','top_k':2")).hasSize(2);
    assertThat(predict("'inputs':'a','top_k':0")).hasSize(3);
    assertThat(predict("'inputs':[['a'],['b']],'top_k':9").get(1)).hasSize(3);
    assertThat(predict("'inputs':'a','top_k':1").get(0)).isEqualTo(predict("'inputs':'a'").get(0));
  }

  @Test
  void aThousandTextsArePredicted() {
    List<List<String>> texts = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      texts.add(List.of("%c %c".formatted('a' + i % 26, 'a' + i / 26 % 26)));
    }
    JsonNode body = predict("'inputs':" + Harness.JSON.valueToTree(texts));

    assertThat(body).hasSize(1000);
    assertProbabilities(body.get(999), texts.get(999).getFirst());
  }

  @Test
  void textsAreStoredByThemselves() {
    predict("'inputs':[['u v']]");
    Harness.Reply reply = send("'inputs':'u v','truncate':true,'raw_scores':true");

    assertThat(reply.header("cache-status")).contains("hit");
  }

  @Test
  void textsOverTheLimitAreTruncatedUnlessTheRequestRefuses() {
    String text = "a ".repeat(40).strip();

    assertProbabilities(predict("'inputs':'%s'".formatted(text)), "a ".repeat(14).strip());
    Harness.Reply refused = send("'inputs':[['b'],['%s']],'truncate':false".formatted(text));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("error").asText()).startsWith("inputs[1]");
    assertThat(refused.json().get("error_type").asText()).isEqualTo("Validation");
  }

  private static JsonNode predict(String fields) {
    Harness.Reply reply = send(fields);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static Harness.Reply send(String fields) {
    return api.post("/predict", "{" + fields.replace('\'', '"') + "}");
  }
}
