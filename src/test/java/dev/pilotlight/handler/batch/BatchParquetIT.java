package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.input.TestParquet;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A batch of Parquet that is handed over between two rows.
@Timeout(240)
final class BatchParquetIT {
  private static final int ROWS = 1_200;

  @Test
  void rowsContinueAndHaveTheAnswersOfTheSameCsv(@TempDir Path root) throws IOException {
    try (BatchFunction function =
        BatchFunction.withClassifier(
            root,
            "PILOTLIGHT_STORE",
            "off",
            "PILOTLIGHT_BATCH_CHECKPOINT_MS",
            "100",
            "PILOTLIGHT_BATCH_WINDOW_ITEMS",
            "25")) {
      int invocations = answerParquet(function);
      assertThat(invocations).isGreaterThan(1);
      StringBuilder csv = new StringBuilder("text,id\n");
      for (int i = 0; i < ROWS; i++) {
        csv.append("row ").append(i).append(",r").append(i).append('\n');
      }
      function.setTime(200_000);
      assertThat(function.send(function.put("rows.csv", csv.toString()))).containsExactly("done");
      List<String> answers = lines(function, "rows.parquet.out.jsonl");
      assertThat(answers).hasSize(ROWS).isEqualTo(lines(function, "rows.csv.out.jsonl"));
      assertThat(answers.getLast()).contains("\"line\":1200", "\"id\":\"r1199\"");
      assertThat(function.json("rows.parquet.summary.json").path("invocations").asInt())
          .isEqualTo(invocations);
    }
  }

  /// @return how many invocations it took
  private static int answerParquet(BatchFunction function) {
    String[] texts = new String[ROWS];
    String[] ids = new String[ROWS];
    for (int i = 0; i < ROWS; i++) {
      texts[i] = "row " + i;
      ids[i] = "r" + i;
    }
    byte[] parquet = new TestParquet().texts("text", texts).texts("id", ids).cut(500, 70).write();
    function.setTime(8_000);
    AtomicBoolean saved = new AtomicBoolean();
    function
        .between()
        .rule(
            call -> {
              // the time for lines is up while the first checkpoint is saved
              boolean saving = call.uri().getPath().contains(".pilotlight/batches/");
              if (call.method().equals("PUT") && saving && !saved.getAndSet(true)) {
                pause();
              }
              return new Fate.Pass();
            });
    List<String> ending = function.send(function.put("rows.parquet", parquet, Map.of()));
    function.passAll();
    function.setTime(200_000);
    int invocations = 1;
    while (ending.equals(List.of("handed-over"))) {
      invocations++;
      ending = function.sendJson(bridge(".continue", function));
    }
    assertThat(ending).containsExactly("done");
    return invocations;
  }

  private static void pause() {
    try {
      Thread.sleep(4_500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String bridge(String suffix, BatchFunction function) {
    String key =
        function.keys(BatchFunction.OUT).stream()
            .filter(each -> each.endsWith(suffix))
            .reduce((_, last) -> last)
            .orElseThrow();
    return ("{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":"
            + "{\"name\":\"%s\"},\"object\":{\"key\":\"%s\",\"sequencer\":\"0A\"}}}")
        .formatted(BatchFunction.OUT, key);
  }

  /// The answers without the ids of their results, which derive from the object.
  private static List<String> lines(BatchFunction function, String key) {
    return function
        .output(key)
        .orElseThrow()
        .lines()
        .map(line -> line.replaceAll("\"result_id\":\"[^\"]*\"", ""))
        .toList();
  }
}
