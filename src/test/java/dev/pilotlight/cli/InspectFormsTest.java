package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.model.forms.MaskGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pilotlight inspect` for models that fill masks and for sparse ones.
final class InspectFormsTest {
  private static final int VOCABULARY = 30_522;

  @TempDir private Path root;
  private String folder = "";

  @BeforeEach
  void create() throws IOException {
    TestFolders folders = new TestFolders(root);
    folder = folders.embedding("masks/1");
    Files.delete(root.resolve("masks/1/modules.json"));
    Files.delete(root.resolve("masks/1/1_Pooling/config.json"));
    Files.delete(root.resolve("masks/1/sentence_bert_config.json"));
    MaskGraphs.maskedLanguageModel(VOCABULARY).write(root.resolve("masks/1/model.onnx"));
    folders.write("masks/1", "config.json", "{\"architectures\": [\"BertForMaskedLM\"]}");
  }

  @Test
  void showsTheMaskAndFillsIt() throws IOException {
    TestRun run = TestRun.run("inspect", folder, "--text", "a [MASK]", "--text", "none");

    assertThat(run.out())
        .startsWith("masks, version 1: fill-mask")
        .containsPattern("task +fill-mask +from config.json")
        .containsPattern("mask_token +\\[MASK\\] +from tokenizer.json")
        .containsPattern("logits +FP32 +\\[any, any, 30522\\]")
        .containsPattern("\"a \\[MASK\\]\"\\R  \\S+ 0\\.\\d{6}, ")
        .contains("No mask_token ([MASK]) found on the input");
    JsonNode json =
        new ObjectMapper()
            .readTree(TestRun.run("inspect", "--json", folder, "--text", "a [MASK]").out());
    JsonNode text = json.get("texts").get(0);
    assertThat(text.get("tokens")).hasToString("4");
    assertThat(text.get("scores")).hasSize(5);
    assertThat(text.get("token_strs").get(0).isTextual()).isTrue();
  }

  @Test
  void countsTheWeightsOfASparseModel() throws IOException {
    new TestFolders(root).write("masks/1", "pilotlight.json", "{\"task\": \"sparse-embedding\"}");
    TestRun run = TestRun.run("inspect", folder, "--text", "a b");

    assertThat(run.out())
        .startsWith("masks, version 1: sparse-embedding")
        .containsPattern("pooling_strategy +max +assumed")
        .containsPattern("\\d+ weights that are not 0; --json prints all");
    JsonNode json =
        new ObjectMapper()
            .readTree(TestRun.run("inspect", "--json", folder, "--text", "a b").out());
    JsonNode text = json.get("texts").get(0);
    assertThat(text.get("indices")).hasSameSizeAs(text.get("values")).isNotEmpty();
  }
}
