package dev.pilotlight.cli.quantize;

import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.cli.onnx.ModelFile;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.OnnxAttribute;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.files.ModelFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of a new version.
final class NextVersionTest {
  private static final int SIZE = 40;
  private static final float[] WEIGHTS = TestModel.random(new Random(8), SIZE * SIZE);
  private static final float[] OTHERS = TestModel.random(new Random(9), SIZE * SIZE);

  @TempDir private Path root;

  @Test
  void itFollowsTheHighestVersionAndAppearsAtOnce() throws IOException {
    Path version = root.resolve("m/3");
    TestModel.of(version, inline());
    Files.createDirectories(root.resolve("m/7"));
    Files.createDirectories(root.resolve("m/notes"));
    try (NextVersion next = NextVersion.of(version)) {
      assertThat(next.target()).isEqualTo(root.resolve("m/8"));
      assertThat(next.folder().toString()).endsWith("/m/8");
      write(next, version, ModelFile.INLINE_BYTES_MAX);
      assertThat(next.target()).doesNotExist();
      assertThat(list(root)).filteredOn(name -> !name.equals("m")).allMatch(n -> n.startsWith("."));

      next.publish();

      assertThat(list(next.target())).containsExactly("model.onnx");
    }
    assertThat(list(root)).containsExactly("m");
  }

  @Test
  void aFolderWithoutAVersionIsTheFirst() throws IOException {
    TestModel.of(root.resolve("m"), inline());
    try (NextVersion next = NextVersion.of(root.resolve("m"))) {
      assertThat(next.target()).isEqualTo(root.resolve("m/2"));
    }
  }

  @Test
  void aVersionThatAppearedMeanwhileStays() throws IOException {
    Path version = root.resolve("m/1");
    TestModel.of(version, inline());
    try (NextVersion next = NextVersion.of(version)) {
      write(next, version, ModelFile.INLINE_BYTES_MAX);
      Files.createDirectories(root.resolve("m/2"));

      assertThatThrownBy(next::publish).isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(list(root.resolve("m/2"))).isEmpty();
    assertThat(list(root)).containsExactly("m");
  }

  @Test
  void aClosedVersionIsNotPublished() throws IOException {
    Path version = root.resolve("m/1");
    TestModel.of(version, inline());
    NextVersion next = NextVersion.of(version);
    next.close();
    // written by a thread that does not notice
    write(next, version, ModelFile.INLINE_BYTES_MAX);

    assertThatThrownBy(next::publish).hasMessage("the command was stopped");
    assertThat(root.resolve("m/2")).doesNotExist();

    next.close();
    assertThat(list(root)).containsExactly("m");
  }

  @Test
  void aPublishedVersionStaysWhenItIsClosed() throws IOException {
    Path version = root.resolve("m/1");
    TestModel.of(version, inline());
    NextVersion next = NextVersion.of(version);
    write(next, version, ModelFile.INLINE_BYTES_MAX);

    next.publish();
    next.close();

    assertThat(list(next.target())).containsExactly("model.onnx");
    assertThat(list(root)).containsExactly("m");
  }

  /// Ctrl-C closes the version in another thread.
  @Test
  void aVersionThatIsBeingClosedIsNotPublishedInPart() throws Exception {
    Path version = root.resolve("m/1");
    TestModel.of(version, inline());
    NextVersion next = NextVersion.of(version);
    write(next, version, ModelFile.INLINE_BYTES_MAX);
    // the last one is removed first
    for (int i = 1000; i < 4000; i++) {
      Files.createFile(next.folder().resolve("n" + i));
    }
    FutureTask<@Nullable Void> closing =
        new FutureTask<>(
            () -> {
              next.close();
              return null;
            });
    Thread closer = Thread.ofPlatform().start(closing);
    while (closer.isAlive() && Files.exists(next.folder().resolve("n3999"))) {
      Thread.onSpinWait();
    }

    assertThatThrownBy(next::publish).hasMessage("the command was stopped");

    closer.join();
    var _ = closing.get();
    assertThat(root.resolve("m/2")).doesNotExist();
    assertThat(list(root)).containsExactly("m");
  }

  @Test
  void allOtherFilesAreCopied() throws IOException {
    Path version = root.resolve("m/1");
    TestModel.of(version.resolve("onnx"), inline());
    for (String name : List.of(".complete", "tokenizer.json", "1_Pooling/config.json")) {
      Files.createDirectories(version.resolve(name).getParent());
      Files.writeString(version.resolve(name), name);
    }
    try (NextVersion next = NextVersion.of(version)) {
      ModelFile model = ModelFile.read(version.resolve("onnx/model.onnx"));
      var _ = Quantizer.quantise(model, TestModel.dynamic());
      next.write(
          model,
          version,
          "onnx/model.onnx",
          List.of(".complete", "1_Pooling/config.json", "onnx/model.onnx", "tokenizer.json"),
          ModelFile.INLINE_BYTES_MAX);
      next.publish();
    }

    assertThat(list(root.resolve("m/2")))
        .containsExactly(".complete", "1_Pooling", "onnx", "tokenizer.json");
    assertThat(root.resolve("m/2/1_Pooling/config.json")).hasContent("1_Pooling/config.json");
    assertThat(Files.getLastModifiedTime(root.resolve("m/2/.complete")))
        .isGreaterThanOrEqualTo(Files.getLastModifiedTime(root.resolve("m/2/tokenizer.json")));
  }

  @Test
  void aGraphOverTheLimitHasItsWeightsInAnotherFile() throws Exception {
    Path version = root.resolve("m/1");
    TestModel.of(version, inline());
    TestModel quantised = publish(version, 1);

    assertThat(list(root.resolve("m/2"))).containsExactly("model.onnx", "model.onnx_data");
    assertThat(ModelFiles.in(root.resolve("m/2"), 1 << 20).external())
        .containsExactly("model.onnx_data");
    // the second tensor begins at the third page
    assertThat(Files.size(root.resolve("m/2/model.onnx_data"))).isEqualTo(2 * 4096 + SIZE * SIZE);
    assertAnswers(quantised);
  }

  @Test
  void weightsOfAnotherFileAreReadAndStayInOne() throws Exception {
    Path version = root.resolve("m/1");
    OnnxGraph graph =
        graph()
            .initializerIn("model.onnx_data", TestModel.matrix("w", SIZE, SIZE, WEIGHTS))
            .initializerIn("others", TestModel.matrix("v", SIZE, SIZE, OTHERS))
            .node(
                "Constant",
                List.of(),
                List.of("u"),
                OnnxAttribute.tensorIn("others", "value", TestModel.matrix("", SIZE, SIZE, OTHERS)))
            .node("MatMul", List.of("x", "w"), List.of("a"))
            .node("Sub", List.of("v", "u"), List.of("zero"))
            .node("MatMul", List.of("a", "zero"), List.of("b"))
            .node("Add", List.of("a", "b"), List.of("y"));
    TestModel.of(version, graph);
    Files.write(
        version.resolve("model.onnx_data"), TestModel.matrix("w", SIZE, SIZE, WEIGHTS).data());
    Files.write(version.resolve("others"), TestModel.matrix("v", SIZE, SIZE, OTHERS).data());

    TestModel quantised = publish(version, ModelFile.INLINE_BYTES_MAX);

    // the attribute still needs the original's file; the weights' file is gone
    assertThat(list(root.resolve("m/2")))
        .containsExactly("model.onnx", "model.onnx.data", "others");
    assertAnswers(quantised);
  }

  @Test
  void aFileThatIsTooShortIsRefused() throws IOException {
    Path version = root.resolve("m/1");
    TestModel.of(
        version,
        graph()
            .initializerIn("data", TestModel.matrix("w", SIZE, SIZE, WEIGHTS))
            .node("MatMul", List.of("x", "w"), List.of("y")));
    Files.write(version.resolve("data"), new byte[100]);
    ModelFile model = ModelFile.read(version.resolve("model.onnx"));

    assertThatThrownBy(() -> Quantizer.quantise(model, TestModel.dynamic()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("declares the shape [40, 40], but has 100 bytes");
  }

  private TestModel publish(Path version, long inlineBytesMax) throws IOException {
    try (NextVersion next = NextVersion.of(version)) {
      write(next, version, inlineBytesMax);
      next.publish();
    }
    return new TestModel(root.resolve("m/2/model.onnx"));
  }

  private static void write(NextVersion next, Path version, long inlineBytesMax)
      throws IOException {
    ModelFile model = ModelFile.read(version.resolve("model.onnx"));
    var _ = Quantizer.quantise(model, TestModel.dynamic());
    next.write(model, version, "model.onnx", list(version), inlineBytesMax);
  }

  private static OnnxGraph graph() {
    return new OnnxGraph("graph").input("x", FP32, "n", SIZE).output("y", FP32, "n", SIZE);
  }

  private static OnnxGraph inline() {
    return graph()
        .initializer(TestModel.matrix("w", SIZE, SIZE, WEIGHTS))
        .initializer(TestModel.matrix("v", SIZE, SIZE, OTHERS))
        .node("Sub", List.of("v", "v"), List.of("zero"))
        .node("MatMul", List.of("x", "w"), List.of("a"))
        .node("MatMul", List.of("a", "zero"), List.of("b"))
        .node("Add", List.of("a", "b"), List.of("y"));
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertAnswers(TestModel quantised) throws Exception {
    float[] x = TestModel.random(new Random(10), SIZE);
    float[] y = quantised.run(x, 1, SIZE);
    for (int i = 0; i < SIZE; i++) {
      double sum = 0;
      for (int k = 0; k < SIZE; k++) {
        sum += (double) x[k] * WEIGHTS[k * SIZE + i];
      }
      assertThat((double) y[i]).isCloseTo(sum, within(0.4));
    }
  }
}
