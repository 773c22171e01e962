package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The output of `pilotlight inspect` for a folder, and its exit codes.
final class InspectTest {
  @TempDir private Path root;
  private TestFolders folders;

  @BeforeEach
  void create() {
    folders = new TestFolders(root);
  }

  @Test
  void showsWhatIsServedAndWhichFileDecidedIt() throws IOException {
    TestRun run = TestRun.run("inspect", folders.embedding("minilm/3"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("minilm, version 3: embedding")
        .containsPattern("pooling +mean +from 1_Pooling/config.json")
        .containsPattern("max_tokens +12 +from sentence_bert_config.json")
        .containsPattern("dimensions +4 +from graph")
        .containsPattern("text +BYTES +\\[any\\]")
        .containsPattern("embedding +FP32 +\\[any, 4\\]")
        .containsPattern("input_ids +INT64 +\\[any, any\\]");
  }

  @Test
  void listsUsedAndIgnoredFilesWithTheirSizes() throws IOException {
    String folder = folders.embedding("minilm/1");
    folders.write("minilm/1", "README.md", "12345");
    folders.write("minilm/1", ".git/objects/1", "");

    String out = TestRun.run("inspect", folder).out();

    String used = between(out, "Files used", "Files ignored");
    String ignored = between(out, "Files ignored", "Cost");
    assertThat(used).contains("model.onnx", "1_Pooling/config.json", "711.7 kB");
    assertThat(ignored).containsPattern("README.md +5 B");
    assertThat(ignored).doesNotContain("model.onnx", ".git");
  }

  @Test
  void modelFolderAnswersWithItsHighestVersionThatLoads() throws IOException {
    folders.embedding("minilm/1");
    folders.embedding("minilm/2");
    folders.write("minilm/3", "model.onnx", "not a graph");

    TestRun run = TestRun.run("inspect", root.resolve("minilm").toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("minilm, version 2: embedding");
    assertThat(between(run.out(), "Warnings", "")).contains("minilm version 3 cannot be loaded");
  }

  @Test
  void anyFolderThatHoldsAnExportIsVersionOneOfItsName() throws IOException {
    TestRun run = TestRun.run("inspect", folders.tensors("exports/sums"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("sums, version 1: tensors")
        .containsPattern("a +FP32 +\\[any\\]")
        .containsPattern("difference +FP32 +\\[any\\]");
  }

  @Test
  void strictTurnsAWarningIntoAFailure() throws IOException {
    String folder = folders.tensors("my sums");

    TestRun usual = TestRun.run("inspect", folder);
    TestRun strict = TestRun.run("inspect", "--strict", folder);

    assertThat(usual.exitCode()).isZero();
    assertThat(usual.out()).contains("the function ignores a folder named \"my sums\"");
    assertThat(strict.exitCode()).isOne();
    assertThat(strict.out().replaceAll("\\d", "")).isEqualTo(usual.out().replaceAll("\\d", ""));
  }

  @Test
  void strictAcceptsAModelWithoutWarnings() throws IOException {
    assertThat(TestRun.run("inspect", "--strict", folders.embedding("m/1")).exitCode()).isZero();
  }

  @Test
  void embedsTextsThatAreGiven() throws IOException {
    TestRun run =
        TestRun.run("inspect", folders.embedding("m/1"), "--text", "hello world", "--text=@home");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("\"hello world\"\n  [", "4 tokens", "\"@home\"\n  [");
  }

  @Test
  void classifiesATextThatIsGiven() throws IOException {
    TestRun run = TestRun.run("inspect", folders.classifier("m/1"), "--text", "hello world");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).containsPattern("\"hello world\"\\R  (good|bad|so so), score 0\\.\\d{6}");
  }

  @Test
  void showsTheActivationThatTheExportChose() throws IOException {
    String folder = folders.classifier("m/1");
    folders.write(
        "m/1",
        "config.json",
        """
        {"architectures": ["BertForSequenceClassification"], "max_position_embeddings": 16,
         "sentence_transformers": {"activation_fn": "torch.nn.modules.linear.Identity"}}
        """);

    TestRun run = TestRun.run("inspect", folder);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern(
            "activation_fn +torch.nn.modules.linear.Identity +"
                + "from config.json: sentence_transformers");
  }

  @Test
  void labelsTheTokensOfATextThatIsGiven() throws IOException {
    String folder = folders.tokenClassifier("m/1");
    TestRun run = TestRun.run("inspect", folder, "--text", "hello world");
    TestRun json = TestRun.run("inspect", folder, "--json", "--text", "hello world");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("token-classification")
        .containsPattern("\"hello world\"\\R  hello +(O|B-X), score 0\\.\\d{6}, 0 to 5\\R  world ");
    assertThat(json.out())
        .containsPattern("\"token\" ?: ?\"world\"")
        .containsPattern("\"start\" ?: ?6")
        .containsPattern("\"tokens\" ?: ?4");
  }

  @Test
  void textThatTheModelRefusesFailsAfterTheReport() throws IOException {
    TestRun tooLong = TestRun.run("inspect", folders.embedding("m/1"), "--text", "a ".repeat(20));
    TestRun noText = TestRun.run("inspect", folders.tensors("t/1"), "--text", "a");
    TestRun truncated =
        TestRun.run(
            "inspect", root.resolve("m/1").toString(), "--truncate", "--text", "a ".repeat(20));

    assertThat(tooLong.exitCode()).isOne();
    assertThat(tooLong.out()).startsWith("m, version 1").contains("22 tokens; the model takes 12");
    assertThat(noText.exitCode()).isOne();
    assertThat(noText.out()).contains("takes tensors, not texts");
    assertThat(truncated.exitCode()).isZero();
    assertThat(truncated.out()).contains("12 tokens");
  }

  @Test
  void folderThatCannotBeServedIsOneLine() throws IOException {
    folders.write("m/2", "model.onnx", "not a graph");
    folders.write("m/1", "README.md", "");

    TestRun run = TestRun.run("inspect", root.resolve("m").toString());

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err())
        .startsWith("pilotlight: m version 2 cannot be loaded: ")
        .contains("; m version 1 cannot be loaded: ");
  }

  @Test
  void repositoryIsRefusedWithTheModelsInIt() throws IOException {
    folders.tensors("models/a/1");
    folders.tensors("models/b");

    TestRun run = TestRun.run("inspect", root.resolve("models").toString());

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("holds the models a, b; name one of these folders");
  }

  @Test
  void colourAppearsOnlyWhereTheTerminalHasIt() throws IOException {
    String folder = folders.tensors("my sums");

    assertThat(TestRun.run("inspect", folder).out()).doesNotContain("\u001b");
    assertThat(TestRun.runOn(new Terminal(false, true), "inspect", folder).out())
        .contains("\u001b[1mmy sums\u001b[0m", "\u001b[33mthe function ignores");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--min-cosine=2", "--min-cosine=NaN", "--min-cosine=x", "--colour", "a"})
  void wrongArgumentIsOneLineAndExitCodeTwo(String argument) throws IOException {
    TestRun run = TestRun.run("inspect", folders.tensors("m/1"), argument);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("pilotlight: ").contains("see pilotlight inspect --help");
  }

  @Test
  void folderThatIsMissingOrAFileIsExitCodeTwo() throws IOException {
    String missing = root.resolve("missing").toString();
    String graph = Path.of(folders.tensors("m/1"), "model.onnx").toString();

    assertThat(TestRun.run("inspect")).isEqualTo(usage("Missing required parameter: 'FOLDER'"));
    assertThat(TestRun.run("inspect", missing)).isEqualTo(usage(missing + " does not exist"));
    assertThat(TestRun.run("inspect", graph))
        .isEqualTo(usage(graph + " is a file; name its folder"));
  }

  @Test
  void textWithLettersThatTheLocaleLostIsRefused() throws IOException {
    TestRun run = TestRun.run("inspect", folders.embedding("m/1"), "--text", "Gr\uFFFDn");

    assertThat(run)
        .isEqualTo(usage("--text is not in the terminal's encoding; set LC_ALL=C.UTF-8"));
  }

  private static TestRun usage(String message) {
    return new TestRun(
        2,
        "",
        "pilotlight: " + message + "; see pilotlight inspect --help" + System.lineSeparator());
  }

  private static String between(String out, String from, String to) {
    assertThat(out).contains(from, to);
    int start = out.indexOf(from);
    return out.substring(start, to.isEmpty() ? out.length() : out.indexOf(to, start));
  }
}
