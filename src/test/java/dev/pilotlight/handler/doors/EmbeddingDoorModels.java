package dev.pilotlight.handler.doors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxModels;
import java.nio.file.Path;

/// The models of the tests of doors for embeddings.
///
/// | name | its difference |
/// |---|---|
/// | `all-minilm-l6-v2` | the real one, with 384 dimensions at unit length |
/// | `mean` | a toy with 4 dimensions, not at unit length; its vectors may be cut |
/// | `prompted` | the same with prompts `query: ` and `passage: ` |
/// | `left` | the same, truncates texts at their start to 6 tokens |
/// | `classes` | a classifier |
record EmbeddingDoorModels(Path root) {
  static final String SAMPLE = TestModels.SAMPLE;

  private static final String MODULES =
      "[{\"type\": \"sentence_transformers.models.Transformer\"},"
          + "{\"type\": \"sentence_transformers.models.Pooling\"}]";

  Harness start(String defaultModel) {
    TestModels models = new TestModels(root).withSample().withClassifier("classes");
    for (String name : new String[] {"mean", "prompted", "left"}) {
      models
          .with(name, OnnxModels.lastHiddenState())
          .withTokenizer(name)
          .with(name, "modules.json", MODULES)
          .with(name, "1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}")
          .with(name, "pilotlight.json", "{\"dimensions\": \"any\"}");
    }
    models
        .with(
            "prompted",
            "config_sentence_transformers.json",
            "{\"prompts\": {\"query\": \"query: \", \"passage\": \"passage: \"}}")
        .with("left", "tokenizer_config.json", "{\"truncation_side\": \"left\"}")
        .with("left", "pilotlight.json", "{\"max_tokens\": 6}");
    return models.start("PILOTLIGHT_DEFAULT_MODEL", defaultModel);
  }

  /// The embedding of a text by OpenAI's route, as decimals.
  static JsonNode embedding(Harness api, String model, String text) {
    Harness.Reply reply =
        api.post(
            "/v1/embeddings",
            "{\"model\": \"%s\", \"input\": \"%s\", \"truncate\": true}".formatted(model, text));
    return reply.json().at("/data/0/embedding");
  }
}
