package dev.pilotlight.handler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.domain.Afterwards;
import dev.pilotlight.support.TestSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The whole function in this process, without Redis and DynamoDB, as `sam local invoke` has it.
public final class Harness implements AutoCloseable {
  public static final ObjectMapper JSON = new ObjectMapper();

  /// The id of every invocation.
  public static final String INVOCATION_ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";

  static final String TRACE_ID = "1-5759e988-bd862e3fe1be46a994272793";
  private static final String TRACE = "Root=" + TRACE_ID + ";Parent=53995c3f42cd8ad8;Sampled=1";

  private final App app;

  public Harness(String... settings) {
    app = App.start(environment(Map.of(), settings));
  }

  /// @param metrics captures log and metrics
  /// @param base settings, before `more`
  public Harness(Metrics metrics, Map<String, String> base, String... more) {
    app = App.start(environment(base, more), metrics.out());
  }

  /// @param out receives log and metrics
  public Harness(PrintStream out, Map<String, String> settings) {
    app = App.start(environment(settings), out);
  }

  private static Map<String, String> environment(Map<String, String> base, String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PILOTLIGHT_STORE", "off");
    environment.put("PILOTLIGHT_MODELS", Path.of("models").toString());
    // tests write models and use them at once
    environment.put("PILOTLIGHT_MODEL_SETTLE_MS", "0");
    environment.putAll(base);
    TestSettings.put(environment, "", more);
    return environment;
  }

  /// A decoded response event.
  public record Reply(int status, JsonNode headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public String header(String name) {
      return headers.path(name).asText();
    }

    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException("not JSON: " + text(), e);
      }
    }
  }

  public Reply send(byte[] event) {
    return send(event, null);
  }

  /// Answers first if there is something that takes the rest.
  public Reply send(byte[] event, @Nullable Afterwards afterwards) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      app.api().answer(new ByteArrayInputStream(event), out, invocation(afterwards), null);
      JsonNode response = JSON.readTree(out.toByteArray());
      String body = response.path("body").asText();
      return new Reply(
          response.get("statusCode").asInt(),
          response.path("headers"),
          response.path("isBase64Encoded").asBoolean()
              ? Base64.getDecoder().decode(body)
              : body.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Invocation invocation(@Nullable Afterwards afterwards) {
    return new Invocation(INVOCATION_ID, TRACE, Duration.ofSeconds(30), afterwards);
  }

  /// Returns the whole answer to an event that is not a request.
  public String ping(byte[] event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      app.api().answer(new ByteArrayInputStream(event), out, invocation(null), null);
      return out.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a request as an HTTP API event (payload 2.0), the body always in base64.
  public Reply send(String method, String path, Map<String, String> headers, byte[] body) {
    var event = JSON.createObjectNode().put("version", "2.0").put("rawPath", path);
    event.put("rawQueryString", "").put("isBase64Encoded", true);
    event.put("body", Base64.getEncoder().encodeToString(body));
    event.set("headers", JSON.valueToTree(headers));
    var context =
        event.putObject("requestContext").put("requestId", "r-1").put("stage", "$default");
    context.putObject("http").put("method", method).put("path", path);
    return send(event.toString().getBytes(StandardCharsets.UTF_8));
  }

  public Reply post(String path, String json) {
    return send(
        "POST",
        path,
        Map.of("content-type", "application/json"),
        json.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    app.close();
  }
}
