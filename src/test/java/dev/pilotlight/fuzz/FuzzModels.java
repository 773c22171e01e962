package dev.pilotlight.fuzz;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.images.ImageModels;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.SmallTokenizer;
import dev.pilotlight.model.TextGraphs;
import dev.pilotlight.model.TextModels;
import dev.pilotlight.model.forms.MaskGraphs;
import java.nio.file.Path;

/// Small models of every task, which answer fast.
final class FuzzModels {
  /// The default: embeddings of any size, with prompts; accepts token ids.
  static final String EMBEDDER = "embedder";

  static final String CLASSES = "classes";
  static final String RANKER = "ranker";
  static final String TENSORS = "tensors";
  static final String TAGGER = "tagger";
  static final String MASKS = "masks";
  static final String SPARSE = "sparse";

  private static final int VOCABULARY = 246;

  private static final String CLASSIFIER =
      "{\"architectures\": [\"BertForSequenceClassification\"]}";

  private FuzzModels() {}

  /// The function on these models.
  static Harness start(Path root) {
    return write(root).start("PILOTLIGHT_DEFAULT_MODEL", EMBEDDER);
  }

  /// Writes the models.
  static TestModels write(Path root) {
    TestModels models = new TestModels(root).withClassifier(CLASSES);
    models.withTokenizer(EMBEDDER, OnnxModels.lastHiddenState());
    models.with(EMBEDDER, "modules.json", TextModels.modules("Transformer", "Pooling"));
    models.with(EMBEDDER, "1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}");
    models.with(
        EMBEDDER,
        "pilotlight.json",
        "{\"dimensions\": \"any\", \"max_tokens\": 16, \"token_ids\": \"accept\"}");
    models.with(
        EMBEDDER,
        "config_sentence_transformers.json",
        "{\"prompts\": {\"query\": \"hello \", \"document\": \"\"}}");
    models.withTokenizer(RANKER, TextGraphs.reranker());
    models.with(RANKER, "config.json", CLASSIFIER);
    models.with(TENSORS, OnnxModels.sumAndDifference());
    models.withTokenizer(TAGGER, TextGraphs.tokenClassifier(3));
    models.with(TAGGER, "config.json", "{\"architectures\": [\"BertForTokenClassification\"]}");
    for (String masked : new String[] {MASKS, SPARSE}) {
      models.with(masked, MaskGraphs.maskedLanguageModel(VOCABULARY));
      models.with(masked, "tokenizer.json", SmallTokenizer.JSON);
      models.with(masked, "tokenizer_config.json", "{\"mask_token\": \"[MASK]\"}");
      models.with(masked, "config.json", "{\"architectures\": [\"BertForMaskedLM\"]}");
    }
    models.with(SPARSE, "pilotlight.json", "{\"task\": \"sparse-embedding\"}");
    ImageModels.withImages(models);
    return models;
  }
}
