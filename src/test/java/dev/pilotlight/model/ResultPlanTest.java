package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cache.ResultKeys;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.repository.Repositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A result's key changes with everything that changes an answer, and with nothing else: each file
/// of a model, and each field that is read of it.
final class ResultPlanTest {
  private static final Item TEXT = new Item.Text("hello world", false);

  @TempDir private Path root;
  private TextModels models;
  private Path folder;

  @BeforeEach
  void open() {
    models = new TextModels(root);
    folder = models.hidden();
    write("config.json", "{\"architectures\": [\"BertModel\"], \"max_position_embeddings\": 512}");
    write("tokenizer_config.json", "{\"model_max_length\": 256}");
    write("sentence_bert_config.json", "{\"max_seq_length\": 128}");
    write("modules.json", TextModels.modules("Transformer", "Pooling", "Dense", "Normalize"));
    write("1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}");
    write("2_Dense/config.json", "{\"bias\": false}");
    dense(1);
    write(
        "config_sentence_transformers.json",
        "{\"prompts\": {\"a\": \"a: \", \"b\": \"b: \"}, \"default_prompt_name\": \"a\"}");
    write("pilotlight.json", "{}");
  }

  @AfterEach
  void close() {
    models.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1_Pooling/config.json | {\"pooling_mode\": \"cls\"}",
        "1_Pooling/config.json | {\"pooling_mode\": [\"mean\"], \"include_prompt\": false}",
        "2_Dense/config.json | {\"bias\": false,"
            + " \"activation_function\": \"torch.nn.modules.linear.Identity\"}",
        "2_Dense/config.json | {\"bias\": false, \"use_residual\": true}",
        "sentence_bert_config.json | {\"max_seq_length\": 64}",
        "tokenizer_config.json | {\"truncation_side\": \"left\"}",
        "tokenizer_config.json | {\"tokenizer_class\": \"BertTokenizer\","
            + " \"do_lower_case\": false}",
        "tokenizer_config.json | {\"tokenizer_class\": \"BertTokenizer\","
            + " \"strip_accents\": false}",
        "pilotlight.json | {\"inputs\": {\"attention_mask\": 1}}",
        "config_sentence_transformers.json | {\"prompts\": {\"a\": \"a:\"},"
            + " \"default_prompt_name\": \"a\"}",
        "config_sentence_transformers.json | {\"prompts\": {\"a\": \"a: \", \"b\": \"b: \"},"
            + " \"default_prompt_name\": \"b\"}",
        "config_sentence_transformers.json | {}",
        "config_sentence_transformers.json | {\"prompts\": {\"a\": \"a: \"},"
            + " \"default_prompt_name\": \"a\", \"truncate_dim\": 2}",
        "config.json | {\"architectures\": [\"BertModel\"], \"max_position_embeddings\": 32,"
            + " \"model_type\": \"bert\"}",
        "pilotlight.json | {\"pooling\": \"max\"}",
        "pilotlight.json | {\"normalise\": false}",
        "pilotlight.json | {\"max_tokens\": 100}",
        "pilotlight.json | {\"task\": \"tensors\"}",
      })
  void keyChangesWithPropertiesThatChangeAnAnswer(String file, String content) {
    ResultKey before = key();

    write(file, content);

    assertThat(key()).isNotEqualTo(before);
  }

  @Test
  void keyChangesWithEveryLargeFile() throws IOException {
    ResultKey before = key();

    dense(2);
    ResultKey dense = key();
    Files.writeString(
        folder.resolve("tokenizer.json"),
        Files.readString(folder.resolve("tokenizer.json"), StandardCharsets.UTF_8) + "\n");
    ResultKey tokenizer = key();
    OnnxModels.lastHiddenState()
        .initializer(Tensor.ofFloats("unused", new long[] {1}, new float[] {1}))
        .write(folder.resolve("model.onnx"));
    ResultKey graph = key();

    assertThat(new ResultKey[] {before, dense, tokenizer, graph}).doesNotHaveDuplicates();
  }

  @Test
  void keyChangesWithTheModules() {
    ResultKey before = key();

    write("modules.json", TextModels.modules("Transformer", "Pooling", "Dense"));
    ResultKey notNormalised = key();
    write("modules.json", TextModels.modules("Transformer", "Pooling"));

    assertThat(new ResultKey[] {before, notNormalised, key()}).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1_Pooling/config.json | {\"pooling_mode_mean_tokens\": true, \"embedding_dimension\": 4}",
        "1_Pooling/config.json | {}",
        "2_Dense/config.json | {\"bias\": false, \"in_features\": 4,"
            + " \"activation_function\": \"torch.nn.modules.activation.Tanh\"}",
        "sentence_bert_config.json | {\"max_seq_length\": 128, \"do_lower_case\": false}",
        "sentence_bert_config.json | {\"max_seq_length\": 128, \"do_lower_case\": true}",
        "tokenizer_config.json | {\"tokenizer_class\": \"BertTokenizer\","
            + " \"do_lower_case\": true}",
        "tokenizer_config.json | {\"tokenizer_class\": \"PreTrainedTokenizerFast\","
            + " \"do_lower_case\": false}",
        "config.json | {\"architectures\": [\"BertModel\"], \"model_type\": \"roberta\","
            + " \"pad_token_id\": 7}",
        "tokenizer_config.json | {\"model_max_length\": 512, \"truncation_side\": \"right\"}",
        "tokenizer_config.json | {\"model_max_length\": 256, \"pad_token\": \"[PAD]\"}",
        "config_sentence_transformers.json | {\"prompts\": {\"a\": \"a: \", \"c\": \"c: \"},"
            + " \"default_prompt_name\": \"a\", \"__version__\": {}}",
        "config.json | {\"architectures\": [\"BertModel\"], \"_name_or_path\": \"elsewhere\"}",
        "config.json | {\"architectures\": [\"BertModel\"], \"matryoshka_dimensions\": [2]}",
        "preprocessor_config.json | {\"size\": 224}",
        "README.md | text",
        "model_q4.onnx_data | bytes",
        "logo.png | bytes",
        "pilotlight.json | {\"aliases\": [\"x\"]}",
        "pilotlight.json | {\"token_ids\": \"accept\"}",
        "pilotlight.json | {\"truncate\": true}",
        "pilotlight.json | {\"threads\": 2}",
        "pilotlight.json | {\"speculate\": \"on\"}",
        "pilotlight.json | {\"cache_ttl_seconds\": 60}",
        "pilotlight.json | {\"dimensions\": \"any\"}",
        "pilotlight.json | {\"dimensions\": [2, 3]}",
        "pilotlight.json | {\"pooling\": \"mean\", \"normalise\": true, \"max_tokens\": 128}",
        "pilotlight.json | {\"task\": \"embedding\"}",
        "pilotlight.json | {\"graph\": \"model.onnx\"}",
      })
  void keyStaysWithPropertiesThatChangeNoAnswer(String file, String content) {
    ResultKey before = key();

    write(file, content);

    assertThat(key()).isEqualTo(before);
  }

  @Test
  void keyStaysWithThePoolingOfAPromptThatThereIsNot() {
    write("config_sentence_transformers.json", "{}");
    ResultKey before = key();

    write("1_Pooling/config.json", "{\"pooling_mode\": \"mean\", \"include_prompt\": false}");

    assertThat(key()).isEqualTo(before);
  }

  @Test
  void keyOfLabelsDependsOnWhereEachEnds() {
    Path classifier = models.folder("classifier", OnnxModels.textClassification());
    String config =
        "{\"architectures\": [\"BertForSequenceClassification\"],"
            + " \"id2label\": {\"0\": \"%s\", \"1\": \"%s\", \"2\": \"z\"}}";

    write(classifier, config.formatted("a, b", "c"));
    ResultKey before = key("classifier");
    write(classifier, config.formatted("a", "b, c"));

    assertThat(key("classifier")).isNotEqualTo(before);
  }

  @Test
  void keyOfAClassifierChangesWithItsLabelsAndScores() {
    Path classifier = models.folder("classifier", OnnxModels.textClassification());
    String config =
        "{\"architectures\": [\"BertForSequenceClassification\"], \"problem_type\": \"%s\","
            + " \"id2label\": {\"0\": \"%s\", \"1\": \"b\", \"2\": \"c\"}}";
    ResultKey[] keys = new ResultKey[3];

    write(classifier, config.formatted("single_label_classification", "a"));
    keys[0] = key("classifier");
    write(classifier, config.formatted("multi_label_classification", "a"));
    keys[1] = key("classifier");
    write(classifier, config.formatted("single_label_classification", "z"));
    keys[2] = key("classifier");

    assertThat(keys).doesNotHaveDuplicates();
  }

  /// Raw scores follow from the stored logits.
  @Test
  void keyOfARankerStaysWithTheFormOfItsScores() {
    Path ranker = models.folder("ranker", TextGraphs.reranker());
    write(ranker, "{\"architectures\": [\"BertForSequenceClassification\"]}");
    ResultKey before = key("ranker");

    Repositories.write(ranker.resolve("pilotlight.json"), "{\"raw_scores\": true}");

    assertThat(key("ranker")).isEqualTo(before);
  }

  private static void write(Path folder, String config) {
    Repositories.write(folder.resolve("config.json"), config);
  }

  private void write(String file, String content) {
    Repositories.write(folder.resolve(file), content);
  }

  private void dense(float first) {
    float[] weight = {first, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
    new SafeTensorsFile()
        .with("linear.weight", "F32", new int[] {4, 4}, weight)
        .write(folder.resolve("2_Dense/model.safetensors"));
  }

  private ResultKey key() {
    return key("model");
  }

  private ResultKey key(String name) {
    ModelInfo info = models.load(name).info();
    return ResultKeys.of("tenant", info, TEXT);
  }
}
