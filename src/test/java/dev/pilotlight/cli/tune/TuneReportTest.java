package dev.pilotlight.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.page.Golden;
import dev.pilotlight.cli.replay.RecordedRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The report of a tuning as text, JSON and HTML.
final class TuneReportTest {
  private static final TuneReport REPORT =
      new TuneReport(
          new Workload(
              new Workload.Call("short", new byte[0]),
              List.of(),
              List.of(),
              List.of(),
              Map.of("hit", 0.75, "short", 0.25),
              "Requests of <tests>."),
          new CpuLimits(
              new WholeCores(List.of(0, 1)), List.of("systemd-run: a trial ended with 1")),
          "amd64",
          7.25,
          3,
          List.of(
              size(512, "too small: the process used 600 MB", 3_000, 40, 600),
              size(1_769, "", 900, 10, 300),
              size(3_538, "", 700, 6, 310),
              SizeResult.notMeasured(
                  5_307, "not measurable here: more than this machine's 2 vCPU")));

  @Test
  void textAndPageAreAsKept() throws IOException {
    Golden.check("tune.txt", String.join("\n", REPORT.lines()) + "\n");
    Golden.check("tune.html", REPORT.page());
  }

  @Test
  void aQuietMachineGetsNoWarning() {
    TuneReport quiet =
        new TuneReport(
            REPORT.workload(), REPORT.limits(), "amd64", 0.2, REPORT.starts(), REPORT.sizes());

    assertThat(quiet.lines()).noneMatch(line -> line.contains("busy"));
    assertThat(REPORT.lines()).anyMatch(line -> line.contains("was busy"));
  }

  @Test
  void jsonHasEachSizeAndTheChoice() {
    assertThat(REPORT.json())
        .contains("\"cheapest_mb\":1769,\"fastest_mb\":3538,\"balanced_mb\":3538")
        .contains(
            "{\"memory_mb\":5307,"
                + "\"obstacle\":\"not measurable here: more than this machine's 2 vCPU\","
                + "\"vcpus\":3.0,"
                + "\"cold_ms\":null,\"kinds\":[],\"mean_ms\":null,\"usd_million\":null,"
                + "\"used_mb\":0}")
        .contains("{\"kind\":\"short\",\"count\":5,\"share\":0.25,\"p50_ms\":10.0");
  }

  @Test
  void recordedTrafficHasItsMeasuredShares() {
    Workload recorded =
        Tuner.recorded(
            "t.jsonl",
            Collections.nCopies(5, new RecordedRequest(1, "GET", "/a", Map.of(), new byte[0])),
            3);
    TuneReport report =
        new TuneReport(recorded, REPORT.limits(), "amd64", 0.2, REPORT.starts(), REPORT.sizes());

    assertThat(recorded.measured()).hasSize(3);
    assertThat(report.lines())
        .contains("Measured at 512 MB: hit 75 %, short 25 %.")
        .anyMatch(line -> line.contains("the first starts it, the next 3 are measured"));
  }

  private static SizeResult size(
      int memoryMb, String obstacle, double coldMs, double shortMs, int peakMb) {
    return new SizeResult(
        memoryMb,
        obstacle,
        coldMs,
        List.of(
            new SizeResult.KindResult("hit", 10, 0.75, 0.5, 0.9, 0.6),
            new SizeResult.KindResult("short", 5, 0.25, shortMs, shortMs + 2, shortMs + 1)),
        0.75 * 0.6 + 0.25 * (shortMs + 1),
        memoryMb * (shortMs + 1) * 1e-5,
        peakMb);
  }
}
