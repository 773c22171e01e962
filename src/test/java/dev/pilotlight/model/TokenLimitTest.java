package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.Modules;
import dev.pilotlight.model.files.SentenceConfig;
import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenLimitTest {
  @TempDir private Path directory;

  @Test
  void limitOfSentenceTransformersWins() {
    write("sentence_bert_config.json", "{\"max_seq_length\": 256}");
    write("tokenizer_config.json", "{\"model_max_length\": 128}");
    write("config.json", "{\"max_position_embeddings\": 512}");

    assertThat(limit()).isEqualTo(new TokenLimit(256, 0, "sentence_bert_config.json"));
  }

  @Test
  void lesserOfTokenizerAndPositionsCounts() {
    write("sentence_bert_config.json", "{\"max_seq_length\": null}");
    write("tokenizer_config.json", "{\"model_max_length\": 128}");
    write("config.json", "{\"max_position_embeddings\": 512}");

    assertThat(limit().tokensMax()).isEqualTo(128);
  }

  @Test
  void theNumberThatStandsForUnknownIsNotALimit() {
    write("tokenizer_config.json", "{\"model_max_length\": 1000000000000000019884624838656}");
    write("config.json", "{\"n_positions\": 1024}");

    assertThat(limit().tokensMax()).isEqualTo(1024);
  }

  @Test
  void robertaCountsPositionsFromAfterItsPaddingToken() {
    write(
        "config.json",
        "{\"model_type\": \"xlm-roberta\", \"max_position_embeddings\": 514, \"pad_token_id\": 1}");

    assertThat(limit()).isEqualTo(new TokenLimit(512, 2, "config.json"));
  }

  @Test
  void defaultLimitAppliesWithoutAnyDeclaration() {
    assertThat(limit().tokensMax()).isEqualTo(512);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sentence_bert_config.json",
        "sentence_roberta_config.json",
        "sentence_distilbert_config.json",
        "sentence_camembert_config.json",
        "sentence_albert_config.json",
        "sentence_xlm-roberta_config.json",
        "sentence_xlnet_config.json"
      })
  void everyNameOfTheSentenceConfigCounts(String name) {
    write(name, "{\"max_seq_length\": 128}");
    write("tokenizer_config.json", "{\"model_max_length\": 512}");

    assertThat(limit()).isEqualTo(new TokenLimit(128, 0, name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"max_seq_length\": 512, \"processor_kwargs\": {\"model_max_length\": 128}}",
        "{\"max_seq_length\": 512, \"tokenizer_args\": {\"model_max_length\": 128}}",
        "{\"processing_kwargs\": {\"text\": {\"max_length\": 128}}}",
        "{\"processing_kwargs\": {\"common\": {\"max_length\": 128}}}",
      })
  void settingsOfTheTokenizerCallCount(String json) {
    write("sentence_bert_config.json", json);

    assertThat(limit().tokensMax()).isEqualTo(128);
  }

  @ParameterizedTest
  @CsvSource({"bert, 512", "roberta, 510", "nomic_bert, 8192"})
  void noLimitExceedsATableOfPositions(String family, int limit) {
    write("sentence_bert_config.json", "{\"max_seq_length\": 8192}");
    write(
        "config.json",
        "{\"model_type\": \"%s\", \"max_position_embeddings\": 512}".formatted(family));

    assertThat(limit().tokensMax()).isEqualTo(limit);
  }

  @Test
  void negativeNumberOfPositionsIsNotALimit() {
    write("config.json", "{\"max_position_embeddings\": -1}");
    write("tokenizer_config.json", "{\"model_max_length\": 100}");

    assertThat(limit().tokensMax()).isEqualTo(100);
  }

  @Test
  void theTextPartOfAConfigHasPositionsToo() {
    write(
        "config.json",
        "{\"model_type\": \"clip\", \"text_config\": {\"max_position_embeddings\": 77}}");

    assertThat(limit().tokensMax()).isEqualTo(77);
  }

  @Test
  void anAssumedLimitIsMarked() {
    assertThat(limit().source()).isEqualTo("assumed");
  }

  private TokenLimit limit() {
    OnnxModels.identity(Datatype.FP32, 1).write(directory.resolve("model.onnx"));
    ModelFiles files = ModelFiles.in(directory, Long.MAX_VALUE);
    return TokenLimit.read(
        JsonFile.read(files, ModelFiles.TOKENIZER_CONFIG),
        JsonFile.read(files, ModelFiles.CONFIG),
        SentenceConfig.read(files, Modules.read(files)),
        Overrides.read(files));
  }

  private void write(String name, String text) {
    Repositories.write(directory.resolve(name), text);
  }
}
