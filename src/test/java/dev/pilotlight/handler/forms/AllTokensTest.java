package dev.pilotlight.handler.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.forms.MaskGraphs;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The vectors of all tokens.
class AllTokensTest {
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
  void allTokensOfTheRealModelPoolToItsEmbedding() {
    String text = "Paris is the capital of France.";
    Harness.Reply reply = all(FormModels.SAMPLE, Harness.JSON.valueToTree(text).toString(), "");
    JsonNode vectors = reply.json();

    long[] ids = FormModels.ids(api, FormModels.SAMPLE, text);
    assertThat(vectors).hasSize(1);
    assertThat(vectors.get(0)).hasSize(ids.length);
    assertThat(reply.header("x-compute-tokens")).isEqualTo(Integer.toString(ids.length));
    assertThat(reply.header("x-compute-characters")).isEqualTo(Integer.toString(text.length()));
    double[] mean = new double[384];
    double squares = 0;
    for (int place = 0; place < mean.length; place++) {
      for (JsonNode token : vectors.get(0)) {
        mean[place] += token.get(place).floatValue();
      }
      mean[place] /= ids.length;
      squares += mean[place] * mean[place];
    }
    JsonNode embedding =
        api.post("/embed", "{\"inputs\":%s}".formatted(Harness.JSON.valueToTree(text)))
            .json()
            .get(0);
    for (int place = 0; place < mean.length; place++) {
      float mine = (float) ((float) mean[place] / Math.sqrt(squares));
      assertThat(embedding.get(place).floatValue()).isCloseTo(mine, within(1e-6f));
    }
  }

  @Test
  void allTokensAreTheGraphsOwnBits() {
    long[] ids = FormModels.ids(api, "linear", "a b c");
    JsonNode vectors = all("linear", "\"a b c\"", "").json().get(0);
    assertThat(vectors).hasSize(ids.length);
    for (int token = 0; token < ids.length; token++) {
      for (int place = 0; place < OnnxModels.EMBEDDING_SIZE; place++) {
        assertThat(vectors.get(token).get(place).floatValue())
            .isEqualTo(OnnxModels.embedding(ids[token], place));
      }
    }
  }

  @Test
  void colbertHeadGivesAVectorForEachTokenButTheFirst() {
    long[] ids = FormModels.ids(api, "heads", "a b c");
    JsonNode vectors = all("heads", "\"a b c\"", "").json().get(0);
    assertThat(vectors).hasSize(ids.length - 1);
    for (int token = 1; token < ids.length; token++) {
      for (int place = 0; place < OnnxModels.EMBEDDING_SIZE; place++) {
        assertThat(vectors.get(token - 1).get(place).floatValue())
            .isEqualTo(MaskGraphs.hidden(ids, token, place));
      }
    }
  }

  @Test
  void textsAreTruncatedUnlessTheRequestForbidsIt() {
    String body = "{\"inputs\":\"%s\",\"model\":\"small-vectors\"%s}";
    String text = "a b c d e f g h i j";
    assertThat(api.post("/embed_all", body.formatted(text, ",\"truncate\":false")).status())
        .isEqualTo(422);
    JsonNode right = api.post("/embed_all", body.formatted(text, "")).json().get(0);
    JsonNode left =
        api.post("/embed_all", body.formatted(text, ",\"truncation_direction\":\"Left\""))
            .json()
            .get(0);
    assertThat(right).hasSize(6);
    assertThat(left).hasSize(6);
    long[] ids = FormModels.ids(api, "small-vectors", text);
    assertThat(right.get(1).get(0).floatValue()).isEqualTo(OnnxModels.embedding(ids[1], 0));
    assertThat(left.get(1).get(0).floatValue())
        .isEqualTo(OnnxModels.embedding(ids[ids.length - 5], 0));
  }

  @Test
  void vectorsThatNoResponseHoldsAreRefusedBeforeAnythingRuns() {
    String many =
        Harness.JSON
            .valueToTree(IntStream.range(0, 40).mapToObj(i -> i + " word".repeat(254)).toList())
            .toString();
    Harness.Reply reply = api.post("/embed_all", "{\"inputs\":%s}".formatted(many));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.json().get("error").asText())
        .contains("inputs[16]: the inputs up to here have 4352 tokens with 384 numbers each")
        .contains("accepted: up to 6291456 bytes, at most 4096 tokens");
    assertThat(reply.json().get("error_type").asText()).isEqualTo("Validation");
    String fewer =
        Harness.JSON
            .valueToTree(IntStream.range(0, 10).mapToObj(i -> i + " word".repeat(254)).toList())
            .toString();
    Harness.Reply plain = api.post("/embed_all", "{\"inputs\":%s}".formatted(fewer));
    assertThat(plain.status()).isEqualTo(413);
    assertThat(plain.json().get("error").asText()).contains("10 items").contains("6291456");
  }

  @Test
  void vectorsOfASizeThatTheGraphDoesNotDeclareAreLimitedLikewise() {
    assertThat(all("open", "\"a\"", "").json().get(0).get(0)).hasSize(4);
    String word = " word".repeat(500);
    List<String> texts = IntStream.range(0, 800).mapToObj(i -> i + word).toList();
    String body = "{\"inputs\":%s,\"model\":\"open\"}".formatted(Harness.JSON.valueToTree(texts));
    Harness.Reply reply = api.post("/embed_all", body);
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.json().get("error").asText())
        .contains("tokens with 4 numbers each")
        .contains("at most 393216 tokens");
  }

  private static Harness.Reply all(String model, String inputs, String further) {
    Harness.Reply reply =
        api.post(
            "/embed_all", "{\"inputs\":%s,\"model\":\"%s\"%s}".formatted(inputs, model, further));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply;
  }
}
