package dev.pilotlight.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.support.Metric.Source;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MetricLineTest {
  @Test
  void aLineIsWhatCloudWatchReads() {
    MetricLine line = new MetricLine(Source.API, "api");
    line.count(Metric.REQUESTS, 1);
    line.nanos(Metric.DURATION, 1_234_567);
    line.usd(Metric.ESTIMATED_COST, 0.00000123);
    line.tier("memory");
    assertThat(line.json(1_700_000_000_123L))
        .hasToString(
            "{\"_aws\":{\"Timestamp\":1700000000123,\"CloudWatchMetrics\":["
                + "{\"Namespace\":\"Pilotlight\",\"Dimensions\":[[\"FunctionName\"]],\"Metrics\":["
                + "{\"Name\":\"Requests\",\"Unit\":\"Count\"},"
                + "{\"Name\":\"Duration\",\"Unit\":\"Milliseconds\"},"
                + "{\"Name\":\"EstimatedCost\",\"Unit\":\"None\"}]},"
                + "{\"Namespace\":\"Pilotlight\",\"Dimensions\":[[\"FunctionName\",\"Tier\"]],"
                + "\"Metrics\":[{\"Name\":\"Duration\",\"Unit\":\"Milliseconds\"}]}]},"
                + "\"FunctionName\":\"api\",\"Tier\":\"memory\","
                + "\"Requests\":1,\"EstimatedCost\":0.0000012300,\"Duration\":1.234}");
  }

  @ParameterizedTest
  @EnumSource
  void everyMetricHasItsDeclaredDimensions(Source source) {
    MetricLine line = new MetricLine(source, "f");
    if (source == Source.API) {
      line.tier("run");
      line.version("7");
    }
    List<Metric> metrics = Arrays.stream(Metric.values()).filter(m -> m.isOf(source)).toList();
    metrics.forEach(metric -> put(line, metric));
    JsonNode json = EmbeddedMetrics.read(line.json(1).toString());
    for (Metric metric : Metric.values()) {
      List<List<String>> sets = new ArrayList<>();
      for (JsonNode directive : json.at("/_aws/CloudWatchMetrics")) {
        if (directive.path("Metrics").findValuesAsText("Name").contains(metric.wireName())) {
          List<String> set = new ArrayList<>();
          directive.at("/Dimensions/0").forEach(name -> set.add(name.asText()));
          sets.add(set);
        }
      }
      assertThat(sets).as("%s", metric).isEqualTo(metric.dimensions(source));
    }
  }

  @Test
  void textIsEscaped() {
    MetricLine line = new MetricLine(Source.BATCH, "a\"b\\c\u0001é");
    line.count(Metric.REQUESTS, 1);
    line.ending("\"\n");
    JsonNode json = EmbeddedMetrics.read(render(line));
    assertThat(json.path("FunctionName").asText()).isEqualTo("a\"b\\c\u0001é");
    assertThat(json.path("Ending").asText()).isEqualTo("\"\n");
  }

  @Test
  void aMetricInAnotherUnitOrOfAnotherSourceIsRefused() {
    MetricLine line = new MetricLine(Source.BATCH, "f");
    assertThatThrownBy(() -> line.count(Metric.DURATION, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> line.count(Metric.CLIENT_ERRORS, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// A pipe's reader sees a line at a time only if each is one write.
  @Test
  void linesOfManyThreadsAreWrittenWholeAndEachByOneWrite() throws InterruptedException {
    List<String> writes = new ArrayList<>();
    OutputStream pipe =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("a byte alone");
          }

          @Override
          public void write(byte[] bytes, int from, int length) {
            synchronized (writes) {
              writes.add(new String(bytes, from, length, UTF_8));
            }
          }
        };
    PrintStream out = new PrintStream(pipe, false, UTF_8);
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(thread -> Thread.ofPlatform().start(() -> write(out, thread)))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(writes).hasSize(8 * 200);
    for (String line : writes) {
      assertThat(line).endsWith("}\n");
      JsonNode json = EmbeddedMetrics.read(line.strip());
      assertThat(json.path("Requests").asInt()).isEqualTo(json.path("Items").asInt());
    }
  }

  private static void write(PrintStream out, int thread) {
    for (int i = 0; i < 200; i++) {
      MetricLine line = new MetricLine(Source.API, "f".repeat(64 * thread + 1));
      line.count(Metric.REQUESTS, thread * 1_000 + i);
      line.count(Metric.ITEMS, thread * 1_000 + i);
      line.write(out, i);
    }
  }

  private static void put(MetricLine line, Metric metric) {
    switch (metric.unit()) {
      case COUNT -> line.count(metric, 0);
      case MILLISECONDS -> line.nanos(metric, 0);
      case NONE -> line.usd(metric, 0);
    }
  }

  private static String render(MetricLine line) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    line.write(new PrintStream(bytes, false, UTF_8), 1);
    return bytes.toString(UTF_8).stripTrailing();
  }
}
