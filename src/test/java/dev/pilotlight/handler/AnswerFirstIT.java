package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.Later;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The whole function between an answer and what comes after it: with `PILOTLIGHT_ANSWER=first` the
/// writes, and always the line of metrics.
@Timeout(60)
final class AnswerFirstIT extends FunctionOnTable {
  private static final String REFUSED =
      "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\"}";

  private final Metrics metrics = new Metrics();
  private final Later later = new Later();

  @Test
  void resultIsFoundOnceItIsStored() throws IOException {
    try (Harness function = function("required")) {
      Harness.Reply first = function.send(infer(1), later);
      assertThat(first.status()).as(first.text()).isEqualTo(200);
      assertThat(first.header("cache-status")).isEqualTo("pilotlight; fwd=miss");
      assertThat(between.calls()).noneMatch(call -> call.action().equals("PutItem"));
      assertThat(result(function, first).status()).isEqualTo(404);
      int lines = metrics.all().size();

      later.run();

      assertThat(between.calls()).anyMatch(call -> call.action().equals("PutItem"));
      assertThat(result(function, first).status()).isEqualTo(200);
      Harness.Reply second = function.send(infer(1), later);
      assertThat(second.header("cache-status")).contains("hit", "memory");
      assertThat(second.body()).isEqualTo(first.body());
      JsonNode line = metrics.all().get(lines);
      assertThat(line.path("StoreTime").asDouble()).isPositive();
      assertThat(line.has("NotStored")).isFalse();
      assertThat(line.path("EstimatedCost").asDouble())
          .isGreaterThan(Double.parseDouble(first.header("pilotlight-cost-usd")));
    }
  }

  @Test
  void eachResultThatIsNotStoredHasALineAndIsCounted() throws IOException {
    try (Harness function = function("required")) {
      between.rule(
          call ->
              call.action().endsWith("Item") && !call.action().equals("GetItem")
                  ? new Fate.Fail(400, REFUSED)
                  : new Fate.Pass());
      Harness.Reply one = function.send(infer(2), later);
      Harness.Reply other = function.send(infer(3), later);
      assertThat(List.of(one.status(), other.status())).containsOnly(200);

      later.run();

      for (Harness.Reply reply : List.of(one, other)) {
        assertThat(metrics.lines())
            .filteredOn(line -> line.contains("an answered result could not be stored"))
            .filteredOn(line -> line.contains("\"result\":\"" + id(reply) + "\""))
            .hasSize(1);
      }
      assertThat(metrics.all())
          .filteredOn(line -> line.has("NotStored"))
          .extracting(line -> line.path("NotStored").asInt())
          .containsExactly(1, 1);
      between.rule(call -> new Fate.Pass());
      Harness.Reply again = function.send(infer(2), later);
      assertThat(again.header("cache-status")).isEqualTo("pilotlight; fwd=miss");
      assertThat(again.body()).isEqualTo(one.body());
    }
  }

  @Test
  void lookUpThatFailsIsRefusedIfTheStoreIsRequired() throws IOException {
    try (Harness function = function("required")) {
      between.rule(call -> new Fate.Fail(400, REFUSED));
      assertThat(function.send(infer(4), later).status()).isEqualTo(503);
      later.run();
      assertThat(metrics.last().path("ServerErrors").asInt()).isEqualTo(1);
    }
  }

  @Test
  void responseThatLambdaRefusesIsCountedAsAServerError() throws IOException {
    try (Harness function = function("required")) {
      later.refuse();
      assertThat(function.send(infer(5), later).status()).isEqualTo(200);
      later.run();
      assertThat(metrics.last().path("ServerErrors").asInt()).isEqualTo(1);
    }
  }

  @Test
  void lineOfMetricsIsWrittenAfterAnAnswerThatIsStored() throws IOException {
    Map<String, String> stored = settings("required");
    try (Harness function = new Harness(metrics.out(), stored)) {
      Harness.Reply reply = function.send(infer(6), later);
      assertThat(reply.header("cache-status")).isEqualTo("pilotlight; fwd=miss; stored");
      assertThat(result(function, reply).status()).isEqualTo(200);
      int lines = metrics.all().size();

      later.run();

      assertThat(metrics.all()).hasSize(lines + 1);
      assertThat(metrics.last().path("StoreTime").asDouble()).isPositive();
      later.refuse();
      function.send(infer(6), later);
      later.run();
      assertThat(metrics.last().path("MemoryHits").asInt()).isEqualTo(1);
      assertThat(metrics.last().path("ServerErrors").asInt()).isEqualTo(1);
    }
  }

  private static byte[] infer(int value) throws IOException {
    var event = Harness.JSON.createObjectNode().put("version", "2.0");
    event.put("rawPath", "/v2/models/identity/infer").put("rawQueryString", "");
    event.put(
        "body",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[%d]}]}"
            .formatted(value));
    event.putObject("headers").put("content-type", "application/json");
    var context = event.putObject("requestContext").put("requestId", "r-1");
    context.putObject("http").put("method", "POST").put("path", "/v2/models/identity/infer");
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String id(Harness.Reply reply) {
    return reply.json().at("/parameters/result_ids").asText();
  }

  private static Harness.Reply result(Harness function, Harness.Reply of) {
    return function.send("GET", "/v1/results/" + id(of), Map.of(), new byte[0]);
  }

  private Harness function(String policy) {
    Map<String, String> settings = settings(policy);
    settings.put("PILOTLIGHT_ANSWER", "first");
    settings.put("PILOTLIGHT_STORE_ATTEMPT_MS", "2000");
    settings.put("PILOTLIGHT_STORE_READ_MS", "5000");
    return new Harness(metrics.out(), settings);
  }
}
