package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenLimitTest {
  @TempDir private Path directory;

  @Test
  void sentenceTransformersKnowBest() {
    write("sentence_bert_config.json", "{\"max_seq_length\": 256}");
    write("tokenizer_config.json", "{\"model_max_length\": 128}");
    write("config.json", "{\"max_position_embeddings\": 512}");

    assertThat(limit()).isEqualTo(new TokenLimit(256, 0, "sentence_bert_config.json"));
  }

  @Test
  void elseTheLesserOfTokenizerAndPositionsCounts() {
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
  void robertaCountsPositionsFromBehindItsPaddingToken() {
    write(
        "config.json",
        "{\"model_type\": \"xlm-roberta\", \"max_position_embeddings\": 514, \"pad_token_id\": 1}");

    assertThat(limit()).isEqualTo(new TokenLimit(512, 2, "config.json"));
  }

  @Test
  void withoutAnyWordOfItThereIsStillALimit() {
    assertThat(limit().tokensMax()).isEqualTo(512);
  }

  private TokenLimit limit() {
    write("model.onnx", "");
    ModelFiles files = ModelFiles.in(directory, Long.MAX_VALUE);
    return TokenLimit.read(
        files,
        JsonFile.read(files, ModelFiles.CONFIG),
        SentenceConfig.read(files),
        Overrides.read(files));
  }

  private void write(String name, String text) {
    Repositories.write(directory.resolve(name), text);
  }
}
