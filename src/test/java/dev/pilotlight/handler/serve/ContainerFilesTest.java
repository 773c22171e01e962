package dev.pilotlight.handler.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.support.Settings;
import dev.pilotlight.tenant.TenantSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The files of `deploy/container` and `deploy/kubernetes` fit the settings and the build. No image
/// is built here.
class ContainerFilesTest {
  private static final Path CONTAINER = Path.of("deploy/container");
  private static final Path KUBERNETES = Path.of("deploy/kubernetes");
  private static final int GRACE_MARGIN_SECONDS = 5;

  @Test
  void theManifestsHaveSettingsOfTheList() throws IOException {
    String list = Files.readString(Path.of("docs/reference/settings.md"));
    for (Path file : manifests()) {
      for (Map<?, ?> container : containers(file)) {
        Map<String, String> variables = variables(container);
        assertThat(variables).as(file.toString()).containsEntry("PILOTLIGHT_SERVE", "http");
        assertThat(variables.keySet()).allMatch(name -> list.contains("| `" + name + "` |"));
        TenantSettings tenants = TenantSettings.from(new Settings(variables));
        ServeSettings.requirePossible(tenants, false);
      }
    }
  }

  @Test
  void probesAndPortsAreTheServers() throws IOException {
    ServeSettings defaults = ServeSettings.from(new Settings(Map.of()));
    for (Path file : manifests()) {
      assertThat(Files.readString(file)).contains("containerPort: " + defaults.port());
      for (Map<?, ?> container : containers(file)) {
        assertThat(container.keySet().stream().map(Object::toString))
            .as(file.toString())
            .contains("readinessProbe", "livenessProbe");
        for (String name : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
          if (container.get(name) instanceof Map<?, ?> probe) {
            assertProbe(container, name, object(probe, "httpGet"), defaults.metricsPort());
          }
        }
      }
    }
    assertThat(Files.readString(KUBERNETES.resolve("deployment.yaml")))
        .contains("prometheus.io/port: \"" + defaults.metricsPort() + "\"");
    for (String dockerfile : List.of("Dockerfile", "Dockerfile.gpu")) {
      assertThat(Files.readString(CONTAINER.resolve(dockerfile)))
          .contains("EXPOSE " + defaults.port() + " " + defaults.metricsPort());
    }
  }

  @Test
  void thePodIsGivenTheTimeToDrain() throws IOException {
    for (Path file : manifests()) {
      String grace =
          Files.readString(file).replaceAll("(?s).*terminationGracePeriodSeconds: (\\d+).*", "$1");
      for (Map<?, ?> container : containers(file)) {
        ServeSettings settings = ServeSettings.from(new Settings(variables(container)));
        assertThat(Long.parseLong(grace))
            .isGreaterThanOrEqualTo(
                settings.drainDelay().plus(settings.drain()).toSeconds() + GRACE_MARGIN_SECONDS);
      }
    }
  }

  /// The probe has the port without a limit of connections.
  private static void assertProbe(Map<?, ?> container, String name, Map<?, ?> get, int port) {
    String path = name.equals("livenessProbe") ? "/v2/health/live" : "/v2/health/ready";
    assertThat(get.get("path")).as(name).isEqualTo(path);
    assertThat(number(container, get.get("port"))).as(name).isEqualTo(port);
  }

  /// The number of a port that a probe has by its number or its name.
  private static @Nullable Object number(Map<?, ?> container, @Nullable Object port) {
    for (Object entry : (List<?>) Objects.requireNonNull(container.get("ports"))) {
      Map<?, ?> named = (Map<?, ?>) entry;
      if (Objects.equals(named.get("name"), port)) {
        return named.get("containerPort");
      }
    }
    return port;
  }

  private static Map<?, ?> object(Map<?, ?> parent, String name) {
    return (Map<?, ?>) Objects.requireNonNull(parent.get(name), name);
  }

  @Test
  void idleModelsAreClosedBeforeMemoryRunsOutAndCpusAreLimited() throws IOException {
    for (Path file : manifests()) {
      for (Map<?, ?> container : containers(file)) {
        Map<?, ?> limits = object(object(container, "resources"), "limits");
        assertThat(limits.get("cpu")).as(file.toString()).isNotNull();
        String memory = Objects.requireNonNull((String) limits.get("memory"));
        assertThat(memory).endsWith("Gi");
        long bytes = Long.parseLong(memory.replace("Gi", "")) << 30;
        assertThat(variables(container))
            .containsEntry("PILOTLIGHT_MODEL_MEMORY_BYTES_MAX", Long.toString(bytes / 4 * 3));
      }
    }
  }

  @Test
  void theImagesHaveWhatTheBuildMakes() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    assertThat(pom).contains("<finalName>pilotlight-serve</finalName>");
    assertThat(pom).contains("<outputDirectory>${project.build.directory}/gpu</outputDirectory>");
    for (String dockerfile : List.of("Dockerfile", "Dockerfile.gpu")) {
      List<String> allowed =
          Files.readAllLines(CONTAINER.resolve(dockerfile + ".dockerignore")).stream()
              .filter(line -> line.startsWith("!"))
              .map(line -> line.substring(1))
              .toList();
      List<String> copied =
          Files.readAllLines(CONTAINER.resolve(dockerfile)).stream()
              .filter(line -> line.startsWith("COPY "))
              .map(line -> line.replaceFirst("^COPY (--chmod=\\d+ )?(\\S+) .*", "$2"))
              .toList();
      assertThat(copied)
          .isNotEmpty()
          .allMatch(
              source ->
                  allowed.stream()
                      .anyMatch(it -> source.equals(it) || source.startsWith(it + "/")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "lambda", ""})
  void entryPointStartsWhatTheSettingNames(String serve, @TempDir Path root) throws Exception {
    script(root.resolve("jre/bin/java"), "echo java \"$@\"");
    script(root.resolve("bootstrap"), "echo bootstrap \"$_HANDLER\"");
    String printed = start(root, serve, "127.0.0.1:9001");
    if (serve.equals("http")) {
      assertThat(printed)
          .startsWith("java -XX:MaxRAMPercentage=50")
          .endsWith("dev.pilotlight.serve.Serve");
    } else {
      assertThat(printed).isEqualTo("bootstrap the.Handler");
      assertThat(start(root, serve, "")).contains("set PILOTLIGHT_SERVE=http outside Lambda");
    }
  }

  @Test
  void optionsOfJavaReplaceTheHeapAndTheTrustedCertificates(@TempDir Path root) throws Exception {
    script(root.resolve("jre/bin/java"), "echo java \"$@\"");
    String heap = "-XX:MaxRAMPercentage=50";
    String trusted = "-Djavax.net.ssl.trustStore=jre/lib/security/cacerts.all";
    assertThat(startHttp(root, "-XX:MaxRAMPercentage=70")).doesNotContain(heap).contains(trusted);
    assertThat(startHttp(root, "-Xmx1g")).doesNotContain(heap).contains(trusted);
    assertThat(startHttp(root, "-Djavax.net.ssl.trustStore=x"))
        .contains(heap)
        .doesNotContain(trusted);
  }

  private static String startHttp(Path root, String javaOptions) throws Exception {
    return start(
        root, Map.of("PILOTLIGHT_SERVE", "http", "JAVA_TOOL_OPTIONS", javaOptions), "the.Handler");
  }

  @Test
  void entryPointNamesAMissingHandler(@TempDir Path root) throws Exception {
    assertThat(start(root, Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")))
        .contains("start: the handler is missing");
  }

  private static void script(Path file, String line) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static String start(Path root, String serve, String runtimeApi) throws Exception {
    Map<String, String> variables = new HashMap<>(Map.of("AWS_LAMBDA_RUNTIME_API", runtimeApi));
    if (!serve.isEmpty()) {
      variables.put("PILOTLIGHT_SERVE", serve);
    }
    return start(root, variables, "the.Handler");
  }

  private static String start(Path root, Map<String, String> variables, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(CONTAINER.resolve("start").toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(it -> it.startsWith("PILOTLIGHT_") || it.startsWith("AWS_"));
    environment.remove("_HANDLER");
    environment.remove("JAVA_TOOL_OPTIONS");
    environment.put("LAMBDA_TASK_ROOT", root.toString());
    environment.putAll(variables);
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return printed;
  }

  private static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.list(KUBERNETES)) {
      return files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /// Every object under a field `containers`.
  private static List<Map<?, ?>> containers(Path file) throws IOException {
    List<Map<?, ?>> found = new ArrayList<>();
    Load load = new Load(LoadSettings.builder().build());
    for (Object document : load.loadAllFromString(Files.readString(file))) {
      collect(document, found);
    }
    return found;
  }

  private static void collect(Object node, List<Map<?, ?>> found) {
    if (node instanceof Map<?, ?> map) {
      if (map.get("containers") instanceof List<?> list) {
        list.forEach(it -> found.add((Map<?, ?>) it));
      }
      map.values().forEach(it -> collect(it, found));
    } else if (node instanceof List<?> list) {
      list.forEach(it -> collect(it, found));
    }
  }

  private static Map<String, String> variables(Map<?, ?> container) {
    Map<String, String> variables = new HashMap<>();
    for (Object entry : (List<?>) Objects.requireNonNull(container.get("env"))) {
      Map<?, ?> variable = (Map<?, ?>) entry;
      variables.put((String) variable.get("name"), (String) variable.get("value"));
    }
    variables.remove("AWS_REGION");
    return variables;
  }
}
