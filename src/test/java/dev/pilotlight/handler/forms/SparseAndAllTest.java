package dev.pilotlight.handler.forms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.forms.MaskGraphs;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sparse vectors and the vectors of all tokens, by the formulas of their sources.
class SparseAndAllTest {
  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = new FormModels(root).start("PILOTLIGHT_DEFAULT_MODEL", FormModels.SAMPLE);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void spladeIsTheLargestLogOfEachPositiveLogit() {
    String text = "Paris is the capital of France.";
    JsonNode answers = sparse("splade", Harness.JSON.valueToTree(text).toString(), "");

    long[] ids = FormModels.ids(api, "splade", text);
    assertThat(answers).hasSize(1);
    assertWeights(
        answers.get(0),
        FormModels.VOCABULARY,
        id ->
            Math.log1p(
                Math.max(
                    0,
                    IntStream.range(0, ids.length)
                        .mapToDouble(token -> MaskGraphs.logit(ids, token, id))
                        .max()
                        .orElseThrow())));
  }

  @Test
  void spladeMayAddOverTokensAndTakesPrompts() {
    JsonNode plain = sparse("sums", "\"query: a b\"", "");
    JsonNode prompted = sparse("sums", "\"a b\"", ",\"prompt_name\":\"query\"");
    assertThat(prompted).isEqualTo(plain);
    assertThat(sparse("sums", "\"a b\"", "")).isNotEqualTo(plain);

    long[] ids = FormModels.ids(api, "sums", "query: a b");
    assertWeights(
        plain.get(0),
        FormModels.VOCABULARY,
        id ->
            IntStream.range(0, ids.length)
                .mapToDouble(token -> Math.log1p(Math.max(0, MaskGraphs.logit(ids, token, id))))
                .sum());
  }

  @Test
  void lexicalWeightIsTheLargestOfEachTokenWithoutSpecialOnes() {
    String text = "one two three four five six seven eight cat and cat";
    long[] ids = FormModels.ids(api, "heads", text);
    assertLexical(
        sparse("heads", "\"" + text + "\"", "").get(0),
        ids,
        token -> MaskGraphs.hidden(ids, token, 0));
    assertLexical(
        sparse("linear", "\"" + text + "\"", "").get(0),
        ids,
        token -> {
          double weight = FormModels.BIAS;
          for (int place = 0; place < FormModels.LINEAR.length; place++) {
            weight += FormModels.LINEAR[place] * OnnxModels.embedding(ids[token], place);
          }
          return weight;
        });
  }

  @Test
  void textOfSpecialTokensAloneHasNoWeights() {
    String body = "{\"inputs\":[\"[SEP]\",\"[UNK] [SEP]\"],\"model\":\"heads\"}";
    for (boolean kept : new boolean[] {false, true}) {
      Harness.Reply reply = api.post("/embed_sparse", body);
      assertThat(reply.text()).isEqualTo("[[],[]]");
      assertThat(reply.header("cache-status").contains("hit")).isEqualTo(kept);
    }
  }

  private static void assertLexical(JsonNode answer, long[] ids, IntToDoubleFunction weight) {
    Map<Integer, Float> expected = new TreeMap<>();
    for (int token = 1; token < ids.length - 1; token++) {
      float own = (float) weight.applyAsDouble(token);
      if (own > 0) {
        expected.merge((int) ids[token], own, Math::max);
      }
    }
    assertThat(expected).isNotEmpty();
    Map<Integer, Float> actual = new TreeMap<>();
    for (JsonNode entry : answer) {
      actual.put(entry.get("index").asInt(), entry.get("value").floatValue());
    }
    assertThat(actual).isEqualTo(expected);
  }

  private static void assertWeights(JsonNode answer, int vocabulary, IntToDoubleFunction weight) {
    int at = 0;
    for (int id = 0; id < vocabulary; id++) {
      float expected = (float) weight.applyAsDouble(id);
      if (expected != 0) {
        JsonNode entry = answer.get(at++);
        assertThat(entry.fieldNames()).toIterable().containsExactly("index", "value");
        assertThat(entry.get("index").asInt()).isEqualTo(id);
        assertThat(entry.get("value").floatValue()).as("weight of %d", id).isEqualTo(expected);
      }
    }
    assertThat(answer).hasSize(at);
    assertThat(at).isBetween(1, vocabulary - 1);
  }

  @Test
  void oneModelAnswersEachFormUnderItsOwnKey() {
    String body = "{\"inputs\":\"three forms\",\"model\":\"heads\"}";
    for (String path : List.of("/embed", "/embed_all", "/embed_sparse")) {
      Harness.Reply first = api.post(path, body);
      assertThat(first.status()).as(first.text()).isEqualTo(200);
      assertThat(first.header("cache-status")).as(path).doesNotContain("hit");
      Harness.Reply again = api.post(path, body);
      assertThat(again.header("cache-status")).as(path).contains("hit");
      assertThat(again.body()).isEqualTo(first.body());
    }
    assertThat(api.post("/embed", body).json().get(0)).hasSize(OnnxModels.EMBEDDING_SIZE);
  }

  @Test
  void inputsMayBeIdsTextsOrBoth() {
    long[] ids = FormModels.ids(api, "splade", "hello world");
    String own = Harness.JSON.valueToTree(ids).toString();
    JsonNode mixed = sparse("splade", "[\"hello world\"," + own + "]", "");
    assertThat(mixed).hasSize(2);
    assertThat(mixed.get(1)).isEqualTo(mixed.get(0));
    JsonNode vectors = all("linear", own, "").json();
    assertThat(vectors).hasSize(1);
    assertThat(vectors.get(0)).hasSize(ids.length);
  }

  @Test
  void thousandTextsAreAnsweredInTheirOrder() {
    List<String> texts = IntStream.range(0, 1000).mapToObj(i -> "n " + i % 40).toList();
    String inputs = Harness.JSON.valueToTree(texts).toString();
    JsonNode vectors = all("linear", inputs, "").json();
    JsonNode weights = sparse("linear", inputs, "");
    assertThat(vectors).hasSize(1000);
    assertThat(weights).hasSize(1000);
    for (int i = 0; i < 1000; i += 137) {
      String own = Harness.JSON.valueToTree(texts.get(i)).toString();
      assertThat(vectors.get(i)).isEqualTo(all("linear", own, "").json().get(0));
      assertThat(weights.get(i)).isEqualTo(sparse("linear", own, "").get(0));
    }
  }

  @Test
  void requestWithoutModelIsAnsweredByOneThatHasTheForm() {
    assertThat(api.post("/embed_all", "{\"inputs\":\"a\"}").json().get(0).get(0)).hasSize(384);
    Harness.Reply sparse = api.post("/embed_sparse", "{\"inputs\":\"a\"}");
    assertThat(sparse.status()).as(sparse.text()).isEqualTo(200);
  }

  @Test
  void answerThatGrowsBeyondMemoryIsRefused() {
    String inputs = Harness.JSON.valueToTree(Collections.nCopies(200, "a")).toString();
    Harness.Reply reply =
        api.send(
            "POST",
            "/embed_sparse",
            Map.of("content-type", "application/json", "accept-encoding", "gzip"),
            "{\"model\":\"splade\",\"inputs\":%s}".formatted(inputs).getBytes(UTF_8));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.json().get("error").asText())
        .contains("the answer up to inputs[")
        .contains("accepted: up to 33554432");
  }

  @Test
  void valuesThatAreNotFiniteAreTheModelsFailure() {
    String body = "{\"inputs\":\"%s\",\"model\":\"nan-sparse\"}";
    assertThat(api.post("/embed_sparse", body.formatted("a")).status()).isEqualTo(200);
    Harness.Reply reply = api.post("/embed_sparse", body.formatted("d"));
    assertThat(reply.status()).as(reply.text()).isEqualTo(424);
    assertThat(reply.json().get("error_type").asText()).isEqualTo("Backend");
    assertThat(reply.json().get("error").asText()).contains("NaN").contains("values");
  }

  @Test
  void infoNamesThePooling() {
    Harness.Reply info = api.send("GET", "/v2/models/splade", Map.of(), new byte[0]);
    assertThat(info.json().at("/parameters/task/value").asText()).isEqualTo("sparse-embedding");
    assertThat(info.json().at("/parameters/pooling_strategy/value").asText()).isEqualTo("max");
    assertThat(info.json().at("/parameters/pooling_strategy/source").asText())
        .isEqualTo("1_SpladePooling/config.json");
    Harness.Reply heads = api.send("GET", "/v2/models/heads", Map.of(), new byte[0]);
    assertThat(heads.json().at("/parameters/sparse/value").asText()).isEqualTo("sparse_vecs");
  }

  private static JsonNode sparse(String model, String inputs, String further) {
    Harness.Reply reply =
        api.post(
            "/embed_sparse",
            "{\"inputs\":%s,\"model\":\"%s\"%s}".formatted(inputs, model, further));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static Harness.Reply all(String model, String inputs, String further) {
    Harness.Reply reply =
        api.post(
            "/embed_all", "{\"inputs\":%s,\"model\":\"%s\"%s}".formatted(inputs, model, further));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply;
  }
}
