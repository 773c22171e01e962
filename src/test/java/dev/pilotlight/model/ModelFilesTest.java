package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFilesTest {
  @TempDir private Path directory;

  @Test
  void onlyFilesThatCanChangeAnAnswerCount() {
    for (String name :
        new String[] {
          "config.json",
          "tokenizer.json",
          "1_Pooling/config.json",
          "onnx/model.onnx",
          "onnx/model.onnx_data",
          "onnx/weights.bin",
          "onnx/model_fp16.onnx",
          "onnx/.DS_Store",
          "README.md",
          "LICENSE",
          "vocab.txt",
          "model.safetensors",
          "pytorch_model.bin",
          "special_tokens_map.json"
        }) {
      write(name, "x");
    }

    assertThat(files().graph()).isEqualTo("onnx/model.onnx");
    assertThat(files().names())
        .containsExactly(
            "1_Pooling/config.json",
            "config.json",
            "onnx/model.onnx",
            "onnx/model.onnx_data",
            "onnx/weights.bin",
            "tokenizer.json");
  }

  @Test
  void theDigestIsOfNamesAndBytes() {
    write("model.onnx", "graph");
    write("config.json", "{}");
    String before = ContentDigest.of(files());

    write("README.md", "about");
    assertThat(ContentDigest.of(files())).isEqualTo(before);
    write("config.json", "{ }");
    assertThat(ContentDigest.of(files())).isNotEqualTo(before);
    write("config.json", "{}");
    assertThat(ContentDigest.of(files())).isEqualTo(before);
    write("model.onnx_data", "");
    assertThat(ContentDigest.of(files())).isNotEqualTo(before);
  }

  @Test
  void bytesThatMoveFromOneFileToTheNextChangeTheDigest() {
    write("model.onnx", "ab");
    write("model.onnx_data", "c");
    String before = ContentDigest.of(files());

    write("model.onnx", "a");
    write("model.onnx_data", "bc");
    assertThat(ContentDigest.of(files())).isNotEqualTo(before);
  }

  @Test
  void theMarksThatConsolesMakeForFoldersInS3AreNoFiles() {
    List<String> present = List.of("", "onnx/", "onnx/model.onnx", "onnx/model.onnx_data");

    assertThat(ModelFiles.relevant(present, "onnx/model.onnx"))
        .containsExactly("onnx/model.onnx", "onnx/model.onnx_data");
    assertThat(ModelFiles.relevant(List.of("", "model.onnx"), "model.onnx"))
        .containsExactly("model.onnx");
  }

  private ModelFiles files() {
    return ModelFiles.in(directory, Long.MAX_VALUE);
  }

  private void write(String name, String text) {
    Repositories.write(directory.resolve(name), text);
  }
}
