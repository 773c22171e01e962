package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Metrics;
import dev.pilotlight.handler.TestRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The statistics of a model count what the metrics of its requests do.
final class StatisticsTest {
  private static final String PATH = "/v1/embeddings";
  private static final String STATS = "/v2/models/all-minilm-l6-v2/stats";

  private final Metrics metrics = new Metrics();

  @SuppressWarnings("NullAway.Init")
  private Harness function;

  @BeforeEach
  void start() {
    function =
        new Harness(
            metrics,
            Map.of("PILOTLIGHT_METRICS", "each"),
            "PILOTLIGHT_MODELS",
            Path.of("models").toString());
  }

  @AfterEach
  void stop() {
    function.close();
  }

  @Test
  void missesAreRunAndHitsAreNot() {
    embed("\"one\"", "");
    JsonNode miss = stats();
    requireCounts(miss, 1, 1, 0, 0, 1);
    assertThat(miss.get("inference_count").asLong()).isEqualTo(1);
    assertThat(ns(miss, "compute_infer")).isPositive();
    assertThat(ns(miss, "compute_input")).isPositive();
    assertThat(ns(miss, "success")).isGreaterThan(ns(miss, "compute_infer"));

    embed("\"one\"", "");
    JsonNode hit = stats();
    requireCounts(hit, 2, 1, 0, 1, 1);
    assertThat(hit.get("inference_count").asLong()).isEqualTo(1);
    assertThat(ns(hit, "compute_infer")).isEqualTo(ns(miss, "compute_infer"));
    assertThat(ns(hit, "compute_output")).isEqualTo(ns(miss, "compute_output"));
    assertThat(ns(hit, "cache_hit")).isPositive();
    assertThat(ns(hit, "success")).isGreaterThan(ns(miss, "success"));
  }

  @Test
  void questionsAboutAModelDoNotCount() {
    embed("\"one\"", "");
    assertThat(function.post("/tokenize", "{\"inputs\":\"one two\"}").status()).isEqualTo(200);
    String unknown = "{\"inputs\":\"one\",\"prompt_name\":\"none\"}";
    assertThat(function.post("/tokenize", unknown).status()).isEqualTo(422);
    requireCounts(stats(), 1, 1, 0, 0, 1);
  }

  /// A request of which one item was run is a miss, and each of its items that was run counts.
  @Test
  void requestOfManyItemsIsOneRequest() {
    embed("\"known\"", "");
    embed("[\"known\",\"new\",\"newer\",\"new\"]", "");
    JsonNode stats = stats();
    requireCounts(stats, 2, 2, 0, 0, 2);
    assertThat(stats.get("inference_count").asLong()).isEqualTo(3);
    assertThat(stats.at("/batch_stats/0/batch_size").asInt()).isEqualTo(1);
    assertThat(stats.at("/batch_stats/0/compute_infer/count").asLong()).isEqualTo(3);
    assertThat(stats.at("/batch_stats/0/compute_infer/ns").asLong())
        .isEqualTo(ns(stats, "compute_infer"));
  }

  @Test
  void requestThatAsksNoCacheMissesNone() {
    embed("\"fresh\"", "no-store");
    embed("\"fresh\"", "no-cache");
    requireCounts(stats(), 2, 2, 0, 0, 0);
  }

  @Test
  void requestsOfTheModelThatAreRefusedFail() {
    assertThat(embed("\"" + "long ".repeat(600) + "\"", "").status()).isEqualTo(400);
    assertThat(embed("\"x\"", "only-if-cached").status()).isEqualTo(504);
    JsonNode stats = stats();
    requireCounts(stats, 0, 0, 2, 0, 0);
    assertThat(ns(stats, "fail")).isPositive();
    assertThat(stats.get("batch_stats")).isEmpty();
    // of no model: not JSON, and a model that does not exist
    assertThat(function.post(PATH, "{").status()).isEqualTo(400);
    assertThat(function.post(PATH, "{\"model\":\"none\",\"input\":\"x\"}").status()).isEqualTo(404);
    requireCounts(stats(), 0, 0, 2, 0, 0);
  }

  @Test
  void countsAreThoseOfTheMetrics() {
    for (String input :
        List.of("\"a\"", "\"a\"", "[\"a\",\"b\"]", "[\"c\",\"c\",\"d\"]", "\"b\"")) {
      assertThat(embed(input, "").status()).isEqualTo(200);
    }
    embed("\"a\"", "no-cache");
    embed("\"e\"", "only-if-cached");
    embed("\"" + "long ".repeat(600) + "\"", "");
    List<JsonNode> lines =
        metrics.all().stream().filter(line -> line.path("Items").asLong() > 0).toList();
    JsonNode stats = stats();
    assertThat(stats.get("inference_count").asLong()).isEqualTo(sum(lines, "Inferences"));
    assertThat(stats.get("execution_count").asLong()).isEqualTo(sum(lines, "Inferences"));
    long failed = sum(lines, "ClientErrors") + sum(lines, "ServerErrors") + sum(lines, "NotCached");
    assertThat(count(stats, "fail")).isEqualTo(failed).isEqualTo(2);
    assertThat(count(stats, "success") + failed).isEqualTo(sum(lines, "Requests"));
    long hits =
        lines.stream()
            .filter(line -> line.path("ServerErrors").asInt() + line.path("NotCached").asInt() == 0)
            .filter(line -> line.path("ClientErrors").asInt() == 0)
            .filter(line -> line.path("Inferences").asInt() == 0)
            .count();
    assertThat(count(stats, "cache_hit")).isEqualTo(hits).isEqualTo(2);
  }

  @Test
  void lastInferenceIsThatOfTheLastRequest() {
    long before = Instant.now().toEpochMilli();
    embed("\"now\"", "");
    long first = stats().get("last_inference").asLong();
    assertThat(first).isBetween(before, Instant.now().toEpochMilli());
    assertThat(stats().get("last_inference").asLong()).isEqualTo(first);
  }

  /// Rehearsals run before the first request of a caller.
  @Test
  void rehearsalsAreNotCounted() {
    try (Harness provisioned =
        new Harness("AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency")) {
      JsonNode stats = provisioned.send(TestRequest.of("GET", STATS).event()).json();
      requireCounts(stats.at("/model_stats/0"), 0, 0, 0, 0, 0);
    }
  }

  private Harness.Reply embed(String input, String cacheControl) {
    String body = "{\"model\":\"all-minilm-l6-v2\",\"input\":%s}".formatted(input);
    TestRequest request = TestRequest.post(PATH, body);
    return function.send(
        (cacheControl.isEmpty() ? request : request.with("cache-control", cacheControl)).event());
  }

  private JsonNode stats() {
    JsonNode all = function.send(TestRequest.of("GET", STATS).event()).json().get("model_stats");
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static void requireCounts(
      JsonNode stats, long success, long computed, long fail, long hits, long misses) {
    assertThat(count(stats, "success")).as("success").isEqualTo(success);
    assertThat(count(stats, "queue")).as("queue").isEqualTo(success);
    for (String part : List.of("compute_input", "compute_infer", "compute_output")) {
      assertThat(count(stats, part)).as(part).isEqualTo(computed);
    }
    assertThat(count(stats, "fail")).as("fail").isEqualTo(fail);
    assertThat(count(stats, "cache_hit")).as("cache_hit").isEqualTo(hits);
    assertThat(count(stats, "cache_miss")).as("cache_miss").isEqualTo(misses);
  }

  private static long count(JsonNode stats, String name) {
    return stats.at("/inference_stats/" + name + "/count").asLong(-1);
  }

  private static long ns(JsonNode stats, String name) {
    return stats.at("/inference_stats/" + name + "/ns").asLong(-1);
  }

  private static long sum(List<JsonNode> lines, String metric) {
    return lines.stream().mapToLong(line -> line.path(metric).asLong()).sum();
  }
}
