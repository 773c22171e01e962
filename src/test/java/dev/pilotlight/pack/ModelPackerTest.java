package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.model.ChangingModels;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.files.ContentDigest;
import dev.pilotlight.model.files.FileState;
import dev.pilotlight.model.files.Folder;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.lock.ModelsLock;
import dev.pilotlight.model.onnx.JniGraph;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ModelPackerTest extends TwoRepositories {
  @Test
  void thePackedSampleHasTheDigestAndAnswersOfTheOriginal() throws IOException {
    Path copy = copySample();

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
  void packedModelHasItsWeightsAndVocabularyInSeparateFiles() throws IOException {
    Path _ = copySample();

    List<String> _ = ModelPacker.pack(from, to, true);

    Path packed = to.resolve(Repositories.SAMPLE_NAME).resolve("1");
    assertThat(files(packed).external()).containsExactly("model.onnx.data");
    assertThat(Files.size(packed.resolve("model.onnx"))).isLessThan(1_000_000);
    assertThat(packed.resolve("tokenizer.vocabulary")).isNotEmptyFile();
    assertThat(files(packed).packed()).isPresent();
    assertThat(files(packed).hasSavedVocabulary()).isTrue();

    byte[] vocabulary = Files.readAllBytes(packed.resolve("tokenizer.vocabulary"));
    vocabulary[vocabulary.length / 2] ^= 1;
    Files.write(packed.resolve("tokenizer.vocabulary"), vocabulary);
    assertThat(files(packed).hasSavedVocabulary()).as("changed since").isFalse();
  }

  @Test
  void withALockOnlyWhatItListsIsPackedAndAnotherFileFailsTheBuild() throws IOException {
    OnnxModels.sumAndDifference().write(Repositories.version(from, "m", 1).resolve("model.onnx"));
    TreeMap<String, FileState> files = new TreeMap<>();
    Path graph = from.resolve("m/1/model.onnx");
    String digest = HexFormat.of().formatHex(ContentDigest.ofFile(graph));
    files.put("m/1/model.onnx", new FileState(Files.size(graph), Instant.EPOCH, "", digest));
    Files.write(from.resolve(ModelsLock.FILE), new ModelsLock(files).render());
    OnnxModels.sumAndDifference().write(Repositories.version(from, "m", 2).resolve("model.onnx"));

    assertThat(ModelPacker.pack(from, to, false)).hasSize(1);
    assertThat(to.resolve("m/1/model.onnx")).exists();
    assertThat(to.resolve("m/2")).doesNotExist();
    assertThat(to.resolve(ModelsLock.FILE)).doesNotExist();

    OnnxModels.identity(Datatype.FP32, "n").write(graph);
    assertThatThrownBy(() -> ModelPacker.pack(from, to, false))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("model m, version 1: models.lock: model.onnx has ");
  }

  @Test
  void aGraphWithTextsIsPackedAsWell() throws IOException {
    OnnxModels.words().write(version("words").resolve("model.onnx"));

    assertThat(ModelPacker.pack(from, to, true)).first().asString().contains("the same answers");
  }

  @Test
  void externalWeightsArePacked() throws IOException, OrtException {
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
  void onAnotherMachineFilesStayUnchangedAndTheDigestIsRecorded() throws IOException {
    Path original = OnnxModels.sumAndDifference().write(version("sums").resolve("model.onnx"));

    assertThat(ModelPacker.pack(from, to, false))
        .containsExactly("model sums, version 1, as it is; files: model.onnx");
    assertThat(to.resolve("sums/1/model.onnx")).hasSameBinaryContentAs(original);
    assertThat(files(to.resolve("sums/1")).packed())
        .hasValueSatisfying(note -> assertThat(note.optimised()).isEmpty());
  }

  @Test
  void aRecordThatDoesNotMatchTheFilesIsIgnored() throws IOException {
    OnnxModels.sumAndDifference().write(version("sums").resolve("model.onnx"));
    List<String> _ = ModelPacker.pack(from, to, true);
    Path packed = to.resolve("sums/1");
    assertThat(files(packed).packed()).isPresent();

    OnnxModels.quotient().write(packed.resolve("model.onnx"));
    assertThat(files(packed).packed()).isEmpty();
    OnnxModels.sumAndDifference().write(packed.resolve("model.onnx"));
    Files.writeString(packed.resolve("config.json"), "{}");
    assertThat(files(packed).packed()).isEmpty();
  }

  @Test
  void replacedWeightsOfTheSameSizeAreDetectedInAFolderThatMayChange() throws IOException {
    ChangingModels.plus(1).write(version("sums").resolve("model.onnx"));
    List<String> _ = ModelPacker.pack(from, to, false);
    Path packed = to.resolve("sums/1");
    String before = ContentDigest.of(files(packed));

    ChangingModels.plus(2).write(packed.resolve("model.onnx"));
    assertThat(files(packed).packed()).isEmpty();
    assertThat(ContentDigest.of(files(packed))).isNotEqualTo(before);
    Map<String, Long> sizes = Folder.of(packed, 0).sizes();
    assertThat(ModelFiles.of(packed, sizes, Long.MAX_VALUE, false).packed())
        .as("as in the function's package")
        .isPresent();
  }

  @Test
  void aRecordWithoutTheFilesIsNotAModel() throws IOException {
    Path version = version("sums");
    OnnxModels.sumAndDifference().write(version.resolve("model.onnx"));
    Repositories.write(version.resolve("config.json"), "{}");
    List<String> _ = ModelPacker.pack(from, to, false);
    Files.delete(to.resolve("sums/1/config.json"));

    assertThatThrownBy(() -> files(to.resolve("sums/1")))
        .isInstanceOfSatisfying(LoadFailure.class, e -> assertThat(e.passes()).isTrue())
        .hasMessageContaining("config.json, which is missing");
  }

  @Test
  void eachModelReportsFilesTakenAndLeftOut() throws IOException {
    Path version = version("sums");
    OnnxModels.sumAndDifference().write(version.resolve("model.onnx"));
    Repositories.write(version.resolve("config.json"), "{}");
    Repositories.write(version.resolve("onnx/model_q4.onnx_data"), "unused");
    Repositories.write(version.resolve("logo.png"), "unused");
    OnnxModels.quotient().write(from.resolve("other/v1/model.onnx"));

    assertThat(ModelPacker.pack(from, to, false))
        .containsExactly(
            "model sums, version 1, as it is; files: config.json, model.onnx",
            "model sums, version 1, left out: logo.png, onnx/model_q4.onnx_data",
            "left out: other/v1: versions are whole numbers from 1, such as other/1");
    assertThat(to.resolve("sums/1/logo.png")).doesNotExist();
  }

  @Test
  void aModelThatDoesNotOpenIsReportedAndLeftOut() throws IOException {
    Repositories.write(version("a").resolve("model.onnx"), "this is not protobuf");
    new OnnxGraph("unknown")
        .input("x", Datatype.FP32, 1)
        .output("y", Datatype.FP32, 1)
        .node("NoSuchOperator", List.of("x"), List.of("y"))
        .write(version("b").resolve("model.onnx"));
    OnnxModels.sumAndDifference().write(version("c").resolve("model.onnx"));

    List<String> lines = ModelPacker.pack(from, to, true);

    assertThat(lines.get(0))
        .startsWith("model a, version 1, FAILED and left out: model.onnx is not an ONNX graph");
    assertThat(lines.get(1))
        .startsWith("model b, version 1, FAILED and left out: its graph cannot be opened")
        .contains("NoSuchOperator");
    assertThat(lines.get(2)).startsWith("model c, version 1, optimised: the same answers");
    assertThat(to.resolve("a")).doesNotExist();
    assertThat(to.resolve("b/1")).doesNotExist();
  }

  @Test
  void theRecordHasTheScanOfTheOriginalGraph() throws IOException {
    new OnnxGraph("scores")
        .input("x", Datatype.FP32, 1, 2)
        .output("p", Datatype.FP32, 1, 2)
        .node("Softmax", List.of("x"), List.of("s"))
        .node("Identity", List.of("s"), List.of("p"))
        .write(version("scores").resolve("onnx/model_quantized.onnx"));

    List<String> _ = ModelPacker.pack(from, to, true);

    ModelFiles packed = files(to.resolve("scores/1"));
    assertThat(packed.packed()).isPresent();
    assertThat(packed.graph()).isEqualTo("onnx/model_quantized.onnx");
    assertThat(packed.producerOp("p")).contains("Softmax");
  }

  private String note() {
    return files(to.resolve(Repositories.SAMPLE_NAME).resolve("1")).packed().orElseThrow().digest();
  }

  private Path version(String name) {
    return Repositories.version(from, name, 1);
  }

  private static ModelFiles files(Path directory) {
    return ModelFiles.in(directory, Long.MAX_VALUE);
  }
}
