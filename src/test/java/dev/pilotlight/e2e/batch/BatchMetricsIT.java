package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.e2e.FunctionLog;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The metrics of the batch function's invocations.
@Timeout(300)
class BatchMetricsIT {
  /// How often the queue delivers a message about a batch that fails.
  private static final int DELIVERIES = 5;

  private static final String KEY = "metrics.jsonl";
  private static final int LINES = 100;
  private static final int WINDOW = 8; // as a function in a hurry has it
  private static final double GB_SECOND = 0.0000133334; // the cheaper one, of arm64
  private static final double INVOCATION = 0.0000002;
  private static final double WRITE_OF_TWO_UNITS = 2 * 0.000000625;

  @TempDir private Path directory;

  @Test
  @OnlyInFaults
  void theSumsOverAllInvocationsAreTheBatchs() throws Exception {
    String lines = BatchLines.good(12, LINES);
    try (BatchStack batches =
        BatchStack.start(options -> BatchHurry.of(options, directory).withLogs(Options.Logs.ALL))) {
      // a first invocation on a slow machine would fail: it has little time, and loads the model
      batches.answer("first.jsonl", BatchLines.good(11, 1));
      int earlier = ofBatch(batches, 1).size();
      batches.betweenDynamo().rule(BatchHurry.slowly(call -> new Fate.Pass()));
      BatchStack.Output output = batches.answer(KEY, lines);
      int invocations = output.count("invocations");
      List<JsonNode> both = ofBatch(batches, earlier + invocations);
      List<JsonNode> all = both.subList(earlier, both.size());
      assertThat(all).hasSize(invocations).hasSizeGreaterThan(1);
      assertThat(all.subList(0, all.size() - 1))
          .allSatisfy(line -> assertThat(line.path("Ending").asText()).isEqualTo("handed-over"));
      assertThat(all.getLast().path("Ending").asText()).isEqualTo("done");
      assertThat(all)
          .allSatisfy(line -> assertThat(line.path("Lines").asInt()).isLessThan(LINES))
          .allSatisfy(line -> assertThat(line.path("ServerErrors").asInt()).isZero());

      int different =
          (int) lines.lines().map(line -> line.replaceFirst("\"id\":[^,]*", "")).distinct().count();
      assertThat(sum(all, "Requests")).isEqualTo(all.size());
      assertThat(sum(all, "Lines")).isEqualTo(LINES);
      assertThat(sum(all, "LineErrors")).isZero();
      assertThat(sum(all, "Items")).isEqualTo(output.count("items")).isEqualTo(LINES);
      // of a window for which there was no time, what was kept is known to the next invocation, and
      // what was not is run again
      int inferences = sum(all, "Inferences");
      assertThat(inferences).isBetween(different, different + WINDOW * (all.size() - 1));
      assertThat(sum(all, "Hits")).isGreaterThanOrEqualTo(LINES - inferences);
      all.forEach(BatchMetricsIT::requireCost);
    }
  }

  @Test
  void failedLinesAreCountedAndRepeatedTextsAreHits() throws Exception {
    try (BatchStack batches = BatchStack.start(options -> options.withLogs(Options.Logs.ALL))) {
      batches.answer(KEY, BatchLines.mixed(13, 40));
      batches.put("again.jsonl", BatchLines.mixed(13, 40));
      BatchStack.Output again = batches.awaitOutput("again.jsonl");
      List<JsonNode> all = ofBatch(batches, 2);
      assertThat(all).hasSize(2);
      for (JsonNode line : all) {
        assertThat(line.path("Lines").asInt()).isEqualTo(40);
        assertThat(line.path("LineErrors").asInt()).isEqualTo(again.count("failed")).isEqualTo(4);
        assertThat(line.path("Ending").asText()).isEqualTo("done");
        requireCost(line);
      }
      JsonNode second = all.getLast();
      assertThat(second.path("Inferences").asInt()).isZero();
      assertThat(second.path("Hits").asInt())
          .isEqualTo(again.count("items"))
          .isEqualTo(second.path("Items").asInt());
    }
  }

  @Test
  void aFailureIsAServerErrorOfEachAttempt() throws Exception {
    try (BatchStack batches = BatchStack.start(options -> options.withLogs(Options.Logs.ALL))) {
      batches.awaitReady();
      batches.put("broken.jsonl.gz", "no gzip");
      batches.awaitIdle();
      assertThat(batches.stack().failures()).hasSize(1);
      List<JsonNode> all = ofBatch(batches, DELIVERIES);
      assertThat(all).hasSize(DELIVERIES);
      for (JsonNode line : all) {
        assertThat(line.path("ServerErrors").asInt()).isOne();
        assertThat(line.path("Ending").asText()).isEqualTo("failed");
        assertThat(line.path("Lines").asInt()).isZero();
        requireCost(line);
      }
    }
  }

  /// All but those of events that were about nothing.
  private static List<JsonNode> ofBatch(BatchStack batches, int count) {
    return FunctionLog.metrics(
        batches.stack(), count, line -> !line.path("Ending").asText().equals("ignored"));
  }

  private static int sum(List<JsonNode> lines, String metric) {
    return lines.stream().mapToInt(line -> line.path(metric).asInt()).sum();
  }

  /// Between the least that it can cost and that and what else there is: reads, and S3's requests.
  private static void requireCost(JsonNode line) {
    double gb = 3_538 / 1_024.0;
    double seconds = line.path("Duration").asDouble() / 1_000;
    double start =
        line.path("ColdStarts").asInt() > 0 ? line.path("InitTime").asDouble() / 1_000 : 0;
    double writes = line.path("Inferences").asInt() * WRITE_OF_TWO_UNITS;
    double least = (seconds + start - 0.002) * gb * GB_SECOND + INVOCATION + writes;
    assertThat(line.path("EstimatedCost").asDouble()).isBetween(least, least * 1.26 + 0.0003);
  }
}
