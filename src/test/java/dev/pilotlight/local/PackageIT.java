package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The packaged function as Lambda starts it.
@Timeout(120)
class PackageIT {
  private static final Path PACKAGE = Path.of("target/pilotlight").toAbsolutePath();
  private static final Path BOOTSTRAP = PACKAGE.resolve(Launch.BOOTSTRAP);
  private static final String CACHE = "-XX:AOTCache=";
  private static final String READY = "\\\"ready\\\":true";

  private final List<String> log = new CopyOnWriteArrayList<>();

  @BeforeEach
  void thisMachineMadeIt() {
    assumeThat(BOOTSTRAP).exists();
  }

  @Test
  void itAnswersFromAReadOnlyCopyElsewhereAndWritesNothingButToTmp(@TempDir Path elsewhere)
      throws IOException {
    Path copy = copyReadOnly(elsewhere.resolve("var-task"));
    Map<Path, String> before = state(copy);
    Path home = Path.of(System.getProperty("user.home"));
    List<Path> homeBefore = children(home);
    try {
      // the one setting is that there is no table to write to; HOME and the like are not set
      String answer = answer(copy, Map.of("PILOTLIGHT_STORE", "off"), "events/embeddings.json");

      assertThat(answer).contains("\"statusCode\":200").contains("fwd=miss");
      assertThat(log).noneMatch(line -> line.contains("warning") || line.contains("WARN"));
      assertThat(state(copy)).isEqualTo(before);
      assertThat(children(home)).isEqualTo(homeBefore);
    } finally {
      writable(copy);
    }
  }

  @Test
  void theOtherIntegrationTestsRunIt() {
    assertThat(Options.onFreePorts().packaged()).contains(PACKAGE);
  }

  @Test
  void itsJarAlsoRunsOnTheManagedRuntimeWhichKnowsNoBootstrap() throws IOException {
    String client =
        "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI="
            + PACKAGE.resolve("native/libaws-lambda-jni.so"); // there it is the runtime's own
    Map<String, String> variables =
        Map.of(
            "LAMBDA_TASK_ROOT",
            PACKAGE.toString(),
            "PILOTLIGHT_MODELS",
            PACKAGE.resolve("models").toString(),
            "PILOTLIGHT_STORE",
            "off",
            "JAVA_TOOL_OPTIONS",
            client);
    String jar = PACKAGE.resolve("lib/pilotlight.jar").toString();

    byte[] event = Files.readAllBytes(Path.of("events/embeddings.json"));
    assertThat(answer(new Launch.Code.Classes(jar), 1769, variables, event))
        .contains("\"statusCode\":200");
  }

  @ParameterizedTest
  @CsvSource({
    "on-demand, 512",
    "on-demand, 1769",
    "on-demand, 10240",
    "provisioned-concurrency, 512",
    "provisioned-concurrency, 1769",
    "provisioned-concurrency, 10240"
  })
  void theAotCacheIsAcceptedWithExactlyTheFlagsOfBootstrap(
      String type, int memoryMb, @TempDir Path elsewhere) throws IOException {
    Path strict = linked(elsewhere, script().replace(CACHE, "-XX:AOTMode=on " + CACHE));

    assertThat(health(strict, type, memoryMb)).contains(READY);
  }

  @Test
  void aCacheThatIsRefusedWouldBeNoticed(@TempDir Path elsewhere) throws IOException {
    String otherModules = "-XX:AOTMode=on --add-modules=java.xml " + CACHE;
    Path other = linked(elsewhere, script().replace(CACHE, otherModules));

    assertThatThrownBy(() -> health(other, "on-demand", 1769))
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("did not start");
    assertThat(log).anyMatch(line -> line.contains("Unable to use AOT cache"));
  }

  private static String script() throws IOException {
    assertThat(Files.readString(BOOTSTRAP)).containsOnlyOnce(CACHE);
    return Files.readString(BOOTSTRAP);
  }

  private String health(Path root, String type, int memoryMb) throws IOException {
    Map<String, String> variables =
        Map.of("PILOTLIGHT_STORE", "off", "AWS_LAMBDA_INITIALIZATION_TYPE", type);
    return answer(Launch.Code.Packaged.at(root), memoryMb, variables, ready());
  }

  private static byte[] ready() throws IOException {
    return Files.readString(Path.of("events/embeddings.json"))
        .replace("\"POST\"", "\"GET\"")
        .replace("/v1/embeddings", "/v2/health/ready")
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private String answer(Path root, Map<String, String> variables, String event) throws IOException {
    return answer(
        Launch.Code.Packaged.at(root), 1769, variables, Files.readAllBytes(Path.of(event)));
  }

  private String answer(
      Launch.Code code, int memoryMb, Map<String, String> variables, byte[] event) {
    FunctionSettings function =
        new FunctionSettings(
            "Packaged",
            "dev.pilotlight.handler.ApiHandler::handleRequest",
            Duration.ofSeconds(30),
            memoryMb,
            Map.of());
    Launch launch = new Launch(function, code, variables, Duration.ofSeconds(1));
    try (EnvironmentPool pool =
        new EnvironmentPool(launch, 1, 1, (number, line) -> log.add(line))) {
      pool.start().join();
      return Echo.text(pool.invoke(new Invocation(event, "Root=1-0-0", null)).join());
    }
  }

  /// The package by symbolic links, but for `bootstrap`.
  private static Path linked(Path directory, String bootstrap) throws IOException {
    for (Path child : children(PACKAGE)) {
      if (!child.equals(BOOTSTRAP)) {
        Files.createSymbolicLink(directory.resolve(child.getFileName()), child);
      }
    }
    Path script = Files.writeString(directory.resolve(Launch.BOOTSTRAP), bootstrap);
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return directory;
  }

  private static Path copyReadOnly(Path to) throws IOException {
    try (Stream<Path> all = Files.walk(PACKAGE)) {
      for (Path path : all.toList()) {
        Path copy = to.resolve(PACKAGE.relativize(path).toString());
        Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    try (Stream<Path> all = Files.walk(to)) {
      all.forEach(path -> assertThat(path.toFile().setWritable(false, false)).isTrue());
    }
    return to;
  }

  private static void writable(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            assertThat(path.toFile().setWritable(true)).isTrue();
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static Map<Path, String> state(Path root) throws IOException {
    Map<Path, String> state = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        state.put(path, Files.getLastModifiedTime(path) + " " + path.toFile().length());
      }
    }
    return state;
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.sorted().toList();
    }
  }
}
