package dev.pilotlight.eventloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.eventloop.ScriptedRuntime.Event;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.local.template.FunctionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The packaged function with `PILOTLIGHT_ANSWER=first`, as a process.
@Timeout(120)
final class AnswerFirstPackageIT {
  private static final Path PACKAGE = Path.of("target/pilotlight").toAbsolutePath();
  private static final String TABLE = "results";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final FunctionSettings FUNCTION =
      new FunctionSettings(
          "Api",
          "dev.pilotlight.handler.ApiHandler::handleRequest",
          Duration.ofSeconds(30),
          1769,
          Map.of());

  private final CountDownLatch end = new CountDownLatch(1);

  @SuppressWarnings("NullAway.Init")
  private DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private Between between;

  @BeforeEach
  void start() throws IOException {
    dynamo = DynamoLocal.start(0);
    dynamo.createTable(TABLE, "pk", "expires_at");
    between = new Between(dynamo.endpoint());
  }

  @AfterEach
  void stop() {
    end.countDown();
    between.close();
    dynamo.close();
  }

  @Test
  void killedAfterItsResponseItLeavesNothingAndTheNextProcessAnswersTheSame() throws Exception {
    assumeThat(PACKAGE.resolve(Launch.BOOTSTRAP)).exists();
    between.rule(call -> call.action().equals("PutItem") ? hold() : new Fate.Pass());
    JsonNode killed;
    try (ScriptedRuntime runtime = new ScriptedRuntime(List.of(event()))) {
      Process process = start(runtime);
      try {
        Await.until(() -> responses(runtime).size() == 1);
        Await.until(
            () -> between.calls().stream().anyMatch(call -> call.action().equals("PutItem")));
        // it does not ask for the next event while its write is under way
        assertThat(runtime.idle().getCount()).isEqualTo(1);
        killed = responses(runtime).getFirst();
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
    between.rule(call -> new Fate.Pass());
    try (ScriptedRuntime runtime = new ScriptedRuntime(List.of(event(), event()))) {
      Process process = start(runtime);
      try {
        runtime.idle().await();
        JsonNode again = responses(runtime).getFirst();
        JsonNode hit = responses(runtime).getLast();
        assertThat(status(killed)).isEqualTo("pilotlight; fwd=miss");
        assertThat(status(again)).isEqualTo("pilotlight; fwd=miss");
        assertThat(again.path("body")).isEqualTo(killed.path("body"));
        assertThat(status(hit)).contains("hit", "memory");
        assertThat(hit.path("body")).isEqualTo(killed.path("body"));
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void managedRuntimeRefusesToStart() {
    Launch launch =
        new Launch(FUNCTION, Launch.Code.Classes.shipped(), variables(), Duration.ofSeconds(1));
    List<String> log = new CopyOnWriteArrayList<>();
    try (EnvironmentPool pool =
        new EnvironmentPool(launch, 1, 1, (number, line) -> log.add(line))) {
      assertThatThrownBy(() -> pool.start().join()).isInstanceOf(CompletionException.class);
    }
    assertThat(log)
        .anyMatch(
            line ->
                line.contains(
                    "PILOTLIGHT_ANSWER=first needs the runtime provided.al2023;"
                        + " accepted on this one: stored"));
  }

  private Fate hold() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Fate.Fail(500, "{}");
  }

  private Process start(ScriptedRuntime runtime) throws IOException {
    Launch launch =
        new Launch(FUNCTION, Launch.Code.Packaged.at(PACKAGE), variables(), Duration.ofSeconds(1));
    ProcessBuilder builder = new ProcessBuilder(launch.command()).directory(PACKAGE.toFile());
    builder.environment().clear();
    builder.environment().putAll(launch.variables(runtime.port(), 1));
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }

  private Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    variables.put("PILOTLIGHT_ANSWER", "first");
    variables.put("PILOTLIGHT_TABLE", TABLE);
    variables.put("PILOTLIGHT_STORE_READ_MS", "10000");
    variables.put("PILOTLIGHT_STORE_WRITE_MS", "10000");
    variables.put("PILOTLIGHT_STORE_ATTEMPT_MS", "5000");
    variables.put("AWS_ENDPOINT_URL_DYNAMODB", between.endpoint().toString());
    variables.put("ORT_DISABLE_TELEMETRY", "1");
    return variables;
  }

  private static Event event() throws IOException {
    return Event.of(Files.readAllBytes(Path.of("events/embeddings.json")));
  }

  private static List<JsonNode> responses(ScriptedRuntime runtime) {
    return runtime.requests().stream()
        .filter(request -> request.line().endsWith("/response"))
        .map(request -> read(request.body()))
        .toList();
  }

  private static JsonNode read(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String status(JsonNode response) {
    return response.path("headers").path("cache-status").asText();
  }
}
