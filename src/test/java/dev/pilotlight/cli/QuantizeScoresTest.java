package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pilotlight quantize` of models whose labels do not exclude each other.
final class QuantizeScoresTest {
  /// So large that one scale for the weight makes all other values 0.
  private static final float OUTLIER = 100_000;

  @TempDir private Path root;
  private TestMatrices matrices;
  private TestFolders folders;

  @BeforeEach
  void open() {
    matrices = new TestMatrices(root);
    folders = new TestFolders(root);
  }

  @Test
  void oneLabelIsMeasuredOnPairsByTheOrderOfTheScores() throws IOException {
    TestRun run = TestRun.run("quantize", oneLabel(0));

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .containsPattern("rank correlation 0\\.9\\d{3} of the scores of 48 pairs")
        .containsPattern("lowest label +0\\.9\\d{3}, \"relevance\"")
        .containsPattern("score +moves by 0\\.\\d{4} on average; the original's deviate by \\d")
        .containsPattern("bound +--rank-min 0\\.9 of the rank correlation")
        .doesNotContain("same decision", "--agreement-min")
        .containsPattern("written to +" + root.resolve("c/2"));
  }

  @Test
  void oneLabelWithWrongWeightsIsRefused() throws IOException {
    TestRun run = TestRun.run("quantize", oneLabel(OUTLIER), "--per-tensor");

    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .startsWith("pilotlight: the rank correlation is ")
        .contains("; --rank-min is 0.9; nothing was written")
        .hasLineCount(1);
    assertThat(root.resolve("c/2")).doesNotExist();
  }

  @Test
  void severalLabelsOnTheirOwnAreBoundByOrderAndDecisions() throws IOException {
    TestRun run = TestRun.run("quantize", severalLabels(0));

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .containsPattern("rank correlation 0\\.9\\d{3} of the scores of 48 texts")
        .containsPattern("same decision +\\d+\\.\\d % of scores, at 0\\.5")
        .containsPattern("bound +--rank-min 0\\.9 of the rank correlation")
        .containsPattern("bound +--agreement-min 0\\.95 of the share of equal decisions at 0\\.5");
  }

  @Test
  void severalLabelsWithWrongWeightsAreRefused() throws IOException {
    TestRun run = TestRun.run("quantize", severalLabels(OUTLIER), "--per-tensor", "--json");

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("the rank correlation is ", "; --rank-min is 0.9");
    assertThat(run.out())
        .contains("\"compared\" : \"texts\"", "\"option\" : \"--rank-min\"")
        .contains("\"written\" : null");
  }

  @Test
  void aModelThatPutsAPromptBeforeATextIsMeasuredOnTexts() throws IOException {
    String folder = oneLabel(0);
    folders.write(
        "c/1",
        "config_sentence_transformers.json",
        "{\"model_type\": \"CrossEncoder\", \"prompts\": {\"q\": \"query: \"},"
            + " \"default_prompt_name\": \"q\"}");

    assertThat(TestRun.run("quantize", folder).out()).contains("of the scores of 48 texts");
  }

  @Test
  void fewTextsAndImpossibleBoundsAreRefused() throws IOException {
    String folder = oneLabel(0);
    Path texts = Files.writeString(root.resolve("texts"), "one\ntwo\nthree\nfour\n");

    TestRun few = TestRun.run("quantize", folder, "--texts", texts.toString());
    TestRun bound = TestRun.run("quantize", folder, "--rank-min", "1.1");

    assertThat(few.exitCode()).isEqualTo(2);
    assertThat(few.err()).contains("has 4 texts; accepted for a model with one label: at least 10");
    assertThat(bound.exitCode()).isEqualTo(2);
    assertThat(bound.err()).contains("--rank-min is 1.1; accepted: -1 to 1");
    assertThat(root.resolve("c/2")).doesNotExist();
  }

  private String oneLabel(float outlier) throws IOException {
    String folder = matrices.classifier("c/1", 1, outlier);
    folders.write("c/1", "config.json", config("\"0\": \"relevance\"", ""));
    return folder;
  }

  private String severalLabels(float outlier) throws IOException {
    String folder = matrices.classifier("c/1", 3, outlier);
    folders.write(
        "c/1",
        "config.json",
        config(
            "\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"",
            ", \"problem_type\": \"multi_label_classification\""));
    return folder;
  }

  private static String config(String labels, String more) {
    return """
        {"architectures": ["BertForSequenceClassification"], "max_position_embeddings": 40,
         "id2label": {%s}%s}
        """
        .formatted(labels, more);
  }
}
