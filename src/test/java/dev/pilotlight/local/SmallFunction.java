package dev.pilotlight.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.local.runtime.Echo;
import dev.pilotlight.local.runtime.Environment;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Invocation;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.runtime.Outcome;
import dev.pilotlight.local.template.FunctionSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// One process of the function with models of a test, and neither Redis nor DynamoDB.
public final class SmallFunction implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> log = new CopyOnWriteArrayList<>();
  private final EnvironmentPool pool;

  /// An answer.
  ///
  /// @param status 0 if the function crashed; then the body is Lambda's error
  public record Seen(int status, String retryAfter, String body) {}

  /// @param models a directory, or a location in S3
  public SmallFunction(int memoryMb, String models, Map<String, String> variables) {
    FunctionSettings settings =
        new FunctionSettings(
            "Small",
            "dev.pilotlight.handler.ApiHandler::handleRequest",
            Duration.ofSeconds(30),
            memoryMb,
            Map.of());
    Map<String, String> all = new HashMap<>(variables);
    all.put("PILOTLIGHT_STORE", "off");
    all.put("PILOTLIGHT_MODELS", models);
    all.put("PILOTLIGHT_MODEL_SETTLE_MS", "0");
    all.put("ORT_DISABLE_TELEMETRY", "1"); // as the template has it
    Launch launch = new Launch(settings, Options.onFreePorts().code(), all, Duration.ofMillis(100));
    pool = new EnvironmentPool(launch, 1, 1, (_, line) -> log.add(line));
    pool.start().join();
  }

  public Seen send(TestRequest request) {
    Outcome outcome = pool.invoke(new Invocation(request.event(), "Root=1-0-0", null)).join();
    return switch (outcome) {
      case Outcome.Answered answered -> seen(answered.payload());
      case Outcome.Failed failed -> new Seen(0, "", Echo.text(failed));
      case Outcome.Rejected rejected -> new Seen(rejected.status(), "", rejected.type());
    };
  }

  private static Seen seen(byte[] payload) {
    try {
      JsonNode reply = JSON.readTree(payload);
      return new Seen(
          reply.path("statusCode").asInt(),
          reply.path("headers").path("retry-after").asText(""),
          reply.path("body").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The numbers of the processes that run; a restart takes the next one.
  public List<Integer> processes() {
    return pool.environments().stream().map(Environment::number).toList();
  }

  public List<String> log() {
    return log;
  }

  @Override
  public void close() {
    pool.close();
  }
}
