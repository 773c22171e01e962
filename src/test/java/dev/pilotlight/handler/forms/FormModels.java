package dev.pilotlight.handler.forms;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.SafeTensorsFile;
import dev.pilotlight.model.SmallTokenizer;
import dev.pilotlight.model.TextGraphs;
import dev.pilotlight.model.TextModels;
import dev.pilotlight.model.forms.ByteLevelTokenizer;
import dev.pilotlight.model.forms.MaskGraphs;
import java.nio.file.Path;
import java.util.stream.StreamSupport;

/// The models of the tests of masks, sparse vectors and vectors of all tokens.
///
/// | name | its difference |
/// |---|---|
/// | `all-minilm-l6-v2` | the real one, with vectors of tokens |
/// | `masks` | a toy of a masked language model, with the real one's tokenizer |
/// | `bytes` | the same with a byte-level tokenizer and `<mask>` |
/// | `small` | the same with a tokenizer of 246 tokens; it truncates texts at their start to 8 |
/// | `nan` | the same, NaN for some texts |
/// | `nan-sparse` | likewise, with the task sparse-embedding |
/// | `splade` | the same with a SpladePooling |
/// | `sums` | the same with a SpladePooling that adds, by `pilotlight.json`; with prompts |
/// | `heads` | as bge-m3's exports: a dense, a sparse and a ColBERT output |
/// | `linear` | vectors of tokens and the weights of bge-m3's sparse layer |
/// | `small-vectors` | vectors of tokens, up to 6 of them |
/// | `open` | vectors of tokens whose size the graph does not declare |
/// | `classes` | a classifier |
record FormModels(Path root) {
  static final String SAMPLE = TestModels.SAMPLE;
  static final int VOCABULARY = 30_522;
  static final int SMALL_VOCABULARY = 246;
  static final float[] LINEAR = {0.5f, -1, 0.25f, 2};
  static final float BIAS = 0.125f;

  private static final String MASKED = "{\"architectures\": [\"BertForMaskedLM\"]}";
  private static final String SPECIAL =
      "{\"cls_token\": \"[CLS]\", \"eos_token\": \"[SEP]\", \"pad_token\": \"[PAD]\","
          + " \"unk_token\": \"[UNK]\", \"mask_token\": \"[MASK]\"}";

  TestModels models() {
    TestModels models = new TestModels(root).withSample().withClassifier("classes");
    masked(models, "masks");
    masked(models, "splade")
        .with("splade", "modules.json", TextModels.modules("MLMTransformer", "SpladePooling"))
        .with(
            "splade",
            "1_SpladePooling/config.json",
            "{\"pooling_strategy\": \"max\", \"activation_function\": \"relu\"}");
    masked(models, "sums")
        .with("sums", "pilotlight.json", "{\"task\": \"sparse-embedding\"}")
        .with("sums", "1_SpladePooling/config.json", "{\"pooling_strategy\": \"sum\"}")
        .with(
            "sums",
            "config_sentence_transformers.json",
            "{\"prompts\": {\"query\": \"query: \", \"passage\": \"passage: \"}}");
    models
        .with("nan", MaskGraphs.sometimesNaN(SMALL_VOCABULARY))
        .with("nan", "tokenizer.json", SmallTokenizer.JSON)
        .with("nan", "config.json", MASKED)
        .with("nan-sparse", MaskGraphs.sometimesNaN(SMALL_VOCABULARY))
        .with("nan-sparse", "tokenizer.json", SmallTokenizer.JSON)
        .with("nan-sparse", "pilotlight.json", "{\"task\": \"sparse-embedding\"}")
        .with("small", MaskGraphs.maskedLanguageModel(SMALL_VOCABULARY))
        .with("small", "tokenizer.json", SmallTokenizer.JSON)
        .with("small", "config.json", MASKED)
        .with(
            "small",
            "tokenizer_config.json",
            "{\"mask_token\": {\"content\": \"[MASK]\"}, \"truncation_side\": \"left\"}")
        .with("small", "pilotlight.json", "{\"max_tokens\": 8}")
        .with("bytes", MaskGraphs.maskedLanguageModel(ByteLevelTokenizer.VOCABULARY))
        .with("bytes", "tokenizer.json", ByteLevelTokenizer.JSON)
        .with("bytes", "config.json", "{\"architectures\": [\"RobertaForMaskedLM\"]}")
        .with(
            "bytes",
            "tokenizer_config.json",
            "{\"mask_token\": \"<mask>\", \"pad_token\": \"<pad>\"}");
    models
        .withTokenizer("heads", MaskGraphs.threeHeads())
        .with("heads", "tokenizer_config.json", SPECIAL)
        .withTokenizer("linear", OnnxModels.lastHiddenState())
        .with("linear", "tokenizer_config.json", SPECIAL)
        .with("linear", "modules.json", TextModels.modules("Transformer", "Pooling"))
        .with("linear", "1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}");
    models
        .withTokenizer("small-vectors", OnnxModels.lastHiddenState())
        .with("small-vectors", "modules.json", TextModels.modules("Transformer", "Pooling"))
        .with("small-vectors", "1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}")
        .with("small-vectors", "pilotlight.json", "{\"max_tokens\": 6}");
    models
        .withTokenizer("open", TextGraphs.ofAnyRank())
        .with("open", "modules.json", TextModels.modules("Transformer", "Pooling"))
        .with("open", "1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}");
    new SafeTensorsFile()
        .with("weight", "F32", new int[] {1, LINEAR.length}, LINEAR)
        .with("bias", "F32", new int[] {1}, BIAS)
        .write(root.resolve("linear/1/sparse_linear.safetensors"));
    return models;
  }

  private static TestModels masked(TestModels models, String name) {
    return models
        .withTokenizer(name, MaskGraphs.maskedLanguageModel(VOCABULARY))
        .with(name, "config.json", MASKED)
        .with(name, "tokenizer_config.json", SPECIAL);
  }

  /// Writes them for `src/test/golden/forms.mjs`.
  ///
  /// @param args a directory
  static void main(String[] args) {
    Object _ = new FormModels(Path.of(args[0])).models();
  }

  Harness start(String... settings) {
    return models().start(settings);
  }

  /// The ids of a text's tokens, special ones included.
  static long[] ids(Harness api, String model, String text) {
    String body =
        Harness.JSON.createObjectNode().put("model", model).put("inputs", text).toString();
    JsonNode tokens = api.post("/tokenize", body).json().get(0);
    return StreamSupport.stream(tokens.spliterator(), false)
        .mapToLong(token -> token.get("id").asLong())
        .toArray();
  }

  /// The text of token ids.
  static String text(Harness api, String model, boolean skipsSpecial, long... ids) {
    var body = Harness.JSON.createObjectNode().put("model", model);
    body.put("skip_special_tokens", skipsSpecial).set("ids", Harness.JSON.valueToTree(ids));
    return api.post("/decode", body.toString()).json().get(0).asText();
  }
}
