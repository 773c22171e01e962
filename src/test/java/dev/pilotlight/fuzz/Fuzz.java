package dev.pilotlight.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts Jazzer on [CoverageFuzz], with good requests and batches to begin with: `mvn -Pfuzz`. An
/// input that the function answers wrongly is left in the folder of the run as `crash-…`.
public final class Fuzz {
  private static final String TARGET = "dev.pilotlight.fuzz.CoverageFuzz";

  private Fuzz() {}

  /// Runs Jazzer until it has made its requests or found one.
  ///
  /// @param args the folder of Jazzer's jars, the folder of the run, the number of requests
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Path.of(args[1]).toAbsolutePath();
    Path inputs = Files.createDirectories(directory.resolve("inputs"));
    writeGood(inputs);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            Path.of(args[0]).toAbsolutePath()
                + "/*"
                + File.pathSeparator
                + System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + TARGET,
            "--instrumentation_includes=dev.pilotlight.**",
            "--disabled_hooks=.*", // for bugs that this function cannot have, such as SQL injection
            "--reproducer_path=" + directory,
            inputs.toString(),
            "-artifact_prefix=" + directory + File.separator,
            "-runs=" + args[2],
            "-timeout=20");
    Process jazzer = new ProcessBuilder(command).inheritIO().start();
    System.exit(jazzer.waitFor());
  }

  private static void writeGood(Path folder) throws IOException {
    List<byte[]> good = new ArrayList<>();
    GoodRequests.all().forEach(request -> good.add(request.body()));
    GoodBatches.all().forEach(batch -> good.add(batch.bytes()));
    for (int i = 0; i < good.size(); i++) {
      byte[] body = good.get(i);
      byte[] input = new byte[body.length + 2];
      input[0] = (byte) i;
      System.arraycopy(body, 0, input, 2, body.length);
      Files.write(folder.resolve("good-" + i), input);
    }
  }
}
