package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Metrics;
import dev.pilotlight.model.OnnxModels;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The resolved properties of a model, as the function shows them.
final class ModelFactsTest {
  @TempDir private Path root;

  @Test
  void metadataShowsEachDecisionWithItsSource() {
    try (Harness function = new TestModels(root).withSample().start()) {
      JsonNode facts = get(function, "/v2/models/" + TestModels.SAMPLE).get("parameters");

      assertThat(facts.at("/task/value").asText()).isEqualTo("embedding");
      assertThat(facts.at("/task/source").asText()).isEqualTo("modules.json");
      assertThat(facts.at("/pooling/value").asText()).isEqualTo("mean");
      assertThat(facts.at("/pooling/source").asText()).isEqualTo("1_Pooling/config.json");
      assertThat(facts.at("/normalised/value")).isEqualTo(Harness.JSON.valueToTree(true));
      assertThat(facts.at("/normalised/source").asText()).isEqualTo("modules.json");
      assertThat(facts.at("/max_tokens/value")).isEqualTo(Harness.JSON.valueToTree(256));
      assertThat(facts.at("/max_tokens/source").asText()).isEqualTo("sentence_bert_config.json");
      assertThat(facts.at("/dimensions/value")).isEqualTo(Harness.JSON.valueToTree(384));
      assertThat(facts.has("warnings")).isFalse();
    }
  }

  @Test
  void openAiListShowsTheSameOfLoadedModels() {
    try (Harness function = models().start()) {
      assertThat(get(function, "/v1/models/m").has("parameters")).isFalse();
      JsonNode metadata = get(function, "/v2/models/m").get("parameters");

      assertThat(get(function, "/v1/models/m").get("parameters")).isEqualTo(metadata);
      assertThat(get(function, "/v1/models").at("/data/1/parameters")).isEqualTo(metadata);
    }
  }

  @Test
  void assumptionsAreWarningsInMetadataAndLog() {
    Metrics log = new Metrics();
    JsonNode facts;
    Map<String, String> settings = Map.of("PILOTLIGHT_MODELS", models().root().toString());
    try (Harness function = new Harness(log, settings)) {
      facts = get(function, "/v2/models/m").get("parameters");
    }

    assertThat(facts.at("/pooling/source").asText()).isEqualTo("assumed");
    assertThat(facts.get("warnings")).isNotEmpty();
    for (JsonNode warning : facts.get("warnings")) {
      assertThat(log.lines()).anyMatch(line -> line.contains(warning.asText()));
    }
  }

  private TestModels models() {
    return new TestModels(root)
        .withSample()
        .with("m", OnnxModels.lastHiddenState())
        .withTokenizer("m");
  }

  private static JsonNode get(Harness function, String path) {
    Harness.Reply reply = function.send("GET", path, Map.of(), new byte[0]);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }
}
