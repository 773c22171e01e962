package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TextGraphs;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Classifiers and rerankers in the folders that sentence-transformers writes, of several of its
/// versions, through the whole function.
final class SavedClassifiersTest {
  private static final int[] HELLO_WORLD = {101, 7592, 2088, 102};
  private static final String TEXT =
      "{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"hello world\"]}";

  private static final String CLASSIFIER =
      "{\"architectures\": [\"BertForSequenceClassification\"]%s}";
  private static final String LABELS =
      ", \"id2label\": {\"0\": \"contradiction\", \"1\": \"entailment\", \"2\": \"neutral\"}";

  // as version 5.4 writes them
  private static final String TRANSFORMER =
      """
      [{"idx": 0, "name": "0", "path": "",
        "type": "sentence_transformers.base.modules.transformer.Transformer"}%s]
      """;
  private static final String LOGIT_SCORE =
      """
      , {"idx": 1, "name": "1", "path": "1_LogitScore",
        "type": "sentence_transformers.cross_encoder.modules.logit_score.LogitScore"}
      """;
  private static final String POOLING =
      """
      , {"idx": 1, "name": "1", "path": "1_Pooling",
        "type": "sentence_transformers.sentence_transformer.modules.pooling.Pooling"}
      """;
  private static final String SENTENCE =
      """
      {"transformer_task": "%s", "modality_config": {"text": {"method": "forward",
        "method_output_name": "logits"}}, "module_output_name": "scores"}
      """;
  private static Harness harness;
  private static InferClient client;

  @BeforeAll
  static void start(@TempDir Path root) {
    TestModels models = new TestModels(root);
    saved(models, "identity", TextGraphs.reranker(), "CrossEncoder", "linear.Identity");
    saved(models, "sigmoid", TextGraphs.reranker(), "CrossEncoder", "activation.Sigmoid");
    saved(models, "nli", OnnxModels.textClassification(), "CrossEncoder", "linear.Identity");
    models.with("nli", "config.json", CLASSIFIER.formatted(LABELS));
    saved(models, "sparse", OnnxModels.lastHiddenState(), "SparseEncoder", "linear.Identity");
    saved(models, "causal", OnnxModels.lastHiddenState(), "CrossEncoder", "linear.Identity");
    models.with("causal", "modules.json", TRANSFORMER.formatted(LOGIT_SCORE));
    models.with("causal", "sentence_bert_config.json", SENTENCE.formatted("text-generation"));

    plain(models, "modules-only", OnnxModels.textClassification(), LABELS);
    models.with("modules-only", "modules.json", TRANSFORMER.formatted(""));
    plain(models, "task-only", OnnxModels.textClassification(), LABELS);
    models.with(
        "task-only", "sentence_bert_config.json", SENTENCE.formatted("sequence-classification"));
    plain(
        models,
        "version-4",
        TextGraphs.reranker(),
        ", \"sentence_transformers\": {\"activation_fn\": \"torch.nn.modules.linear.Identity\","
            + " \"version\": \"4.0.1\"}");
    plain(
        models,
        "version-3",
        TextGraphs.reranker(),
        ", \"sbert_ce_default_activation_function\": \"torch.nn.modules.linear.Identity\"");
    plain(models, "plain", TextGraphs.reranker(), "");

    plain(models, "embedding", OnnxModels.lastHiddenState(), "");
    models.with("embedding", "modules.json", TRANSFORMER.formatted(POOLING));
    models.with("embedding", "1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}");
    harness = models.start();
    client = new InferClient(harness);
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  @ParameterizedTest
  @CsvSource({
    "identity, false",
    "sigmoid, true",
    "version-4, false",
    "version-3, false",
    "plain, true"
  })
  void rerankerScoresByTheFunctionThatWasSaved(String model, boolean sigmoid) {
    double logit = 0;
    for (int token : HELLO_WORLD) {
      for (int place = 0; place < OnnxModels.EMBEDDING_SIZE; place++) {
        logit += OnnxModels.embedding(token, place);
      }
    }

    JsonNode outputs = infer(model);

    assertThat(outputs.at("/0/name").asText()).isEqualTo("label");
    assertThat(outputs.at("/1/data/0").asDouble())
        .isCloseTo(sigmoid ? 1 / (1 + Math.exp(-logit)) : logit, within(1e-5));
  }

  @ParameterizedTest
  @CsvSource({"nli", "modules-only", "task-only"})
  void classifierOfSeveralLabelsGivesTheBestAndItsProbability(String model) {
    double[] logits = new double[3];
    for (int label = 0; label < logits.length; label++) {
      for (int place = 0; place < OnnxModels.EMBEDDING_SIZE; place++) {
        for (int token : HELLO_WORLD) {
          logits[label] +=
              OnnxModels.embedding(token, place)
                  * OnnxModels.classifierWeight(place, label)
                  / HELLO_WORLD.length;
        }
      }
    }
    int best = 0;
    double sum = 0;
    for (int label = 0; label < logits.length; label++) {
      best = logits[label] > logits[best] ? label : best;
      sum += Math.exp(logits[label]);
    }

    JsonNode outputs = infer(model);

    assertThat(outputs.at("/0/data/0").asText())
        .isEqualTo(new String[] {"contradiction", "entailment", "neutral"}[best]);
    assertThat(outputs.at("/1/data/0").asDouble())
        .isCloseTo(Math.exp(logits[best]) / sum, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"causal, CrossEncoder of text-generation", "sparse, SparseEncoder"})
  void otherKindsOfModelsAreRefusedByName(String model, String kind) {
    Harness.Reply reply = client.json(model, TEXT, "");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.text()).contains("sentence-transformers saved it as a " + kind);
  }

  @Test
  void poolingModuleMakesAnEmbeddingOfACheckpointThatWasAClassifier() {
    JsonNode outputs =
        harness.send("GET", "/v2/models/embedding", Map.of(), new byte[0]).json().get("outputs");

    assertThat(outputs.at("/0/name").asText()).isEqualTo("embedding");
  }

  private static JsonNode infer(String model) {
    Harness.Reply reply = client.json(model, TEXT, "");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().get("outputs");
  }

  private static void saved(
      TestModels models, String name, OnnxGraph graph, String type, String activation) {
    plain(models, name, graph, "");
    models.with(name, "modules.json", TRANSFORMER.formatted(""));
    models.with(name, "sentence_bert_config.json", SENTENCE.formatted("sequence-classification"));
    models.with(
        name,
        "config_sentence_transformers.json",
        """
        {"__version__": {"sentence_transformers": "5.4.0"}, "model_type": "%s",
          "activation_fn": "torch.nn.modules.%s", "default_prompt_name": null, "prompts": {}}
        """
            .formatted(type, activation));
  }

  private static void plain(TestModels models, String name, OnnxGraph graph, String more) {
    models.with(name, graph).withTokenizer(name);
    models.with(name, "config.json", CLASSIFIER.formatted(more));
  }
}
