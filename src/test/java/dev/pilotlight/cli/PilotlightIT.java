package dev.pilotlight.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pilotlight.cli.edge.TestEdge;
import dev.pilotlight.local.dynamo.DynamoLocal;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The script `pilotlight` and the jar that the build made, on the sample model.
@Timeout(60)
final class PilotlightIT {
  private static final Path JAR = Path.of("target/pilotlight-cli.jar");
  private static final String SAMPLE = "models/all-minilm-l6-v2";

  @TempDir private Path directory;

  @BeforeAll
  static void theScriptRunsHereAndNeedNotBuild() throws IOException {
    assumeThat(File.separatorChar).isEqualTo('/');
    assumeThat(JAR).exists();
    for (String sources :
        List.of("pom.xml", "src/main", "src/cli", "src/local/java/dev/pilotlight/local/wire")) {
      try (Stream<Path> files = Files.walk(Path.of(sources))) {
        assumeThat(files.map(Path::toFile).mapToLong(File::lastModified).max().orElseThrow())
            .isLessThan(JAR.toFile().lastModified());
      }
    }
  }

  @Test
  void inspectsTheSampleModel() throws Exception {
    TestRun run = run("inspect", SAMPLE, "--text", "Grüße, 東京", "--strict");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("all-minilm-l6-v2, version 1: embedding")
        .contains("\"Grüße, 東京\"", "384 numbers")
        .doesNotContain("\u001b");
  }

  @Test
  void itsOwnEmbeddingsAreEqualToThemselves() throws Exception {
    String json = run("inspect", SAMPLE, "--text", "hello world", "--json").out();
    Matcher embedding = Pattern.compile("\"embedding\" : (\\[[^\\]]{3000,}])").matcher(json);
    assertThat(embedding.find()).isTrue();
    Path expected =
        Files.writeString(
            directory.resolve("expected.jsonl"),
            "{\"text\": \"hello world\", \"embedding\": " + embedding.group(1) + "}\n");

    TestRun run = run("inspect", SAMPLE + "/1", "--against", expected.toString());

    assertThat(run.out()).contains("worst 1.0000000, line 1");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void errorIsOneLine() throws Exception {
    TestRun run = run("inspect", "docs");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("pilotlight: docs version 1 cannot be loaded: ");
  }

  @Test
  void changesTheKeysOfADistribution() throws Exception {
    try (DynamoLocal dynamo = DynamoLocal.start(0);
        TestEdge edge = new TestEdge(dynamo)) {
      var _ = edge.oldKey();

      TestRun run = run(edge.environment(), "keys", "sync", "--stack", "ours");

      assertThat(run.err()).isEmpty();
      assertThat(run.out()).isEqualTo("wrote 1 entries and deleted 0; 0 were right\n");
    }
  }

  @Test
  void jarHoldsEveryClassOfTheCommand() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.stream().map(entry -> entry.getName()))
          .containsAll(classes(Path.of("src/cli/java"), "dev/pilotlight/cli"))
          .containsAll(classes(Path.of("src/local/java"), "dev/pilotlight/local/wire"));
    }
  }

  private static List<String> classes(Path root, String folder) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve(folder))) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.replaceFirst("java$", "class"))
          .toList();
    }
  }

  @Test
  void jarHoldsTheCommandAndNoTests() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.stream().map(entry -> entry.getName()))
          .contains(
              "dev/pilotlight/cli/Inspect.class", "dev/pilotlight/cli/folder/ModelFolder.class")
          .noneMatch(name -> name.matches("(org/junit|org/assertj)/.*"))
          // of the SDK only what signs a request
          .noneMatch(name -> name.startsWith("software/amazon/awssdk/services/"))
          .noneMatch(name -> name.matches("dev/pilotlight/.*(Test|IT\\.)[^/]*"));
    }
  }

  private TestRun run(String... arguments) throws Exception {
    return run(Map.of(), arguments);
  }

  private TestRun run(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("./pilotlight"));
    command.addAll(List.of(arguments));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    int exitCode = builder.start().waitFor();
    return new TestRun(exitCode, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }
}
