package dev.pilotlight.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.local.SmallFunction;
import dev.pilotlight.local.SmallFunction.Seen;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.suite.OnlyInFaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A graph that takes more memory than the function has.
@Timeout(120)
@EnabledOnOs(OS.LINUX) // the local runner sees a process's memory there
@OnlyInFaults
class MemoryFaultsIT {
  private static final int MEMORY_MB = 768;

  /// Four tables of so many rows and columns have 1.6 GB.
  private static final int ROWS = 10_000;

  @TempDir private Path models;

  @Test
  void functionIsKilledAndTheNextRequestIsAnsweredByANewProcess() {
    outerSums().write(models.resolve("sums/1/model.onnx"));
    try (SmallFunction function = new SmallFunction(MEMORY_MB, models.toString(), Map.of())) {
      requireSum(function);

      Seen killed = function.send(sums(ROWS));
      assertThat(killed.status()).as(killed.body()).isZero();
      assertThat(killed.body()).contains("Runtime exited with error: signal: killed");
      assertThat(function.log()).anyMatch(line -> line.contains("of the 768 MB it has"));

      requireSum(function);
      assertThat(function.processes()).containsExactly(2);
    }
  }

  private static void requireSum(SmallFunction function) {
    Seen seen = function.send(sums(2));
    assertThat(seen.status()).as(seen.body()).isEqualTo(200);
    assertThat(seen.body()).contains("\"data\":[16.0]");
  }

  /// The largest element of `a + b`, four times doubled; both are of ones.
  private static OnnxGraph outerSums() {
    OnnxGraph graph =
        new OnnxGraph("outer-sums")
            .input("a", Datatype.FP32, "rows", 1)
            .input("b", Datatype.FP32, 1, "columns")
            .output("largest", Datatype.FP32, 1, 1)
            .node("Add", List.of("a", "b"), List.of("s0"));
    for (int i = 0; i < 3; i++) {
      graph.node("Add", List.of("s" + i, "s" + i), List.of("s" + (i + 1)));
    }
    return graph
        .node("Sub", List.of("s3", "s2"), List.of("d0"))
        .node("Add", List.of("d0", "s2"), List.of("d1"))
        .node("Sub", List.of("d1", "s1"), List.of("d2"))
        .node("Add", List.of("d2", "s1"), List.of("d3"))
        .node("ReduceMax", List.of("d3"), List.of("largest"));
  }

  private static TestRequest sums(int size) {
    String ones = "1,".repeat(size - 1) + "1";
    return TestRequest.post(
        "/v2/models/sums/infer",
        "{\"inputs\":[%s,%s]}"
            .formatted(
                "{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[%d,1],\"data\":[%s]}"
                    .formatted(size, ones),
                "{\"name\":\"b\",\"datatype\":\"FP32\",\"shape\":[1,%d],\"data\":[%s]}"
                    .formatted(size, ones)));
  }
}
