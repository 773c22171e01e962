package dev.pilotlight.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.pilotlight.local.gateway.InvokeApi;
import dev.pilotlight.local.runtime.AsyncInvocations;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.template.AsyncSettings;
import dev.pilotlight.local.template.FunctionSettings;
import dev.pilotlight.local.template.Template;
import dev.pilotlight.local.template.Yaml;
import dev.pilotlight.suite.LoopbackServer;
import dev.pilotlight.suite.leaks.Planted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The template's function PreTraffic, with its own code, tests a version that the local runner
/// runs, and reports to CodeDeploy. It needs a Python with boto3, as `.ci/run` has it.
@Timeout(180)
final class PreTrafficIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "ApiFunction";
  private static final List<String> PYTHONS = List.of("target/ci-venv/bin/python", "python3");

  private static String python = "";

  @TempDir private Path directory = Path.of("");

  @BeforeAll
  static void findPython() {
    Optional<String> found = PYTHONS.stream().filter(PreTrafficIT::hasBoto).findFirst();
    assumeTrue(found.isPresent(), "no Python has boto3");
    python = found.orElseThrow();
  }

  private static boolean hasBoto(String command) {
    try {
      return new ProcessBuilder(command, "-c", "import boto3").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void versionThatAnswersGetsTraffic() throws Exception {
    Tested tested = test(Map.of("PILOTLIGHT_MODELS", "models"), Map.of());
    assertThat(tested.status()).isEqualTo("Succeeded");
    assertThat(tested.log()).contains("ready, and all-minilm-l6-v2 answers", "\"INFO\"");
  }

  @Test
  void callerHasATenantByEveryRule() throws Exception {
    for (String rule : List.of("principal", "cognito", "claim:custom:tenant")) {
      Tested tested =
          test(
              Map.of("PILOTLIGHT_MODELS", "models", "PILOTLIGHT_TENANT_FROM", rule),
              Map.of("TENANT_FROM", rule));
      assertThat(tested.status()).as(tested.log()).isEqualTo("Succeeded");
    }
  }

  @Test
  void versionThatChecksKeysIsReadyAndRefusesRequestsWithoutOne() throws Exception {
    Map<String, String> keys =
        Map.of(
            "PILOTLIGHT_MODELS", "models",
            "PILOTLIGHT_AUTH", "keys",
            "PILOTLIGHT_TENANT_FROM", "key");
    Tested tested = test(keys, Map.of("TENANT_FROM", "key"));
    assertThat(tested.status()).as(tested.log()).isEqualTo("Succeeded");
    assertThat(tested.log()).contains("ready, and refuses requests without an API key");

    Tested open = test(Map.of("PILOTLIGHT_MODELS", "models"), Map.of("TENANT_FROM", "key"));
    assertThat(open.status()).as("a version that admits everybody").isEqualTo("Failed");
    assertThat(open.log()).contains("without a key: 200");
  }

  @Test
  void versionThatDoesNotStartGetsNone() throws Exception {
    Tested tested = test(Map.of("PILOTLIGHT_STORE", "perhaps"), Map.of());
    assertThat(tested.status()).isEqualTo("Failed");
    assertThat(tested.log()).contains("the function failed", "PILOTLIGHT_STORE", "\"ERROR\"");
  }

  @Test
  void versionWhoseModelDoesNotLoadGetsNone() throws Exception {
    Path version = Files.createDirectories(directory.resolve("models/broken/1"));
    Files.writeString(version.resolve("model.onnx"), "not a graph");
    Tested tested = test(models(), Map.of("PATIENCE_SECONDS", "1"));
    assertThat(tested.status()).isEqualTo("Failed");
    assertThat(tested.log()).contains("GET /v2/health/ready: 503");
  }

  @Test
  void packageWithoutModelGetsNone() throws Exception {
    Files.createDirectories(directory.resolve("models"));
    Tested tested = test(models(), Map.of("PATIENCE_SECONDS", "1"));
    assertThat(tested.status()).as(tested.log()).isEqualTo("Failed");
  }

  @Test
  void emptyBucketLeavesOnlyTheStartToTest() throws Exception {
    Files.createDirectories(directory.resolve("models"));
    Tested tested = test(models(), Map.of("MODELS_FROM", "bucket"));
    assertThat(tested.status()).as(tested.log()).isEqualTo("Succeeded");
    assertThat(tested.log()).contains("nothing else was tested");
  }

  private Map<String, String> models() {
    return Map.of("PILOTLIGHT_MODELS", directory.resolve("models").toString());
  }

  /// The reported status, and the log.
  private record Tested(String status, String log) {}

  private Tested test(Map<String, String> function, Map<String, String> hook) throws Exception {
    List<String> reports = new CopyOnWriteArrayList<>();
    HttpServer codeDeploy = codeDeploy(reports);
    try (EnvironmentPool pool = new EnvironmentPool(launch(function), 1, 5, (_, _) -> {});
        AsyncInvocations none =
            new AsyncInvocations(
                Map.of(NAME, pool),
                Map.of(NAME, AsyncSettings.of(NAME, Map.of())),
                Duration.ofSeconds(1),
                _ -> {});
        InvokeApi api = new InvokeApi(0, Map.of(NAME, pool), none)) {
      String log = run(api.port(), codeDeploy.getAddress().getPort(), hook);
      assertThat(reports).as(log).hasSize(1);
      JsonNode report = JSON.readTree(reports.getFirst());
      assertThat(report.path("deploymentId").asText()).isEqualTo("d-1");
      assertThat(report.path("lifecycleEventHookExecutionId").asText()).isEqualTo("e-1");
      return new Tested(report.path("status").asText(), log);
    } finally {
      codeDeploy.stop(0);
    }
  }

  private static Launch launch(Map<String, String> settings) {
    FunctionSettings api =
        Template.read(Path.of("template.yaml")).functions().stream()
            .filter(function -> function.name().equals(NAME))
            .findFirst()
            .orElseThrow();
    Map<String, String> variables = new HashMap<>(api.withoutCredentials().variables());
    variables.put("PILOTLIGHT_STORE", "off");
    variables.put("PILOTLIGHT_REDIS", "off");
    variables.put("PILOTLIGHT_MODEL_SETTLE_MS", "0");
    variables.putAll(settings);
    FunctionSettings own =
        new FunctionSettings(NAME, api.handler(), api.timeout(), api.memoryMb(), variables);
    return new Launch(own, Launch.Code.Classes.shipped(), Map.of(), Duration.ofSeconds(1));
  }

  /// Takes the one call of CodeDeploy's API.
  private static HttpServer codeDeploy(List<String> reports) throws IOException {
    HttpServer server = LoopbackServer.create();
    server.createContext(
        "/",
        exchange -> {
          assertThat(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
              .endsWith(".PutLifecycleEventHookExecutionStatus");
          reports.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          byte[] answer = "{\"lifecycleEventHookExecutionId\":\"e-1\"}".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  private String run(int lambda, int codeDeploy, Map<String, String> more) throws Exception {
    Map<?, ?> hook = hook();
    Files.writeString(
        directory.resolve("index.py"),
        String.valueOf(Watching.map(hook.get("Code")).get("ZipFile")));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(python).toFile().exists()
                    ? Path.of(python).toAbsolutePath().toString()
                    : python,
                "-B",
                "-c",
                "import index; index.handler({'DeploymentId': 'd-1',"
                    + " 'LifecycleEventHookExecutionId': 'e-1'}, None)")
            .directory(directory.toFile())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    Watching.map(Watching.map(hook.get("Environment")).get("Variables"))
        .forEach((name, value) -> environment.put((String) name, Watching.text(value, true)));
    environment.put("VERSION", "arn:aws:lambda:us-east-1:000000000000:function:" + NAME + ":7");
    environment.put("MODELS_FROM", "package");
    environment.put("TENANT_FROM", "stack");
    environment.put("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:" + lambda);
    environment.put("AWS_ENDPOINT_URL_CODEDEPLOY", "http://127.0.0.1:" + codeDeploy);
    environment.putAll(
        Map.of(
            "AWS_REGION", "us-east-1",
            "AWS_DEFAULT_REGION", "us-east-1",
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", Planted.PASSWORD));
    environment.putAll(more);
    Process process = builder.start();
    String log = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(1, TimeUnit.SECONDS)).isTrue();
    return log;
  }

  private static Map<?, ?> hook() throws IOException {
    Map<?, ?> root = Watching.map(Yaml.read(Files.readString(Path.of("template.yaml"))));
    Map<?, ?> resources = Watching.map(root.get("Resources"));
    return Watching.map(
        Watching.map(Objects.requireNonNull(resources.get("PreTraffic"))).get("Properties"));
  }
}
