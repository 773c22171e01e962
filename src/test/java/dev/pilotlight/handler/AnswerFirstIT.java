package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.Later;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
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
            .filteredOn(line -> line.contains("\"result\":\"" + resultId(reply) + "\""))
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

  private Harness function(String policy) {
    return new Harness(metrics.out(), answeringFirst(policy));
  }
}
