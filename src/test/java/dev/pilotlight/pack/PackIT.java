package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The build's own step, on the package that it made.
@Timeout(120)
final class PackIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path NOTE = TARGET.resolve("pilotlight.inputs");

  private record Built(int status, String output) {}

  @TempDir private Path directory;

  @BeforeEach
  void aPackageOfTheSameInputs() throws IOException {
    assumeThat(TARGET.resolve("pilotlight/bootstrap")).exists();
    Files.copy(NOTE, directory.resolve("pilotlight.inputs"));
    Path lib = Files.createDirectories(directory.resolve("pilotlight/lib"));
    Files.copy(TARGET.resolve("pilotlight/lib/pilotlight.jar"), lib.resolve("pilotlight.jar"));
    for (String name : List.of("aot.sha256", "bootstrap", "jre", "pilotlight.aot")) {
      Files.createSymbolicLink(lib.resolveSibling(name), TARGET.resolve("pilotlight", name));
    }
  }

  @Test
  void anUnchangedPackageIsNotMadeAgain() throws IOException, InterruptedException {
    Built built = build();

    assertThat(built.output()).contains("up to date");
    assertThat(built.status()).isZero();
  }

  @Test
  void aJarChangedAfterTheTrainingFailsTheBuild() throws IOException, InterruptedException {
    Files.write(
        directory.resolve("pilotlight/lib/pilotlight.jar"), new byte[1], StandardOpenOption.APPEND);

    Built built = build();

    assertThat(built.output())
        .contains("changed after the AOT cache was made")
        .contains("[lib/pilotlight.jar]");
    assertThat(built.status()).isOne();
  }

  private Built build() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            Pack.class.getName(),
            applicationJar().toString(),
            directory.resolve("pilotlight").toString(),
            architecture(),
            Boolean.toString(Files.readAllLines(NOTE).contains("with images")));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Built(process.waitFor(), output);
  }

  private static Path applicationJar() throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      return files.filter(file -> file.toString().endsWith("-application.jar")).findFirst().get();
    }
  }

  private static String architecture() throws IOException {
    List<String> inputs = Files.readAllLines(NOTE);
    return Stream.of("x86_64", "arm64")
        .filter(name -> inputs.contains(Target.of(name).toString()))
        .findFirst()
        .orElseThrow();
  }
}
