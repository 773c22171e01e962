package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.input.TestParquet;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A batch of Parquet that resumes between two rows.
@Timeout(240)
final class BatchParquetIT {
  private static final int ROWS = 1_200;
  private static final Fate REFUSE =
      new Fate.Fail(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");

  @Test
  void rowsAfterACheckpointHaveTheAnswersOfTheSameCsv(@TempDir Path root) throws IOException {
    try (BatchFunction function =
        BatchFunction.withClassifier(
            root,
            "PILOTLIGHT_STORE",
            "off",
            "PILOTLIGHT_BATCH_CHECKPOINT_MS",
            "100",
            "PILOTLIGHT_BATCH_WINDOW_ITEMS",
            "25")) {
      answerParquet(function);
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
          .isEqualTo(2);
    }
  }

  /// By two invocations: the second checkpoint of the first one fails.
  private static void answerParquet(BatchFunction function) {
    String[] texts = new String[ROWS];
    String[] ids = new String[ROWS];
    for (int i = 0; i < ROWS; i++) {
      texts[i] = "row " + i;
      ids[i] = "r" + i;
    }
    byte[] parquet = new TestParquet().texts("text", texts).texts("id", ids).cut(500, 70).write();
    function.setTime(200_000);
    AtomicInteger saves = new AtomicInteger();
    function
        .between()
        .rule(
            call -> {
              boolean saving = call.uri().getPath().contains(".pilotlight/batches/");
              return call.method().equals("PUT") && saving && saves.incrementAndGet() > 1
                  ? REFUSE
                  : new Fate.Pass();
            });
    Event event = function.put("rows.parquet", parquet, Map.of());
    assertThatThrownBy(() -> function.send(event)).isInstanceOf(BatchException.class);
    function.passAll();
    assertThat(function.send(event)).containsExactly("done");
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
