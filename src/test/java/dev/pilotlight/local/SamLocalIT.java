package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.local.runtime.Echo;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Invocation;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.template.FunctionSettings;
import dev.pilotlight.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// As `sam local invoke ApiFunction -e events/embeddings.json --env-vars events/env.json`, but
/// without SAM and Docker: the official runtime interface client runs the function with the
/// template's variables and those of the file, and there is no Redis, no DynamoDB and no S3.
@Timeout(120)
class SamLocalIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FUNCTION = "ApiFunction";

  @Test
  void eventIsAnswered() throws IOException {
    List<String> log = new CopyOnWriteArrayList<>();
    try (EnvironmentPool pool =
        new EnvironmentPool(launch(), 1, 1, (number, line) -> log.add(line))) {
      byte[] event = Files.readAllBytes(Path.of("events", "embeddings.json"));
      String answer =
          Echo.text(pool.invoke(new Invocation(event, Invocation.NO_TRACE, null)).join());
      JsonNode response = JSON.readTree(answer);
      assertThat(response.path("statusCode").asInt()).as(answer).isEqualTo(200);
      JsonNode body = JSON.readTree(response.get("body").asText());
      assertThat(body.at("/data/0/embedding")).hasSize(384);
      assertThat(response.at("/headers/cache-status").asText()).contains("fwd=miss");
    }
    assertThat(log).noneMatch(line -> line.contains("\"WARN\"") || line.contains("\"ERROR\""));
  }

  private static Launch launch() throws IOException {
    FunctionSettings function =
        Template.read(Path.of("template.yaml")).functions().stream()
            .filter(candidate -> candidate.name().equals(FUNCTION))
            .findFirst()
            .orElseThrow();
    Map<String, Map<String, String>> environments =
        JSON.readValue(Path.of("events", "env.json").toFile(), new TypeReference<>() {});
    return new Launch(
        function,
        Options.onFreePorts().code(),
        Objects.requireNonNull(environments.get(FUNCTION)),
        Duration.ofSeconds(1));
  }
}
