package dev.pilotlight.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.bench.measure.Measure;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.NodePeer;
import dev.pilotlight.bench.setup.Progress;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The benchmarks work; this test does not check speed. `mvn -Pfaults` runs all measures, `mvn
/// verify` one.
@Timeout(300)
@Order(1) // it is long
class BenchIT {
  private static final int LINES = 100;
  private static final int MEMORY_LINES = 400;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  @Test
  @OnlyInFaults
  void aTinyRunPassesTheGateAndReportsEveryMeasure(@TempDir Path directory)
      throws IOException, InterruptedException {
    BenchOptions tiny = tiny();
    assumeThat(tiny.packaged().resolve(Launch.BOOTSTRAP)).exists();
    assumeThat(RedisServer.available()).isTrue();

    Report report = Bench.run(tiny, new Progress(new PrintStream(output)));
    report.write(directory);

    assertThat(report.gate().texts()).isGreaterThan(100);
    String table = Files.readString(directory.resolve(Report.TABLE));
    JsonNode json = new ObjectMapper().readTree(directory.resolve(Report.JSON).toFile());
    assertThat(json.at("/machine/cores").asInt()).isPositive();
    for (Measure measure : Bench.all()) {
      assertThat(table).contains("| %s | ".formatted(measure.name()));
      assertThat(json.get("rows"))
          .filteredOn(row -> row.get("measure").asText().equals(measure.name()))
          .isNotEmpty()
          .allSatisfy(row -> assertThat(row.at("/measured/rounds/0/0").isNumber()).isTrue());
    }
  }

  /// With the peer only if an earlier run has installed it: this needs no Node.js.
  private static BenchOptions tiny() throws IOException {
    BenchOptions one = new BenchOptions(List.of(), 1, 1);
    return new BenchOptions(
        List.of(), 1, 1, LINES, MEMORY_LINES, 0, NodePeer.installed(), false, one.packaged());
  }

  @Test
  void everyStepIsAnnounced() throws IOException, InterruptedException {
    BenchOptions one = new BenchOptions(List.of("size"), 1, 1);
    assumeThat(one.packaged().resolve(Launch.BOOTSTRAP)).exists();
    assumeThat(RedisServer.available()).isTrue();

    Report report = Bench.run(one, new Progress(new PrintStream(output)));

    assertThat(report.sections())
        .singleElement()
        .extracting(Report.Section::name)
        .isEqualTo("size");
    assertThat(output.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .first()
        .asString()
        .matches("\\[1/2, [0-9]+:.*")
        .contains("left] gate: ");
  }
}
