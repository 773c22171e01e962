package dev.pilotlight.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pilotlight.cli.replay.RecordedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A short run of the package at one size. It is skipped where there is no package, or no way to
/// limit a process; the message of the assumption names the reason.
@Timeout(120)
final class TuneIT {
  private static final Path PACKAGE =
      Path.of(System.getProperty("tune.package", "target/pilotlight"));

  @BeforeEach
  void thePackageRunsHere() {
    assumeThat(PACKAGE.resolve("bootstrap")).as("mvn package makes it").exists();
    assumeThat(Path.of("/proc/self/mountinfo")).as("the package needs Linux").exists();
  }

  @Test
  void oneSizeIsMeasuredAndNothingIsLeft() throws IOException, InterruptedException {
    CpuLimits limits = CpuLimits.find();
    try (CpuLimit limit = limits.limit()) {
      Tuner tuner = new Tuner(PACKAGE, null, limit, 1);
      Workload workload = tuner.weighted(null, Weights.parse(Weights.DEFAULT), 5);
      SizeResult size = tuner.measure(Sizes.ONE_CPU_MB, workload, 1);
      tuner.deleteLog();

      assertThat(size.obstacle()).isEmpty();
      assertThat(size.kinds())
          .extracting(SizeResult.KindResult::name, SizeResult.KindResult::count)
          .hasToString("[(\"hit\", 5), (\"short\", 5), (\"long\", 2), (\"many\", 1)]");
      assertThat(size.coldMs()).isPositive();
      assertThat(size.usdMillion()).isPositive();
      assertThat(size.peakMb()).isBetween(50, Sizes.ONE_CPU_MB);
      SizeResult larger = tuner.measure(3_538, workload, 1);
      assertThat(larger.obstacle())
          .isEqualTo("not measurable here: more than this machine's 1 vCPU");
      assertThat(larger.kinds()).isEmpty();
    }
    assertThat(groups()).isEmpty();
  }

  @Test
  void recordedRequestsAreSplitByTheirAnswers() throws IOException, InterruptedException {
    RecordedRequest same = embedding("hello");
    RecordedRequest ready =
        new RecordedRequest(2, "GET", "/v2/health/ready", Map.of(), new byte[0]);
    List<RecordedRequest> different =
        Stream.of("one", "two", "three", "four").map(TuneIT::embedding).toList();
    try (CpuLimit limit = CpuLimits.find().limit()) {
      Tuner tuner = new Tuner(PACKAGE, null, limit, 1);
      SizeResult size =
          tuner.measure(Sizes.ONE_CPU_MB, Tuner.recorded("t", List.of(same, same, ready), 100), 1);
      tuner.deleteLog();

      assertThat(size.kinds())
          .extracting(SizeResult.KindResult::name, SizeResult.KindResult::count)
          .hasToString("[(\"hit\", 1), (\"no hit\", 1)]");
      assertThat(size.kinds().getFirst().share()).isEqualTo(0.5);
      Tuner other = new Tuner(PACKAGE, null, limit, 1);
      SizeResult fresh = other.measure(Sizes.ONE_CPU_MB, Tuner.recorded("t", different, 100), 1);
      other.deleteLog();
      assertThat(fresh.kinds())
          .as("texts without a repeat, although the checks have them")
          .extracting(SizeResult.KindResult::name, SizeResult.KindResult::count)
          .hasToString("[(\"no hit\", 3)]");
    }
  }

  private static RecordedRequest embedding(String text) {
    String body = "{\"model\":\"all-minilm-l6-v2\",\"input\":\"%s\"}".formatted(text);
    return new RecordedRequest(
        1, "POST", "/v1/embeddings", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aGroupIsRemovedWhenAMeasurementFails() throws IOException, InterruptedException {
    CpuLimits limits = CpuLimits.find();
    try (CpuLimit limit = limits.limit()) {
      Tuner tuner = new Tuner(PACKAGE, null, limit, 1);
      // it is not a hit
      Workload.Call wrong = new Requests("all-minilm-l6-v2", true).call("short");
      Workload.Call hit = new Workload.Call(Workload.HIT, wrong.event());
      Workload workload =
          new Workload(hit, List.of(), List.of(), List.of(hit), Map.of("hit", 1.0), "a test");

      assertThatThrownBy(() -> tuner.measure(Sizes.ONE_CPU_MB, workload, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("nothing is measured: a request of the kind hit was answered");
      tuner.deleteLog();
      assertThat(groups()).isEmpty();
    }
  }

  /// Groups of this process that are left.
  private static List<Path> groups() throws IOException {
    String name = "pilotlight-tune-" + ProcessHandle.current().pid();
    List<Path> left = new ArrayList<>();
    List<CgroupMounts.Parent> parents =
        CgroupMounts.parents(
            Files.readAllLines(Path.of("/proc/self/mountinfo")),
            Files.readAllLines(Path.of("/proc/self/cgroup")));
    for (CgroupMounts.Parent parent : parents) {
      if (Files.isDirectory(parent.folder())) {
        try (Stream<Path> files = Files.list(parent.folder())) {
          files.filter(file -> file.getFileName().toString().startsWith(name)).forEach(left::add);
        }
      }
    }
    return left;
  }
}
