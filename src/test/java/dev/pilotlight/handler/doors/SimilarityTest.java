package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Similarities by the real model: cosines of the embeddings that `/v1/embeddings` answers.
class SimilarityTest {
  private static final List<String> SENTENCES =
      List.of("A cat sits on the mat.", "Grüße aus Köln \uD83D\uDE00", "A kitten is on a rug.");

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = DoorModels.start(root, "PILOTLIGHT_ITEMS_MAX", "5");
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void similarityIsTheCosineOfTheEmbeddings() {
    JsonNode body = similarity(SENTENCES, "");

    assertThat(body).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(body.get(i).asDouble())
          .isCloseTo(cosine(SENTENCES.getFirst(), SENTENCES.get(i)), within(1e-6));
    }
    assertThat(body.get(0).asDouble()).isCloseTo(1, within(1e-6));
    assertThat(body.get(2).asDouble()).isGreaterThan(body.get(1).asDouble() + 0.3);
  }

  @Test
  void parametersAreRead() {
    JsonNode plain = similarity(SENTENCES, "");
    String parameters =
        ",'parameters':{'truncate':true,'truncation_direction':'right','prompt_name':null}";

    assertThat(similarity(SENTENCES, parameters)).isEqualTo(plain);
    assertThat(similarity(SENTENCES, ",'parameters':null,'model':'all-minilm-l6-v2'"))
        .isEqualTo(plain);
  }

  @Test
  void theSourceSentenceCountsAgainstTheLimit() {
    assertThat(similarity(Collections.nCopies(4, "a"), "")).hasSize(4);
    Harness.Reply refused = send(Collections.nCopies(5, "a"), "");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("error").asText()).contains("up to 4");
  }

  @Test
  void longSentencesAreTruncatedUnlessTheRequestRefuses() {
    String text = "cat ".repeat(600).strip();
    assertThat(similarity(List.of(text), "")).hasSize(1);

    Harness.Reply refused = send(List.of("a", text), ",'parameters':{'truncate':false}");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("error").asText()).startsWith("inputs.sentences[1]");
  }

  private static double cosine(String a, String b) {
    String body = "{\"input\":" + Harness.JSON.valueToTree(List.of(a, b)) + "}";
    JsonNode data = api.post("/v1/embeddings", body).json().get("data");
    double product = 0;
    for (int i = 0; i < data.at("/0/embedding").size(); i++) {
      product +=
          data.at("/0/embedding").get(i).asDouble() * data.at("/1/embedding").get(i).asDouble();
    }
    return product;
  }

  private static JsonNode similarity(List<String> sentences, String more) {
    Harness.Reply reply = send(sentences, more);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static Harness.Reply send(List<String> sentences, String more) {
    String inputs =
        "{\"inputs\":{\"source_sentence\":\"%s\",\"sentences\":%s}%s}"
            .formatted(
                SENTENCES.getFirst(), Harness.JSON.valueToTree(sentences), more.replace('\'', '"'));
    return api.post("/similarity", inputs);
  }
}
