package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ResultCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelPackerTest {
  @TempDir private Path directory;
  private Path from;
  private Path to;

  @BeforeEach
  void twoRepositories() {
    from = directory.resolve("from");
    to = directory.resolve("to");
  }

  @Test
  void thePackedSampleHasTheOriginalsDigestAndAnswersItBitForBit() throws IOException {
    Path copy = Repositories.version(from, Repositories.SAMPLE_NAME, 1);
    for (String name : files(Repositories.SAMPLE).names()) {
      Files.createDirectories(copy.resolve(name).getParent());
      Files.copy(Repositories.SAMPLE.resolve(name), copy.resolve(name));
    }

    assertThat(ModelPacker.pack(from, to, true)).first().asString().contains("the same answers");
    Files.delete(copy.resolve("model.onnx")); // whatever answers now is what was packed

    Item text = new Item.Text("a text of the test", false);
    try (ModelRepository original = Repositories.sample();
        ModelRepository packed = Repositories.open(to)) {
      Model one = original.get(Repositories.SAMPLE_NAME, null);
      Model two = packed.get(Repositories.SAMPLE_NAME, null);
      assertThat(two.info()).isEqualTo(one.info());
      assertThat(ResultCodec.encode(two.run(text))).isEqualTo(ResultCodec.encode(one.run(text)));
    }
    assertThat(note()).isEqualTo(ContentDigest.of(files(Repositories.SAMPLE)));
  }

  @Test
  void aGraphWithTextsIsPackedAsWell() throws IOException {
    OnnxModels.words().write(version("words").resolve("model.onnx"));

    assertThat(ModelPacker.pack(from, to, true)).first().asString().contains("the same answers");
  }

  @Test
  void weightsBesideTheGraphComeAlong() throws IOException, OrtException {
    Path whole = OnnxModels.textClassification().write(directory.resolve("whole.onnx"));
    Path split = version("split").resolve("model.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.setOptimizedModelFilePath(split.toString());
      options.addConfigEntry(
          "session.optimized_model_external_initializers_file_name", "model.onnx_data");
      options.addConfigEntry(
          "session.optimized_model_external_initializers_min_size_in_bytes", "16");
      JniGraph.environment().createSession(whole.toString(), options).close();
    }
    assertThat(split.resolveSibling("model.onnx_data")).isNotEmptyFile();

    assertThat(ModelPacker.pack(from, to, true)).first().asString().contains("the same answers");
    assertThat(to.resolve("split/1/model.onnx_data")).isNotEmptyFile();
  }

  @Test
  void onAnotherMachineTheFilesStayAsTheyAreAndOnlyTheDigestIsNoted() throws IOException {
    Path original = OnnxModels.sumAndDifference().write(version("sums").resolve("model.onnx"));

    assertThat(ModelPacker.pack(from, to, false))
        .containsExactly("model sums, version 1, as it is");
    assertThat(to.resolve("sums/1/model.onnx")).hasSameBinaryContentAs(original);
    assertThat(PackedModel.beside(files(to.resolve("sums/1"))))
        .hasValueSatisfying(note -> assertThat(note.isOptimisedFor(Graphs.runtime())).isFalse());
  }

  @Test
  void aNoteThatDoesNotFitTheFilesDoesNotCount() throws IOException {
    OnnxModels.sumAndDifference().write(version("sums").resolve("model.onnx"));
    List<String> _ = ModelPacker.pack(from, to, true);
    Path packed = to.resolve("sums/1");
    assertThat(PackedModel.beside(files(packed))).isPresent();

    OnnxModels.quotient().write(packed.resolve("model.onnx"));
    assertThat(PackedModel.beside(files(packed))).isEmpty();
    OnnxModels.sumAndDifference().write(packed.resolve("model.onnx"));
    Files.writeString(packed.resolve("config.json"), "{}");
    assertThat(PackedModel.beside(files(packed))).isEmpty();
  }

  private String note() {
    return PackedModel.beside(files(to.resolve(Repositories.SAMPLE_NAME).resolve("1")))
        .orElseThrow()
        .digest();
  }

  private Path version(String name) {
    return Repositories.version(from, name, 1);
  }

  private static ModelFiles files(Path directory) {
    return ModelFiles.in(directory, Long.MAX_VALUE);
  }
}
