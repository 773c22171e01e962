package dev.pilotlight.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LayoutTest {
  private static final FileState FILE = new FileState(1, Instant.EPOCH, "tag");

  @Test
  void aNumberedFolderIsAVersion() {
    ModelSource.Found found = found("m/1/model.onnx", "m/10/onnx/model.onnx", "m/2/config.json");

    assertThat(found.versions())
        .extracting(version -> version.id().version(), version -> version.folder())
        .containsExactlyInAnyOrder(tuple(1L, "m/1"), tuple(10L, "m/10"), tuple(2L, "m/2"));
    assertThat(found.ignored()).isEmpty();
  }

  @Test
  void aGraphStraightUnderTheNameIsVersion1() {
    for (String graph : List.of("m/model.onnx", "m/onnx/model_int8.onnx")) {
      ModelSource.Found found = found(graph, "m/tokenizer.json", "m/1_Pooling/config.json");

      assertThat(found.versions()).hasSize(1);
      ModelVersion version = found.versions().getFirst();
      assertThat(version.id()).isEqualTo(new ModelId("m", 1));
      assertThat(version.files())
          .containsOnlyKeys(graph.substring(2), "tokenizer.json", "1_Pooling/config.json");
      assertThat(found.ignored()).isEmpty();
    }
  }

  @Test
  void filesOfNumberedFoldersDoNotBelongToTheGraphStraightUnderTheName() {
    ModelSource.Found found = found("m/model.onnx", "m/2/model.onnx");

    assertThat(found.versions())
        .extracting(version -> version.id().version())
        .containsExactlyInAnyOrder(1L, 2L);
    assertThat(found.versions().getFirst().files()).containsOnlyKeys("model.onnx");
    assertThat(Layout.belongsTo("m", "2/model.onnx")).isFalse();
    assertThat(Layout.belongsTo("m/2", "2/model.onnx")).isTrue();
  }

  @Test
  void version1IsTheNumberedFolderIfThereAreBoth() {
    ModelSource.Found found = found("m/model.onnx", "m/1/other.onnx");

    assertThat(found.versions()).hasSize(1);
    assertThat(found.versions().getFirst().folder()).isEqualTo("m/1");
    assertThat(found.ignored()).hasSize(1).first().asString().startsWith("m: its graph is not");
  }

  @Test
  void anEmptyFolderIsAVersionWithoutFiles() {
    for (String folder : List.of("m/2/", "m/2/onnx/")) {
      ModelSource.Found found = found("m/1/model.onnx", folder);

      assertThat(found.versions()).hasSize(2);
      assertThat(found.versions().get(1).hasGraph()).isFalse();
    }
  }

  @Test
  void foldersWithAGraphThatAreNotVersionsAreIgnoredWithTheReason() {
    ModelSource.Found found =
        found(
            "m/v1/model.onnx",
            "m/latest/onnx/model.onnx",
            "m/01/model.onnx",
            "my model/1/model.onnx",
            "m/docs/index.html",
            ".git/1/model.onnx",
            "README.md");

    assertThat(found.versions()).isEmpty();
    assertThat(found.ignored())
        .containsExactly(
            "m/01: versions are whole numbers from 1, such as m/1",
            "m/latest: versions are whole numbers from 1, such as m/1",
            "m/v1: versions are whole numbers from 1, such as m/1",
            "my model: names have letters, digits, dots, hyphens and underscores, at most 128");
  }

  private static ModelSource.Found found(String... paths) {
    Layout layout = new Layout();
    for (String path : paths) {
      layout.add(path, FILE);
    }
    return layout.found();
  }
}
