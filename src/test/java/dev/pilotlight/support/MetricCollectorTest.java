package dev.pilotlight.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.support.Metric.Source;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MetricCollectorTest {
  /// The first millisecond of a minute.
  private static final long START = 1_795_435_200_000L;

  /// After so many requests the collector may hold a hundred.
  private static final int WARM = 1_000;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong(START);
  private final MetricCollector collector = collector(true);

  @Test
  void firstTenRequestsHaveALineEach() {
    for (int i = 1; i <= 10; i++) {
      collector.add(request("run", 1), false);
      assertThat(lines()).hasSize(i);
      assertThat(lines().getLast().path("Requests").asInt()).isEqualTo(1);
      assertThat(lines().getLast().path("Duration").isNumber()).isTrue();
    }
    collector.add(request("run", 1), false);
    assertThat(lines()).hasSize(10);
  }

  @Test
  void neverHoldsOverATenthOfWhatIsWritten() {
    int read = 0;
    long shown = 0;
    for (int i = 1; i <= WARM; i++) {
      collector.add(request(i % 3 == 0 ? "run" : "redis", i), false);
      if (written.size() > read) { // to read all lines each time takes seconds
        read = written.size();
        shown = sum(lines(), "Requests").longValueExact();
      }
      assertThat(i - shown).isLessThanOrEqualTo(shown / 10);
    }
    assertThat(lines()).hasSizeLessThan(WARM / 8);
  }

  @Test
  void fullLineHasAHundredValuesOfEachTimeAndSumsOfTheRest() {
    warmUp();
    for (int i = 1; i <= MetricLine.REQUESTS_MAX; i++) {
      assertThat(lines()).isEmpty();
      collector.add(request("redis", i), false);
    }
    JsonNode line = lines().getFirst();
    assertThat(lines()).hasSize(1);
    assertThat(EmbeddedMetrics.values(line, "Duration"))
        .isEqualTo(IntStream.rangeClosed(1, 100).mapToObj(i -> i / 1_000.0).toList());
    assertThat(line.path("Requests").asInt()).isEqualTo(100);
    assertThat(line.path("Items").asInt()).isEqualTo(5_050);
    assertThat(line.path("Tier").asText()).isEqualTo("redis");
    assertThat(line.path("ExecutedVersion").asText()).isEqualTo("7");
    assertThat(line.has("RunTime")).isFalse();
  }

  @Test
  void countsComeBeforeTimesBecauseLogsInsightsReadsOnlyTheFirstFields() {
    warmUp();
    IntStream.range(0, 100).forEach(i -> collector.add(request("redis", i), false));
    String line = text().getFirst();
    assertThat(line.indexOf("\"EstimatedCost\":")).isLessThan(line.indexOf("\"Duration\":["));
  }

  @Test
  void eachTierHasItsLine() {
    warmUp();
    collector.add(request("memory", 1), false);
    collector.add(request("run", 2), false);
    collector.add(request("memory", 3), false);
    collector.writeHeld();
    assertThat(lines()).hasSize(2);
    assertThat(lines().stream().filter(line -> line.path("Tier").asText().equals("memory")))
        .singleElement()
        .satisfies(
            line ->
                assertThat(EmbeddedMetrics.values(line, "Duration")).containsExactly(0.001, 0.003));
  }

  /// The amounts are not exact in binary, and the requests come at uneven times.
  @Test
  void sumsAreExactlyThoseOfSingleLines() {
    ByteArrayOutputStream singly = new ByteArrayOutputStream();
    MetricCollector each = new MetricCollector(print(singly), false, clock::get);
    for (int i = 1; i <= 5_000; i++) {
      clock.addAndGet(i * 7919L % 300);
      MetricLine request = request(List.of("memory", "redis", "run").get(i % 3), i);
      request.usd(Metric.ESTIMATED_COST, 0.1e-6 * i + 0.0000028735);
      collector.add(request, i % 97 == 0);
      each.add(request, false);
    }
    collector.writeHeld();
    List<JsonNode> single = read(singly);
    assertThat(single).hasSize(5_000);
    assertThat(lines()).hasSizeLessThan(1_000);
    for (String metric : List.of("EstimatedCost", "Requests", "Items", "ServerErrors")) {
      assertThat(sum(lines(), metric)).as(metric).isEqualByComparingTo(sum(single, metric));
    }
    for (String tier : List.of("memory", "redis", "run")) {
      assertThat(durations(lines(), tier)).isEqualTo(durations(single, tier));
    }
    assertThat(durations(lines(), "run")).hasSizeGreaterThan(1_600);
  }

  @Test
  void requestAfterTenSecondsWritesTheHeldOnesWithTheirOwnTime() {
    warmUp();
    clock.set(START + 20_000);
    collector.add(request("run", 1), false);
    clock.set(START + 29_999);
    collector.add(request("run", 2), false);
    assertThat(lines()).isEmpty();
    clock.set(START + 30_000);
    collector.add(request("run", 3), false);
    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst().path("Requests").asInt()).isEqualTo(2);
    assertThat(lines().getFirst().at("/_aws/Timestamp").asLong()).isEqualTo(START + 29_999);
  }

  /// CloudWatch adds a line's values up in the minute of its timestamp.
  @Test
  void requestInAnotherMinuteIsInAnotherLine() {
    warmUp();
    clock.set(START + 59_999);
    collector.add(request("run", 1), false);
    clock.set(START + 60_000);
    collector.add(request("run", 2), false);
    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst().at("/_aws/Timestamp").asLong()).isEqualTo(START + 59_999);
    collector.writeHeld();
    assertThat(lines().getLast().at("/_aws/Timestamp").asLong()).isEqualTo(START + 60_000);
  }

  @Test
  void clockThatIsSetBackMixesNoMinutes() {
    warmUp();
    collector.add(request("run", 1), false);
    clock.set(START - 1);
    collector.add(request("run", 2), false);
    assertThat(lines()).hasSize(1);
  }

  @Test
  void urgentRequestBringsAllThatIsHeld() {
    warmUp();
    collector.add(request("memory", 1), false);
    collector.add(request("none", 2), true);
    assertThat(lines()).hasSize(2);
    collector.add(request("none", 3), true);
    assertThat(lines()).hasSize(3);
  }

  /// The output lets other threads run while a line is written, also on one processor.
  @Test
  void concurrentRequestsAreAllWrittenOnceInWholeLines() throws InterruptedException {
    OutputStream yielding =
        new FilterOutputStream(written) {
          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            LockSupport.parkNanos(1_000);
            out.write(bytes, from, length);
          }
        };
    MetricCollector shared =
        new MetricCollector(
            new PrintStream(yielding, false, StandardCharsets.UTF_8), true, clock::get);
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(thread -> Thread.ofPlatform().start(() -> addMany(shared, thread)))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    shared.writeHeld();
    assertThat(sum(lines(), "Requests")).isEqualByComparingTo("8000");
    assertThat(lines().stream().mapToInt(l -> EmbeddedMetrics.values(l, "Duration").size()).sum())
        .isEqualTo(8_000);
  }

  private static void addMany(MetricCollector shared, int thread) {
    for (int i = 0; i < 1_000; i++) {
      shared.add(request(thread % 2 == 0 ? "memory" : "run", i), i % 100 == 99);
    }
  }

  /// Leaves the collector empty, and so the output.
  private void warmUp() {
    IntStream.range(0, WARM).forEach(i -> collector.add(request("run", i), false));
    collector.writeHeld();
    written.reset();
  }

  private MetricCollector collector(boolean collects) {
    return new MetricCollector(print(written), collects, clock::get);
  }

  private static MetricLine request(String tier, long value) {
    MetricLine line = new MetricLine(Source.API, "api");
    line.tier(tier);
    line.version("7");
    line.count(Metric.REQUESTS, 1);
    line.count(Metric.ITEMS, value);
    line.count(Metric.SERVER_ERRORS, value % 2);
    line.nanos(Metric.DURATION, value * 1_000);
    line.usd(Metric.ESTIMATED_COST, 0.0000012);
    if (tier.equals("run")) {
      line.nanos(Metric.RUN_TIME, value * 2_000);
    }
    return line;
  }

  private static BigDecimal sum(List<JsonNode> lines, String metric) {
    return lines.stream()
        .map(line -> new BigDecimal(line.path(metric).asText()))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static List<Double> durations(List<JsonNode> lines, String tier) {
    return lines.stream()
        .filter(line -> line.path("Tier").asText().equals(tier))
        .flatMap(line -> EmbeddedMetrics.values(line, "Duration").stream())
        .sorted()
        .toList();
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, false, StandardCharsets.UTF_8);
  }

  private List<String> text() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private List<JsonNode> lines() {
    return read(written);
  }

  private static List<JsonNode> read(ByteArrayOutputStream bytes) {
    Stream<String> lines = bytes.toString(StandardCharsets.UTF_8).lines();
    return lines.map(EmbeddedMetrics::read).toList();
  }
}
