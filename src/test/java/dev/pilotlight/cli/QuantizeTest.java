package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Item;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.PackedModel;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pilotlight quantize`.
final class QuantizeTest {
  @TempDir private Path root;
  private TestMatrices matrices;
  private TestFolders folders;

  @BeforeEach
  void open() {
    matrices = new TestMatrices(root);
    folders = new TestFolders(root);
  }

  @Test
  void theNextVersionIsSmallerAndAnswersNearlyTheSame() throws IOException {
    matrices.embedding("m/1", 1);
    folders.write("m/1", "README.md", "about m");
    folders.write("m/1", "pilotlight.json", "{\"max_tokens\": 10}");

    TestRun run = TestRun.run("quantize", root.resolve("m").toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("m, version 1: dynamic int8, per channel\n")
        .containsPattern("weights +1 MatMul and Gemm, 1 embedding look-ups; 0 other products")
        .containsPattern("size +278\\.9 kB to 7\\d\\.\\d kB, 26\\.\\d %")
        .containsPattern("10 tokens +[0-9.]+ ms to [0-9.]+ ms, [0-9.]+ times as fast")
        .containsPattern("cosine +mean 0\\.99\\d\\d over 48 texts")
        .containsPattern("lowest cosine +0\\.\\d{4}, \"")
        .containsPattern("rank correlation +0\\.9\\d\\d\\d")
        .containsPattern("written to +" + root.resolve("m/2"));
    assertThat(root.resolve("m/2/README.md")).hasContent("about m");
    assertThat(root.resolve("m/2/pilotlight.json")).hasContent("{\"max_tokens\": 10}");
    assertThat(list(root)).containsExactly("m");
    assertThat(list(root.resolve("m/2"))).isEqualTo(list(root.resolve("m/1")));
    try (ModelRepository repository = Repositories.open(root)) {
      Model answering = repository.get("m", null);
      assertThat(answering.info().version()).isEqualTo("2");
      float[] first = embedding(repository.get("m", "1"));
      assertThat(embedding(answering)).hasSameSizeAs(first).isNotEqualTo(first);
    }
  }

  @Test
  void aQuantisedModelIsNotQuantisedAgain() throws IOException {
    matrices.embedding("m/1", 1);
    assertThat(TestRun.run("quantize", root.resolve("m").toString()).exitCode()).isZero();

    TestRun again = TestRun.run("quantize", root.resolve("m").toString());

    assertThat(again.exitCode()).isOne();
    assertThat(again.err())
        .isEqualTo(
            "pilotlight: the model is quantised already: its graph has the operator"
                + " DynamicQuantizeLinear; name the original"
                + System.lineSeparator());
    assertThat(list(root.resolve("m"))).containsExactly("1", "2");
    // the original is still there, and the next number is free
    assertThat(TestRun.run("quantize", root.resolve("m/1").toString(), "--weights-only").out())
        .contains("weights of 8 bits in blocks of 32", "written to", "m/3");
  }

  @Test
  void aResultUnderTheBoundIsNotWritten() throws IOException {
    matrices.embedding("m/1", 2_000);
    String folder = root.resolve("m/1").toString();

    TestRun run = TestRun.run("quantize", folder, "--per-tensor", "--cosine-min", "0.999999");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out())
        .contains("dynamic int8, per tensor", "one scale for a whole weight is much less accurate")
        .doesNotContain("written to");
    assertThat(run.err())
        .startsWith("pilotlight: the mean cosine is 0.")
        .contains("; --cosine-min is 0.999999; nothing was written")
        .hasLineCount(1);
    assertThat(list(root)).containsExactly("m");
    assertThat(list(root.resolve("m"))).containsExactly("1");
  }

  @Test
  void labelsAreComparedByTheirAgreement() throws IOException {
    String folder = matrices.classifier("c/1");
    Path texts = Files.writeString(root.resolve("texts"), "one text\n\nanother\nthe third\n");

    TestRun run = TestRun.run("quantize", folder, "--reduce-range", "--texts", texts.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("c, version 1: dynamic int8, per channel, 7 bits\n")
        .containsPattern("weights +1 MatMul and Gemm, 1 embedding look-ups; 1 other products")
        .containsPattern("same label +100\\.0 % of 3 texts")
        .containsPattern("score +moves by 0\\.\\d{4} on average")
        .containsPattern("written to +" + root.resolve("c/2"));
  }

  @Test
  void jsonIsOneObject() throws IOException {
    matrices.embedding("m/1", 1);
    folders.write("", "models.lock", "");

    TestRun run = TestRun.run("quantize", root.resolve("m/1").toString(), "--json");

    assertThat(run.out().replaceAll("\\s+", " "))
        .startsWith("{ \"name\" : \"m\", \"version\" : \"1\", \"form\" : \"dynamic int8, per")
        .contains("\"products\" : 1, \"products_left\" : 0, \"lookups\" : 1,")
        .containsPattern("\"original_bytes\" : \\d+, \"bytes\" : \\d+, \"speed\" : \\[ \\{ \"tok")
        .containsPattern("\"texts\" : 48, \"cosine_mean\" : 0.\\d+, \"cosine_min\" : 0.\\d+, \"ra")
        .contains("\"warnings\" : [ \"models.lock does not list the new version: run pilotlight")
        .contains("\"fault\" : null, \"written\" : \"" + root.resolve("m/2") + "\" }");
  }

  @Test
  void modelsThatCannotBeQuantisedAreRefused() throws IOException {
    assertRefused(folders.tensors("sums/1"), "the task of sums is tensors; accepted: embedding");
    assertRefused(folders.embedding("small/1"), "no MatMul or Gemm with a constant FP32 matrix");
    assertRefused("models/all-minilm-l6-v2/1", "quantised already");
    assertThat(list(root)).containsExactlyInAnyOrder("small", "sums");
    assertThat(list(root.resolve("small"))).containsExactly("1");
  }

  @Test
  void thePackagedCopyOfAModelIsRefused() throws IOException {
    Path version = Path.of(matrices.embedding("m/1", 1));
    ModelFiles files = ModelFiles.in(version, 1 << 20);
    PackedModel.of(files, files, "", false).write(version);

    assertRefused(version.toString(), "holds a packaged model, whose graph is optimised");
  }

  @Test
  void aWrongCommandLineExitsWithTwo() throws IOException {
    String folder = matrices.embedding("m/1", 1);
    Path two = Files.writeString(root.resolve("two"), "one text\nanother\n");
    Path latin = Files.write(root.resolve("latin"), new byte[] {'a', (byte) 0xFC, 'b'});

    assertUsage("quantize", root.resolve("none").toString(), "none does not exist");
    assertUsage("quantize", root.resolve("two").toString(), "two is a file; name its folder");
    assertUsage("quantize", "Missing required parameter: 'FOLDER'");
    assertUsage("quantize", folder, "--cosine-min=1.5", "--cosine-min is 1.5; accepted: -1 to 1");
    assertUsage("quantize", folder, "--agreement-min=NaN", "is NaN; accepted: 0 to 1");
    assertUsage("quantize", folder, "--weights-only", "--per-tensor", "accepted without");
    assertUsage("quantize", folder, "--texts=" + two, "has 2 texts; accepted: 3 to 1000");
    assertUsage("quantize", folder, "--texts=" + latin, "latin cannot be read as UTF-8");
    assertThat(list(root.resolve("m"))).containsExactly("1");
  }

  private static void assertRefused(String folder, String message) {
    TestRun run = TestRun.run("quantize", folder);
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).startsWith("pilotlight: ").contains(message).hasLineCount(1);
  }

  /// @param arguments the command line, then a part of the message
  private static void assertUsage(String... arguments) {
    List<String> line = List.of(arguments).subList(0, arguments.length - 1);
    TestRun run = TestRun.run(line.toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(arguments[arguments.length - 1]).hasLineCount(1);
  }

  private static float[] embedding(Model model) {
    return model.run(new Item.Text("hello world", true)).outputs().getFirst().floats();
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
