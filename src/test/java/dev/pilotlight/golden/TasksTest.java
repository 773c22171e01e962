package dev.pilotlight.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.handler.Harness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rankings, labels and similarities equal those of transformers.js on the same models: those of
/// [OtherAnswers].
@Order(1)
final class TasksTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUERY = "Which sentence is about the weather?";

  /// How far scores and cosines may be apart.
  private static final double SCORES = OtherAnswers.sameMachine() ? 1e-5 : 1e-4;

  /// The same where int8 kernels differ between CPUs.
  private static final double INT8_SCORES = OtherAnswers.sameMachine() ? 1e-5 : 2e-2;

  /// Logits this close may be ranked either way by the other implementation.
  private static final double LOGITS = OtherAnswers.sameMachine() ? 1e-4 : 1e-3;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static List<String> texts;

  @SuppressWarnings("NullAway.Init")
  private static OtherAnswers others;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() throws IOException {
    texts = Golden.plainTexts();
    others = OtherAnswers.of(root);
    api = TaskModels.write(root).start();
  }

  @AfterAll
  static void stop() throws IOException {
    api.close();
    others.write();
  }

  @ParameterizedTest
  @ValueSource(strings = {TaskModels.RANKER, TaskModels.TOY_RANKER, TaskModels.ROBERTA_RANKER})
  void rankingsHaveTheSameLogitsInTheSameOrder(String model) throws Exception {
    List<String> documents = new ArrayList<>(texts);
    documents.addAll(texts.subList(0, 5)); // ties
    assertRanked(model, documents);
  }

  @ParameterizedTest
  @ValueSource(strings = {TaskModels.RANKER, TaskModels.TOY_RANKER})
  void oneDocumentAndAThousandAreRankedAlike(String model) throws Exception {
    assertRanked(model, List.of("It will rain tomorrow."));
    assertRanked(model, IntStream.range(0, 1000).mapToObj(i -> "It rains " + i + " mm.").toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TaskModels.CLASSES,
        TaskModels.TOY_CLASSES,
        TaskModels.TOPICS,
        TaskModels.TOY_TOPICS
      })
  void labelsHaveTheSameScoresInTheSameOrder(String model) throws Exception {
    JsonNode expected = others.to(task(model, "labels", texts));
    ObjectNode request = JSON.createObjectNode();
    request.set("inputs", JSON.valueToTree(texts));
    request.putObject("parameters").put("top_k", 100);
    JsonNode answer = answer("/models/" + model, request);

    assertThat(answer).hasSize(texts.size());
    for (int i = 0; i < answer.size(); i++) {
      JsonNode theirs = expected.get(i);
      assertThat(answer.get(i).findValuesAsText("label"))
          .as(texts.get(i))
          .isEqualTo(theirs.findValuesAsText("label"));
      for (int j = 0; j < theirs.size(); j++) {
        assertThat(answer.get(i).get(j).get("score").asDouble())
            .as(texts.get(i))
            .isCloseTo(theirs.get(j).get("score").asDouble(), within(SCORES));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TaskModels.INT8, TaskModels.FP32})
  void similaritiesAreTheSameCosines(String model) throws Exception {
    for (List<String> sentences : List.of(texts, List.of(QUERY))) {
      JsonNode expected = others.to(task(model, "cosines", sentences).put("query", QUERY));
      ObjectNode request = JSON.createObjectNode();
      ObjectNode inputs = request.putObject("inputs").put("source_sentence", QUERY);
      inputs.set("sentences", JSON.valueToTree(sentences));
      JsonNode answer = answer("/models/" + model + "/pipeline/sentence-similarity", request);

      assertThat(answer).hasSize(sentences.size());
      for (int i = 0; i < answer.size(); i++) {
        assertThat(answer.get(i).asDouble())
            .as(sentences.get(i))
            .isCloseTo(
                expected.get(i).asDouble(),
                within(model.equals(TaskModels.INT8) ? INT8_SCORES : SCORES));
      }
    }
  }

  @Test
  void aScoreThatIsNotANumberIsAFailure() throws Exception {
    List<String> two = List.of("hello", "world");
    JsonNode expected = others.to(task(TaskModels.NAN, "labels", two));
    assertThat(expected.get(0).findValues("score")).noneMatch(JsonNode::isNull);
    assertThat(expected.get(1).findValues("score")).anyMatch(JsonNode::isNull);

    ObjectNode request = JSON.createObjectNode();
    request.set("inputs", JSON.valueToTree(two));
    Harness.Reply reply = api.post("/models/" + TaskModels.NAN, request.toString());
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.text()).contains("inputs[1]", TaskModels.NAN);
  }

  private static void assertRanked(String model, List<String> documents) throws Exception {
    JsonNode theirs = others.to(task(model, "rank", documents).put("query", QUERY));
    double[] logits = new double[documents.size()];
    Arrays.setAll(logits, i -> theirs.get(i).asDouble());
    double[] ranked = logits.clone();
    Arrays.sort(ranked);

    JsonNode ours = answer("/v2/rerank", ranking(model, QUERY, documents)).get("results");
    JsonNode raw =
        answer("/v2/rerank", ranking(model, QUERY, documents).put("raw_scores", true))
            .get("results");

    assertThat(ours).hasSize(documents.size());
    assertThat(ours.findValues("index")).isEqualTo(raw.findValues("index"));
    for (int i = 0; i < documents.size(); i++) {
      int index = raw.get(i).get("index").asInt();
      double logit = raw.get(i).get("relevance_score").asDouble();
      assertThat(logit).as(documents.get(index)).isCloseTo(logits[index], within(LOGITS));
      assertThat(logits[index]).isCloseTo(ranked[ranked.length - 1 - i], within(LOGITS));
      assertThat(ours.get(i).get("relevance_score").asDouble())
          .isEqualTo(Labels.sigmoid((float) logit));
      if (i > 0 && raw.get(i - 1).get("relevance_score").asDouble() == logit) {
        assertThat(index).isGreaterThan(raw.get(i - 1).get("index").asInt());
      }
    }
  }

  private static ObjectNode ranking(String model, String query, List<String> documents) {
    ObjectNode request = JSON.createObjectNode().put("model", model).put("query", query);
    request.set("documents", JSON.valueToTree(documents));
    return request;
  }

  private static ObjectNode task(String model, String task, List<String> texts) {
    ObjectNode one = JSON.createObjectNode().put("model", model).put("task", task);
    one.set("texts", JSON.valueToTree(texts));
    return one;
  }

  private static JsonNode answer(String path, ObjectNode request) {
    Harness.Reply reply = api.post(path, request.toString());
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }
}
