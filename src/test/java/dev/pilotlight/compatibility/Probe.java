package dev.pilotlight.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.suite.leaks.CapturedLog;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The whole function on one folder, and its answers.
final class Probe implements AutoCloseable {
  private static final int OK = 200;
  private static final double PRECISION = 1e-6;

  private final CapturedLog log = new CapturedLog();
  private final Harness harness;

  Probe(Path root, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("PILOTLIGHT_MODELS", root.toString());
    harness = new Harness(new PrintStream(log, true, StandardCharsets.UTF_8), all);
  }

  void verify(Check check) {
    switch (check) {
      case Check.Embeds(String input, List<Double> vector) -> {
        equal(embedding(Request.embed(input)), vector);
        JsonNode output = ok(Request.infer(input)).json().at("/outputs/0");
        assertThat(output.path("name").asText()).isEqualTo("embedding");
        equal(output.path("data"), vector);
      }
      case Check.Gives(Request request, List<Double> vector) -> equal(embedding(request), vector);
      case Check.Labels(String input, String label, double score) -> {
        JsonNode answer = ok(Request.infer(input)).json();
        assertThat(answer.at("/outputs/0/data/0").asText()).isEqualTo(label);
        assertThat(answer.at("/outputs/1/data/0").asDouble()).isCloseTo(score, within(PRECISION));
      }
      case Check.Answers(Request request, List<String> fragments) ->
          assertThat(ok(request).text()).contains(fragments);
      case Check.Refuses(Request request, int status, List<String> fragments) -> {
        Reply reply = send(request);
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(message(reply)).contains(fragments);
      }
      case Check.Header(Request request, String name, String value) ->
          assertThat(ok(request).header(name)).isEqualTo(value);
      case Check.Shows(String property, String value, String source) ->
          assertThat(fact(property)).startsWith(value + " (" + source);
      case Check.Warns(List<String> fragments) ->
          assertThat(warnings()).anySatisfy(warning -> assertThat(warning).contains(fragments));
    }
  }

  private JsonNode embedding(Request request) {
    return ok(request).json().at("/data/0/embedding");
  }

  private static void equal(JsonNode floats, List<Double> vector) {
    List<Double> values = new ArrayList<>();
    floats.forEach(value -> values.add(value.asDouble()));
    assertThat(values).hasSameSizeAs(vector);
    for (int i = 0; i < vector.size(); i++) {
      double expected = vector.get(i);
      assertThat(values.get(i))
          .as("%s instead of %s", values, vector)
          .isCloseTo(expected, within(PRECISION * Math.max(1, Math.abs(expected))));
    }
  }

  /// A property of the model in the form `value (source)`.
  private String fact(String property) {
    JsonNode facts = ok(Request.get("/v2/models/" + Folder.MODEL)).json().path("parameters");
    JsonNode fact = facts.path(property);
    return fact.path("value").asText() + " (" + fact.path("source").asText() + ")";
  }

  private List<String> warnings() {
    return log.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("\"level\":\"WARN\"") || line.contains("\"level\":\"ERROR\""))
        .map(line -> line.replace("\\\"", "\""))
        .toList();
  }

  /// Both routes' errors have their text in different places.
  private static String message(Reply reply) {
    JsonNode error = reply.json().path("error");
    return error.isTextual() ? error.asText() : error.path("message").asText();
  }

  private Reply ok(Request request) {
    Reply reply = send(request);
    assertThat(reply.status()).as(reply.text()).isEqualTo(OK);
    return reply;
  }

  private Reply send(Request request) {
    return harness.send(
        request.method(),
        request.path(),
        Map.of("content-type", "application/json"),
        request.body().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    harness.close();
  }
}
