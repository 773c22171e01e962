package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pilotlight.local.runtime.Echo;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Invocation;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.template.FunctionSettings;
import dev.pilotlight.pack.confine.ReadOnlyCopy;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
  private static final Set<String> OWN_ROOMS =
      Set.of("door", "http", "json", "openai", "openinference", "size");
  private static final String READY = "\\\"ready\\\":true";

  private final List<String> log = new CopyOnWriteArrayList<>();

  @BeforeEach
  void thisMachineMadeIt() {
    assumeThat(BOOTSTRAP).exists();
  }

  @Test
  void packageAnswersFromAReadOnlyCopyAndWritesOnlyToTmp(@TempDir Path elsewhere)
      throws IOException {
    Path home = Path.of(System.getProperty("user.home"));
    List<Path> homeBefore = children(home);
    try (ReadOnlyCopy copy =
        ReadOnlyCopy.of(PACKAGE, elsewhere.resolve("var-task"), nothingMore -> {})) {
      // the one setting is that there is no table to write to; HOME and the like are not set
      String answer =
          answer(copy.root(), Map.of("PILOTLIGHT_STORE", "off"), "events/embeddings.json");

      assertThat(answer).contains("\"statusCode\":200").contains("fwd=miss");
      assertThat(log).noneMatch(line -> line.contains("warning") || line.contains("WARN"));
      assertThat(copy.state()).isEqualTo(copy.before());
      assertThat(children(home)).isEqualTo(homeBefore);
    }
  }

  @Test
  void otherIntegrationTestsRunThePackage() {
    assertThat(Options.onFreePorts().packaged()).contains(PACKAGE);
  }

  @Test
  void packageRunsOnTheManagedRuntimeWithoutBootstrap(@TempDir Path elsewhere) throws IOException {
    Path task = linked(elsewhere, managedRuntime());
    Map<String, String> variables =
        Map.of(
            "PILOTLIGHT_STORE",
            "off",
            "ORT_DISABLE_TELEMETRY",
            "1", // as the template has it
            "AWS_EXECUTION_ENV",
            "AWS_Lambda_java25");

    assertThat(answer(task, variables, "events/embeddings.json")).contains("\"statusCode\":200");
  }

  /// Our own code reads the sample model's; the library reads any other, with its native part and
  /// the few classes that the package has of its Java part.
  @Test
  void tokenizerUnlikeBertsIsReadByTheLibraryWithTheSameAnswer(@TempDir Path models)
      throws IOException {
    String model = "all-minilm-l6-v2/1";
    Path copy = Files.createDirectories(models.resolve(model));
    Path packed = PACKAGE.resolve("models").resolve(model);
    try (Stream<Path> files = Files.walk(packed).filter(Files::isRegularFile)) {
      for (Path file : files.toList()) {
        Path to = copy.resolve(packed.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    Path tokenizer = copy.resolve("tokenizer.json");
    String json = Files.readString(tokenizer);
    Files.writeString(
        tokenizer, json.replaceFirst("\"single_word\": false", "\"single_word\": true"));
    Map<String, String> off = Map.of("PILOTLIGHT_STORE", "off");
    Map<String, String> library =
        Map.of(
            "PILOTLIGHT_STORE",
            "off",
            "PILOTLIGHT_MODELS",
            models.toString(),
            "PILOTLIGHT_MODEL_SETTLE_MS",
            "0");

    String expected = embedding(answer(PACKAGE, off, "events/embeddings.json"));
    assertThat(embedding(answer(PACKAGE, library, "events/embeddings.json"))).isEqualTo(expected);
    assertThat(Files.readString(tokenizer)).contains("\"single_word\": true");
  }

  private static String embedding(String response) {
    Matcher vector = Pattern.compile("embedding\\\\\":\\[[^]]{1000,}]").matcher(response);
    assertThat(vector.find()).as(response).isTrue();
    return vector.group();
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
  void aotCacheIsAcceptedWithExactlyTheFlagsOfBootstrap(
      String type, int memoryMb, @TempDir Path elsewhere) throws IOException {
    Path strict = linked(elsewhere, script().replace(CACHE, "-XX:AOTMode=on " + CACHE));

    assertThat(health(strict, type, memoryMb)).contains(READY);
  }

  @Test
  void refusedAotCacheIsNoticed(@TempDir Path elsewhere) throws IOException {
    String otherModules = "-XX:AOTMode=on --add-modules=java.xml " + CACHE;
    Path other = linked(elsewhere, script().replace(CACHE, otherModules));

    doesNotStart(other);
    assertThat(log).anyMatch(line -> line.contains("Unable to use AOT cache"));
  }

  @Test
  void damagedAotCacheIsNoticed(@TempDir Path elsewhere) throws IOException {
    Path damaged = linked(elsewhere, script().replace(CACHE, "-XX:AOTMode=on " + CACHE));
    Path cache = damaged.resolve("pilotlight.aot");
    byte[] bytes = Files.readAllBytes(cache);
    Files.delete(cache); // the link
    Files.write(cache, Arrays.copyOf(bytes, bytes.length / 2));

    doesNotStart(damaged);
  }

  /// `equals`, `hashCode` and `toString` of a record are code that Java generates when they are
  /// first called: 8 ms of a cold start for the first record, 1 ms for each further one.
  @Test
  void startCallsNoGeneratedMethodOfARecord(@TempDir Path elsewhere) throws IOException {
    String causes = "-XX:+UnlockDiagnosticVMOptions -XX:LogClassLoadingCauseFor=* ";

    assertThat(logOfAStart(elsewhere, causes + "-Xlog:class+load+cause"))
        .anyMatch(line -> line.contains("at dev.pilotlight.handler.App."))
        .noneMatch(line -> line.contains("at java.lang.runtime.ObjectMethods."))
        .noneMatch(line -> line.contains("at java.lang.runtime.SwitchBootstraps."));
  }

  /// Initialising it takes milliseconds. [java.time.Duration] multiplies and divides by it, and
  /// jackson-core has constants of this type, which packaging removes.
  @Test
  void startDoesNotInitialiseBigDecimal(@TempDir Path elsewhere) throws IOException {
    assertThat(logOfAStart(elsewhere, "-Xlog:class+init"))
        .anyMatch(line -> line.contains("'dev/pilotlight/handler/App'"))
        .noneMatch(line -> line.contains("'java/math/BigDecimal'"));
  }

  /// A further door costs a start nothing until the first request at it. A start maps the classes
  /// of the training from the AOT cache: with images, this has those of Hugging Face's door.
  @Test
  void startLoadsNoClassOfAFurtherDoor(@TempDir Path elsewhere) throws IOException {
    List<String> log = logOfAStart(elsewhere, "-Xlog:class+load,class+init");

    Set<String> initialised = rooms(log, "'dev/pilotlight/protocol/([a-z]+)/");
    assertThat(initialised).contains("openai").isSubsetOf(OWN_ROOMS);
    String doors = ".*'dev/pilotlight/(protocol/http/Door|protocol/openai/Azure|call/Doors).*";
    assertThat(log).noneMatch(line -> line.matches(doors));
    if (!Files.readString(PACKAGE.resolve("jre/release")).contains("java.desktop")) {
      assertThat(rooms(log, " dev\\.pilotlight\\.protocol\\.([a-z]+)\\.")).isSubsetOf(OWN_ROOMS);
    }
  }

  /// The packages of `protocol` that log lines name.
  private static Set<String> rooms(List<String> log, String pattern) {
    return Pattern.compile(pattern)
        .matcher(String.join("\n", log))
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toSet());
  }

  /// Starts the package for a request for an embedding, and returns the lines that Java logs.
  private List<String> logOfAStart(Path directory, String options) throws IOException {
    Path file = directory.resolve("classes.log");
    String logged = "%s:file=%s %s".formatted(options, file, CACHE);
    Path logging = linked(directory, script().replace(CACHE, logged));

    assertThat(answer(logging, Map.of("PILOTLIGHT_STORE", "off"), "events/embeddings.json"))
        .contains("\"statusCode\":200");
    return Files.readAllLines(file);
  }

  private void doesNotStart(Path root) {
    assertThatThrownBy(() -> health(root, "on-demand", 1769))
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("did not start");
  }

  /// A whole Java runtime with nothing but the runtime client on its class path: that finds the
  /// function in the working directory, which is Lambda's `/var/task`, and in `lib` there.
  private static String managedRuntime() {
    String client =
        Stream.of(Launch.Code.Classes.shipped().path().split(File.pathSeparator))
            .filter(jar -> jar.matches(".*/aws-lambda-java-(core|serialization|runtime)-.*"))
            .collect(Collectors.joining(File.pathSeparator));
    return """
        #!/bin/sh
        exec '%s/bin/java' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' \
          com.amazonaws.services.lambda.runtime.api.client.AWSLambda "$_HANDLER"
        """
        .formatted(System.getProperty("java.home"), client);
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

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.sorted().toList();
    }
  }
}
