package dev.pilotlight.local.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.protocol.http.Router;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The events of `events/` are what this template's API and buckets would send.
class EventRoutesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Template template = Template.read(Path.of("template.yaml"));

  @ParameterizedTest
  @ValueSource(strings = {"embeddings.json", "infer.json", "infer-binary.json"})
  void httpApiEventNamesTheRouteThatTakesIt(String file) throws IOException {
    JsonNode event = event(file);
    JsonNode http = event.at("/requestContext/http");
    assertThat(http.get("path")).isEqualTo(event.get("rawPath"));
    Route route = route(http.get("method").asText(), event.get("rawPath").asText());
    assertThat(route.function()).isEqualTo("ApiFunction");
    assertThat(event.get("routeKey").asText()).isEqualTo(route.key());
    assertThat(event.at("/requestContext/routeKey")).isEqualTo(event.get("routeKey"));
    assertThat(Router.allowed(event.get("rawPath").asText())).contains(http.get("method").asText());
  }

  @Test
  void restApiEventHasARouteOfOurs() throws IOException {
    JsonNode event = event("rest-v1.json");
    assertThat(event.get("resource")).isEqualTo(event.get("path"));
    assertThat(Router.allowed(event.get("path").asText()))
        .contains(event.get("httpMethod").asText());
  }

  @Test
  void objectEventHasABucketAndASuffixThatStartABatch() throws IOException {
    JsonNode s3 = event("s3-put.json").at("/Records/0/s3");
    String bucket = s3.at("/bucket/name").asText();
    String key = s3.at("/object/key").asText();
    assertThat(template.s3Triggers())
        .anyMatch(
            trigger ->
                trigger.bucket().equals(bucket)
                    && key.startsWith(trigger.prefix())
                    && key.endsWith(trigger.suffix()));
  }

  private Route route(String method, String path) {
    return template.routes().match(method, path).orElseThrow().route();
  }

  private static JsonNode event(String file) throws IOException {
    return JSON.readTree(Path.of("events", file).toFile());
  }
}
