package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.model.OnnxModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `pilotlight inspect --against`.
final class AgainstTest {
  // [CLS] hello world [SEP]
  private static final int[] HELLO_WORLD = {101, 7592, 2088, 102};

  @TempDir private Path root;
  private TestFolders folders;
  private String model;

  @BeforeEach
  void create() throws IOException {
    folders = new TestFolders(root);
    model = folders.embedding("m/1");
  }

  @Test
  void equalVectorsPass() throws IOException {
    TestRun run = against(line("hello world", mean()) + "\n\n" + line("hello world", mean()));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("line 1      1.0000000  \"hello world\"", "line 3      1.0000000")
        .contains("worst 1.0000000", "0 of 2 lines are below 0.99999 or failed");
  }

  @Test
  void lowCosineFailsAndNamesTheWorstLine() throws IOException {
    double[] other = mean();
    other[0] += 0.5;
    String lines = line("hello world", mean()) + "\n" + line("hello world", other);

    TestRun strict = against(lines);
    TestRun lenient = against(lines, "--min-cosine", "0.1");

    assertThat(strict.exitCode()).isOne();
    assertThat(strict.out())
        .containsPattern("worst 0\\.\\d{7}, line 2")
        .contains("1 of 2 lines are below 0.99999 or failed");
    assertThat(lenient.exitCode()).isZero();
  }

  @Test
  void embeddingOfAnotherSizeFails() throws IOException {
    TestRun run = against("{\"text\": \"hello world\", \"embedding\": [1, 2]}");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("the expected embedding has 2 numbers, the model's 4");
  }

  @Test
  void undefinedCosineFails() throws IOException {
    TestRun run = against(line("hello world", new double[4]), "--min-cosine=-1");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("worst NaN, line 1");
  }

  @Test
  void textOverTheTokenLimitFailsUnlessTruncated() throws IOException {
    String line = line("hello world " + "a ".repeat(20), mean());

    assertThat(against(line, "--min-cosine=-1").exitCode()).isOne();
    assertThat(against(line, "--min-cosine=-1").out()).contains("the model takes 12");
    assertThat(against(line, "--min-cosine=-1", "--truncate").exitCode()).isZero();
  }

  @Test
  void anotherLengthIsAWarningBecauseTheCosineHidesIt() throws IOException {
    double[] twice = Arrays.stream(mean()).map(value -> 2 * value).toArray();

    TestRun run = against(line("hello world", twice));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("the model's vector is 0.5000 times as long as the expected one (line 1)");
    assertThat(against(line("hello world", twice), "--strict").exitCode()).isOne();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | line 1 is not valid JSON",
        "[1] | line 1 is not a JSON object",
        "{\"text\": \"a\" | line 1 is not valid JSON",
        "{\"text\": \"a\"} | line 1 lacks an embedding",
        "{\"text\": 1, \"embedding\": [1]} | line 1 lacks a text",
        "{\"text\": \"a\", \"embedding\": [null]} | line 1 has an embedding with something other",
        "'' | line 1 is missing"
      })
  void malformedFileIsExitCodeTwoAndNamesTheLine(String content, String message)
      throws IOException {
    TestRun run = against(content);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains(message, "accepted: {\"text\": \"…\", \"embedding\": [0.1, …]}");
  }

  @Test
  void onlyEmbeddingsCanBeCompared() throws IOException {
    Path file = folders.write("", "expected.jsonl", line("hello world", mean()));

    TestRun run = TestRun.run("inspect", folders.classifier("c/1"), "--against", file.toString());

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("the model's task is text-classification");
  }

  private TestRun against(String content, String... options) throws IOException {
    String file = folders.write("", "expected.jsonl", content).toString();
    Stream<String> fixed = Stream.of("inspect", model, "--against", file);
    return TestRun.run(Stream.concat(fixed, Stream.of(options)).toArray(String[]::new));
  }

  private static double[] mean() {
    double[] mean = new double[OnnxModels.EMBEDDING_SIZE];
    for (int token : HELLO_WORLD) {
      for (int place = 0; place < mean.length; place++) {
        mean[place] += OnnxModels.embedding(token, place) / HELLO_WORLD.length;
      }
    }
    return mean;
  }

  private static String line(String text, double[] embedding) {
    return "{\"id\": {\"a\": 1}, \"text\": \"%s\", \"embedding\": %s}"
        .formatted(text, Arrays.toString(embedding));
  }
}
