package dev.pilotlight.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line and the function agree on what a folder holds.
final class ModelFolderTest {
  @TempDir private Path root;

  @Test
  void sampleIsWhatTheRepositoryServes() {
    Path sample = Path.of("models", Repositories.SAMPLE_NAME);
    Item text = new Item.Text("hello world", false);
    try (ModelRepository repository = Repositories.sample();
        ModelFolder model = open(sample);
        ModelFolder version = open(sample.resolve("1"))) {
      Model served = repository.get(Repositories.SAMPLE_NAME, null);

      assertThat(model.model().info()).isEqualTo(served.info());
      assertThat(version.model().info()).isEqualTo(served.info());
      assertThat(ResultCodec.encode(model.model().run(text)))
          .isEqualTo(ResultCodec.encode(served.run(text)));
    }
  }

  @Test
  void higherVersionIsTheOneThatTheRepositoryServes() {
    for (int version : new int[] {2, 10}) {
      OnnxModels.words().write(Repositories.version(root, "m", version).resolve("model.onnx"));
    }
    try (ModelRepository repository = Repositories.open(root);
        ModelFolder folder = open(root.resolve("m"))) {
      assertThat(folder.model().info()).isEqualTo(repository.get("m", null).info());
      assertThat(folder.directory()).isEqualTo(root.resolve("m/10"));
    }
  }

  @Test
  void exportStraightInAModelsFolderIsItsOnlyVersion() {
    OnnxModels.words().write(Repositories.directory(root.resolve("m")).resolve("model.onnx"));
    Repositories.version(root, "m", 7);

    try (ModelFolder folder = open(root.resolve("m"))) {
      assertThat(folder.model().info().name()).isEqualTo("m");
      assertThat(folder.model().info().version()).isEqualTo("1");
    }
  }

  @Test
  void filesAreUsedOrIgnored() {
    Path folder = Repositories.directory(root.resolve("m"));
    OnnxModels.words().write(folder.resolve("model.onnx"));
    for (String name : new String[] {"config.json", "a.md", ".git/HEAD", "b/c/d/e/f", "b/g.md"}) {
      Repositories.write(folder.resolve(name), "{}");
    }

    try (ModelFolder opened = open(folder)) {
      assertThat(opened.files().used())
          .extracting(FolderFiles.Entry::name)
          .containsExactly("model.onnx", "config.json");
      assertThat(opened.files().ignored())
          .extracting(FolderFiles.Entry::name)
          .containsExactly("a.md", "b/c/d/e/f", "b/g.md");
      assertThat(opened.files().usedBytes())
          .isEqualTo(folder.resolve("model.onnx").toFile().length() + 2);
    }
  }

  @Test
  void emptyAndDeepFoldersDoNotKeepAModelFromBeingShown() {
    Path version = Repositories.version(root, "m", 1);
    OnnxModels.words().write(version.resolve("model.onnx"));
    Repositories.directory(version.resolve("runs/1"));
    Repositories.write(version.resolve("a/b/c/d/e/f.txt"), "");
    Path unnamed = Repositories.directory(root.resolve("odd name"));
    OnnxModels.words().write(unnamed.resolve("exports/first/model.onnx"));
    Repositories.directory(unnamed.resolve("runs"));

    for (Path folder : List.of(version, root.resolve("m"), unnamed)) {
      try (ModelFolder shown = open(folder)) {
        assertThat(shown.model().info().graphOutputs()).hasSize(1);
      }
    }
  }

  @Test
  void versionsInAFolderThatTheFunctionIgnoresAreLoadedWithAWarning() {
    Path folder = root.resolve("my words");
    OnnxModels.words().write(Repositories.directory(folder.resolve("2")).resolve("model.onnx"));

    try (ModelFolder opened = open(folder)) {
      assertThat(opened.model().info().name()).isEqualTo("my words");
      assertThat(opened.model().info().version()).isEqualTo("2");
      assertThat(opened.directory()).isEqualTo(folder.resolve("2"));
      assertThat(opened.warnings())
          .singleElement()
          .asString()
          .contains("ignores a folder named \"my words\"");
    }
  }

  @Test
  void folderThatLooksLikeAVersionIsNamedInAWarning() {
    OnnxModels.words().write(Repositories.version(root, "m", 1).resolve("model.onnx"));
    OnnxModels.words().write(Repositories.directory(root.resolve("m/v2")).resolve("model.onnx"));

    try (ModelFolder opened = open(root.resolve("m"))) {
      assertThat(opened.warnings()).singleElement().asString().contains("m/v2");
    }
  }

  @Test
  void modelThatLoadsButCannotAnswerIsRefused() {
    float[] table = new float[2 * OnnxModels.EMBEDDING_SIZE];
    OnnxGraph graph =
        new OnnxGraph("small-vocabulary")
            .input("input_ids", Datatype.INT64, "batch", "seq")
            .input("attention_mask", Datatype.INT64, "batch", "seq")
            .output("last_hidden_state", Datatype.FP32, "batch", "seq", OnnxModels.EMBEDDING_SIZE)
            .initializer(Tensor.ofFloats("table", new long[] {2, OnnxModels.EMBEDDING_SIZE}, table))
            .node("Gather", List.of("table", "input_ids"), List.of("last_hidden_state"));
    Path folder = Repositories.withTokenizer(root, "small", graph);

    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("small version 1 loads, but its first inference fails: ");
  }

  private ModelFolder open(Path folder) {
    return ModelFolder.open(folder, Repositories.settings(root, Duration.ZERO));
  }
}
