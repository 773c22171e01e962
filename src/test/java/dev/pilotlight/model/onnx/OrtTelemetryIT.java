package dev.pilotlight.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.model.OnnxModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrtTelemetryIT {
  // ends the JVM where the telemetry of ONNX Runtime 1.29 reads it
  private static final String LONG_ARGUMENT = "x".repeat(20_000);

  @Test
  void aLongCommandLineDoesNotEndTheProcess(@TempDir Path directory)
      throws IOException, InterruptedException {
    Path graph = OnnxModels.identity(Datatype.FP32, "n").write(directory.resolve("model.onnx"));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                Opener.class.getName(),
                graph.toString(),
                LONG_ARGUMENT)
            .redirectErrorStream(true);
    builder.environment().remove("ORT_DISABLE_TELEMETRY");

    Process process = builder.start();

    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).contains("opened");
  }

  static final class Opener {
    private Opener() {}

    public static void main(String[] args) {
      Graphs.open(Path.of(args[0]), 1, Optimisation.EXTENDED).close();
      System.out.println("opened");
    }
  }
}
