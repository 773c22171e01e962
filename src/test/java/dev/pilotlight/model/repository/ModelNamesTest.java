package dev.pilotlight.model.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.model.OnnxModels;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelNamesTest {
  @TempDir private Path root;

  @Test
  void theExactNameComesFirst() {
    model("a", 1, "[\"b\"]");
    model("b", 1, "[\"a\"]");

    assertMeans("a", "a");
    assertMeans("b", "b");
  }

  @Test
  void anAliasIsAnotherName() {
    model("minilm", 1, "[\"text-embedding-3-small\", \"openai/ada\"]");
    model("other", 1, "[]");

    assertMeans("text-embedding-3-small", "minilm");
    assertMeans("openai/ada", "minilm");
    assertMeans("azure/text-embedding-3-small", "minilm");
    assertMeans("Text-Embedding-3-Small", "minilm");
  }

  @Test
  void aliasesAreThoseOfTheHighestVersionThatLoads() {
    model("m", 1, "[\"one\"]");
    model("m", 2, "[\"two\"]");
    Repositories.write(root.resolve("m/3/model.onnx"), "broken");
    Repositories.write(root.resolve("m/3/pilotlight.json"), "{\"aliases\":[\"three\"]}");

    try (ModelRepository repository = Repositories.open(root)) {
      repository.get("m", null);
      assertThat(repository.nameOf("two")).isEqualTo("m");
      assertThatThrownBy(() -> repository.nameOf("one")).isInstanceOf(Refusal.class);
      assertThatThrownBy(() -> repository.nameOf("three")).isInstanceOf(Refusal.class);
    }
  }

  @Test
  void partAfterTheLastSlashIsTheName() {
    model("all-minilm-l6-v2", 1, "[]");

    assertMeans("sentence-transformers/all-minilm-l6-v2", "all-minilm-l6-v2");
    assertMeans("sentence-transformers/all-MiniLM-L6-v2", "all-minilm-l6-v2");
    assertMeans("All-MiniLM-L6-v2", "all-minilm-l6-v2");
  }

  @Test
  void aNameThatMayMeanTwoModelsIsRefusedAndBothAreListed() {
    model("Model", 1, "[\"x\"]");
    model("mODEL", 1, "[\"x\"]");

    for (String name : new String[] {"model", "owner/MODEL", "x"}) {
      try (ModelRepository repository = Repositories.open(root)) {
        assertThatThrownBy(() -> repository.get(name, null))
            .isInstanceOfSatisfying(
                Refusal.class,
                refusal -> {
                  assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
                  assertThat(refusal.field()).contains("model");
                  assertThat(refusal.message()).contains("is ambiguous; accepted: Model or mODEL");
                });
      }
    }
    assertMeans("Model", "Model");
  }

  @Test
  void aBrokenPilotlightJsonHasNoAliasesAndHarmsNoOtherName() {
    model("a", 1, "[\"x\"]");
    Repositories.write(root.resolve("b/1/model.onnx"), "x");
    Repositories.write(root.resolve("b/1/pilotlight.json"), "{\"aliases\": 7");

    assertMeans("x", "a");
    try (ModelRepository repository = Repositories.open(root)) {
      assertThatThrownBy(() -> repository.get("y", null))
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_FOUND))
          .hasMessageContaining("available: [a, b]");
    }
  }

  @Test
  void theDefaultIsTheFirstModelOfTextsEvenIfTensorsComeBefore() {
    model("a-tensors", 1, "[]");
    Path text = Repositories.withTokenizer(root, "b-text", OnnxModels.textClassification());
    assertThat(text).exists();
    Path ids = Repositories.withTokenizer(root, "a-ids", OnnxModels.textClassification());
    Repositories.write(ids.resolve("pilotlight.json"), "{\"task\":\"tensors\"}");

    try (ModelRepository repository = Repositories.open(root)) {
      assertThat(repository.defaultModel()).isEqualTo("b-text");
    }
  }

  private void assertMeans(String asked, String name) {
    try (ModelRepository repository = Repositories.open(root)) {
      assertThat(repository.get(asked, null).info().name()).isEqualTo(name);
      assertThat(repository.nameOf(asked)).isEqualTo(name);
    }
  }

  private void model(String name, int version, String aliases) {
    Path folder = Repositories.version(root, name, version);
    OnnxModels.identity(Datatype.FP32, "n").write(folder.resolve("model.onnx"));
    Repositories.write(folder.resolve("pilotlight.json"), "{\"aliases\": %s}".formatted(aliases));
  }
}
