package dev.pilotlight.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.conformance.InferRoute.RefusedException;
import dev.pilotlight.handler.Harness;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// ONNX's backend tests through the infer route: every test of tensors that ONNX Runtime itself
/// passes must pass in binary and in JSON.
///
/// It has its own profile: `mvn test -Ponnx-backend`.
@EnabledIfSystemProperty(named = OnnxBackendTest.DATA, matches = ".+")
final class OnnxBackendTest {
  static final String DATA = "onnx.backend";

  private static final double PASSED_SHARE_MIN = 0.995;
  private static final int ELIGIBLE_MIN = 800;

  @TempDir private Path root;

  /// The outcome of all tests.
  private record Report(
      int tests,
      int withoutTensors,
      List<String> failedByRuntime,
      List<String> binaryMisses,
      List<String> jsonMisses) {
    int eligible() {
      return tests - withoutTensors - failedByRuntime.size();
    }

    @Override
    public String toString() {
      return """
      %d tests of ONNX's backend suite
      %d have an input or output that is not a tensor of a type of ours
      %d are not passed by ONNX Runtime itself
      %d remain: %d are right in binary, %d in JSON
      """
              .formatted(
                  tests,
                  withoutTensors,
                  failedByRuntime.size(),
                  eligible(),
                  eligible() - binaryMisses.size(),
                  eligible() - jsonMisses.size())
          + lines("runtime: ", failedByRuntime)
          + lines("binary: ", binaryMisses)
          + lines("JSON: ", jsonMisses);
    }

    private static String lines(String prefix, List<String> misses) {
      return misses.isEmpty()
          ? ""
          : prefix + String.join(System.lineSeparator() + prefix, misses) + System.lineSeparator();
    }
  }

  @Test
  void functionPassesWhatTheRuntimePasses() throws IOException {
    Path data = Path.of(System.getProperty(DATA));
    assertThat(data.resolve("node"))
        .as("ONNX's tests: apt-get install libonnx-testdata, or name them by -D%s=DIRECTORY", DATA)
        .isDirectory();
    List<Path> directories = BackendCase.directories(data);
    List<BackendCase> tests = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    int withoutTensors = 0;
    for (Path directory : directories) {
      Optional<BackendCase> test = BackendCase.read(directory);
      if (test.isEmpty()) {
        withoutTensors++;
      } else {
        Direct.failure(test.get())
            .ifPresentOrElse(
                why -> failed.add(test.get().name() + ": " + why), () -> tests.add(test.get()));
      }
    }
    Report report =
        new Report(
            directories.size(), withoutTensors, failed, new ArrayList<>(), new ArrayList<>());
    run(tests, report);
    System.out.println(report);
    assertThat(report.eligible()).isGreaterThan(ELIGIBLE_MIN);
    double missesMax = (1 - PASSED_SHARE_MIN) * report.eligible();
    assertThat((double) report.binaryMisses.size()).isLessThanOrEqualTo(missesMax);
    assertThat((double) report.jsonMisses.size()).isLessThanOrEqualTo(missesMax);
  }

  private void run(List<BackendCase> tests, Report report) throws IOException {
    for (int i = 0; i < tests.size(); i++) {
      Path version = Files.createDirectories(root.resolve("test-" + i).resolve("1"));
      Files.copy(tests.get(i).graph(), version.resolve("model.onnx"));
    }
    PrintStream log =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Map<String, String> settings =
        Map.of("PILOTLIGHT_MODELS", root.toString(), "PILOTLIGHT_DEFAULT_MODEL", "test-0");
    try (Harness harness = new Harness(log, settings)) {
      InferRoute route = new InferRoute(harness);
      for (int i = 0; i < tests.size(); i++) {
        BackendCase test = tests.get(i);
        String model = "test-" + i;
        binary(route, model, test)
            .ifPresent(why -> report.binaryMisses.add(test.name() + ": " + why));
        json(route, model, test).ifPresent(why -> report.jsonMisses.add(test.name() + ": " + why));
      }
    }
  }

  private static Optional<String> binary(InferRoute route, String model, BackendCase test) {
    try {
      return Comparison.BACKEND.difference(route.binary(model, test.inputs()), test.outputs());
    } catch (RefusedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> json(InferRoute route, String model, BackendCase test) {
    try {
      return Comparison.BACKEND.difference(route.json(model, test.inputs()), test.outputs());
    } catch (RefusedException e) {
      boolean clear = e.status() == 400 && String.valueOf(e.getMessage()).contains("binary");
      return clear && !test.hasJsonForm()
          ? Optional.empty()
          : Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
