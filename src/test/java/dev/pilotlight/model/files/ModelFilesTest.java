package dev.pilotlight.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelFilesTest {
  private static final Tensor WEIGHT = Tensor.ofFloats("w", new long[] {1}, new float[] {1});
  @TempDir private Path directory;

  @Test
  void onlyTheGraphItsExternalDataTheTokenizerAndTheConfigurationCount() {
    graph("onnx/model.onnx", "model.onnx_data", "../shared.safetensors", ".hidden", "deep/w.bin");
    for (String name :
        List.of(
            "config.json",
            "tokenizer.json",
            "1_Pooling/config.json",
            "sentence_roberta_config.json",
            "config_sentence_transformers.json",
            "onnx/model.onnx_data",
            "shared.safetensors",
            "onnx/.hidden",
            "onnx/deep/w.bin",
            "onnx/weights.bin",
            "onnx/model_fp16.onnx",
            "README.md",
            "LICENSE",
            "vocab.txt",
            "model.safetensors",
            "pytorch_model.bin",
            "logo.png",
            "model_q4.onnx_data")) {
      write(name, "{}");
    }

    ModelFiles files = files();
    assertThat(files.graph()).isEqualTo("onnx/model.onnx");
    assertThat(files.external())
        .containsExactly(
            "onnx/.hidden", "onnx/deep/w.bin", "onnx/model.onnx_data", "shared.safetensors");
    assertThat(files.names())
        .containsExactly(
            "1_Pooling/config.json",
            "config.json",
            "config_sentence_transformers.json",
            "onnx/.hidden",
            "onnx/deep/w.bin",
            "onnx/model.onnx",
            "onnx/model.onnx_data",
            "sentence_roberta_config.json",
            "shared.safetensors",
            "tokenizer.json");
  }

  @Test
  void configurationOfModulesIsInTheFoldersOfModulesJson() {
    graph("model.onnx");
    write(
        "modules.json",
        """
        [{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
         {"idx":1,"name":"1","path":"pool","type":"sentence_transformers.models.Pooling"},
         {"idx":2,"name":"2","path":"2_Dense/","type":"sentence_transformers.models.Dense"}]
        """);
    write("pool/config.json", "{}");
    write("pool/model.safetensors", "not applied");
    write("2_Dense/config.json", "{}");
    write("2_Dense/model.safetensors", "weights");

    assertThat(files().names())
        .containsExactly(
            "2_Dense/config.json",
            "2_Dense/model.safetensors",
            "model.onnx",
            "modules.json",
            "pool/config.json");
  }

  @Test
  void theDigestIsOfTheBytesOfGraphExternalDataAndTokenizer() {
    graph("model.onnx", "w.safetensors", "sub/.w.json");
    write("w.safetensors", "abcd");
    write("sub/.w.json", "abcd");
    write("tokenizer.json", "{}");
    String before = ContentDigest.of(files());

    write("config.json", "{}");
    write("pilotlight.json", "{\"pooling\":\"cls\"}");
    write("model_q4.onnx_data", "other weights");
    write("logo.png", "picture");
    assertThat(ContentDigest.of(files())).isEqualTo(before);

    for (String name : List.of("w.safetensors", "sub/.w.json", "tokenizer.json")) {
      write(name, "efgh");
      String changed = ContentDigest.of(files());
      assertThat(changed).as(name).isNotEqualTo(before);
      before = changed;
    }
  }

  @Test
  void bytesThatMoveFromOneFileToTheNextChangeTheDigest() {
    graph("model.onnx", "a", "b");
    write("a", "ab");
    write("b", "c");
    String before = ContentDigest.of(files());

    write("a", "a");
    write("b", "bc");
    assertThat(ContentDigest.of(files())).isNotEqualTo(before);
  }

  @Test
  void theSizeLimitCountsTheFilesThatCount() {
    graph("model.onnx", "w.bin");
    write("w.bin", "w".repeat(5_000));
    write("other.bin", "w".repeat(50_000));

    long bytes = files().names().stream().mapToLong(name -> files().size(name)).sum();
    assertThat(bytes).isBetween(5_000L, 10_000L);
    assertThat(ModelFiles.in(directory, bytes).names()).hasSize(2);
    assertRefused(bytes - 1, "its files have " + bytes + " bytes; PILOTLIGHT_MODEL_BYTES_MAX is");
  }

  @Test
  void missingExternalDataNamesTheFile() {
    graph("onnx/model.onnx", "model.onnx_data");

    assertRefused("onnx/model.onnx needs the file onnx/model.onnx_data, which is missing");
  }

  @Test
  void externalDataThatIsAGitLfsPointerIsRefused() {
    graph("model.onnx", "w.bin");
    write("w.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n");

    assertRefused("w.bin is a Git LFS pointer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../w.bin",
        "/etc/passwd",
        "a/../../w.bin",
        "..\\w.bin",
        "C:w.bin",
        "",
        ".",
        "*/_ORT_MEM_ADDR_/*",
        "a\nb"
      })
  void aLocationOutsideTheFolderIsRefused(String location) {
    graph("model.onnx", location);

    assertRefused("accepted: a file in the folder of the model");
  }

  @Test
  void onlyGraphIsUsedWithAnyName() {
    graph("onnx/model_quantized.onnx");
    assertThat(files().graph()).isEqualTo("onnx/model_quantized.onnx");
  }

  @Test
  void severalGraphsNeedAChoiceAndTheErrorListsThem() {
    graph("onnx/model_fp16.onnx");
    graph("model_int8.onnx");
    assertRefused(
        "it has several graphs: model_int8.onnx, onnx/model_fp16.onnx; choose one by \"graph\" in"
            + " pilotlight.json");

    write("pilotlight.json", "{\"graph\":\"onnx/model_fp16.onnx\"}");
    assertThat(files().graph()).isEqualTo("onnx/model_fp16.onnx");
    write("pilotlight.json", "{\"graph\":\"model.onnx\"}");
    assertRefused(
        "pilotlight.json: graph is model.onnx, which is not in the folder; .onnx files there:"
            + " model_int8.onnx, onnx/model_fp16.onnx");
  }

  @Test
  void pilotlightJsonMayChooseAnotherGraphThanModelOnnx() {
    graph("model.onnx");
    graph("onnx/model_O3.onnx");
    assertThat(files().graph()).isEqualTo("model.onnx");

    write("pilotlight.json", "{\"graph\":\"onnx/model_O3.onnx\"}");
    assertThat(files().graph()).isEqualTo("onnx/model_O3.onnx");
  }

  @Test
  void aFolderWithoutGraphIsRefused() {
    write("config.json", "{}");
    write(".hidden.onnx", "x");
    assertRefused(GraphChoice.NO_GRAPH);
  }

  @Test
  void aTextModelWithoutTokenizerIsIncomplete() {
    OnnxModels.textClassification().write(directory.resolve("model.onnx"));
    assertThat(files().graph()).as("a graph alone takes tensors").isEqualTo("model.onnx");

    write("config.json", "{\"model_type\":\"bert\"}");
    assertRefused("its graph takes token ids, but it has no tokenizer.json");
    write("vocab.txt", "[PAD]");
    assertRefused("it has vocab.txt but no tokenizer.json: python -c");
    write("sentencepiece.bpe.model", "x");
    assertRefused("it has sentencepiece.bpe.model but no tokenizer.json: python -c");

    write("pilotlight.json", "{\"task\":\"tensors\"}");
    assertThat(files().graph()).isEqualTo("model.onnx");
  }

  @Test
  void aGraphWithoutTokenIdsNeedsNoTokenizer() {
    graph("model.onnx");
    write("config.json", "{\"model_type\":\"vit\"}");

    assertThat(files().has("config.json")).isTrue();
  }

  private ModelFiles files() {
    return ModelFiles.in(directory, Long.MAX_VALUE);
  }

  private void assertRefused(String reason) {
    assertRefused(Long.MAX_VALUE, reason);
  }

  private void assertRefused(long bytesMax, String reason) {
    assertThatThrownBy(() -> ModelFiles.in(directory, bytesMax))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining(reason);
  }

  private void graph(String name, String... external) {
    OnnxGraph graph = OnnxModels.identity(Datatype.FP32, "n");
    for (String location : external) {
      graph.initializerIn(location, WEIGHT);
    }
    graph.write(directory.resolve(name));
  }

  private void write(String name, String text) {
    Repositories.write(directory.resolve(name), text);
  }
}
