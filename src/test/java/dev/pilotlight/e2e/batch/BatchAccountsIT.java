package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Batches of one tenant in several processes that are killed: each line is answered and counted
/// once, and no more batches run at once than the plan allows.
@Timeout(300)
@Order(1) // it is long
@OnlyInFaults
class BatchAccountsIT {
  private static final int BATCHES = 4;
  private static final int LINES = 60;
  private static final int KILLS = 3;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCHEDULE =
      "{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\",\"detail\":{}}";

  @Test
  void killsChangeNeitherAnswersNorUsage() throws Exception {
    Random random = new Random(56);
    try (BatchStack batches =
        BatchStack.start(
            options ->
                options
                    .withKeys()
                    .withEnvironmentsMax(3)
                    .withVariable("PILOTLIGHT_BATCH_TENANT_FROM", "folder")
                    .withVariable("PILOTLIGHT_PLANS", "{\"free\":{\"batches_at_once\":2}}")
                    .withVariable("PILOTLIGHT_OPERATOR_TENANT", "local"))) {
      batches.awaitReady();
      for (int i = 0; i < BATCHES; i++) {
        batches.put(key(i), BatchLines.good(i, LINES));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        Thread.sleep(random.nextLong(500, 2_000)); // the moment is what is tested
        batches.kill();
      }
      awaitAll(batches);
      List<JsonNode> summaries = new ArrayList<>();
      for (int i = 0; i < BATCHES; i++) {
        BatchStack.Output output = batches.awaitOutput(key(i));
        assertThat(output.count("lines")).isEqualTo(LINES);
        assertThat(output.out().lines()).hasSize(LINES);
        summaries.add(output.summary());
      }
      batches.requireNothingLeft();
      assertThat(batches.stack().logs()).noneMatch(line -> line.contains("internal error"));
      requireSums(batches, summaries);
    }
  }

  private static String key(int batch) {
    return "local/" + batch + ".jsonl";
  }

  /// As the schedule does that the template has.
  private static void awaitAll(BatchStack batches) throws Exception {
    Instant end = Instant.now().plus(Duration.ofMinutes(3));
    while (Instant.now().isBefore(end)) {
      batches.awaitIdle();
      long done =
          batches.keys(BatchStack.OUT, "local/").stream()
              .filter(key -> key.endsWith(".summary.json"))
              .count();
      if (done == BATCHES) {
        return;
      }
      batches.deliver(SCHEDULE);
      Thread.sleep(1_000);
    }
    throw new AssertionError(
        "not all batches ended: " + batches.stack().failures() + batches.stack().logs());
  }

  private static void requireSums(BatchStack batches, List<JsonNode> summaries) throws Exception {
    JsonNode total = get(batches, "/v1/usage").path("total");
    assertThat(total.path("items").asLong()).isEqualTo(sum(summaries, "items"));
    assertThat(total.path("tokens").asLong()).isEqualTo(sum(summaries, "tokens"));
    assertThat(total.path("computed").asLong()).isEqualTo(sum(summaries, "runs"));
    JsonNode hits = total.path("hits");
    assertThat(
            hits.path("memory").asLong()
                + hits.path("redis").asLong()
                + hits.path("dynamodb").asLong())
        .isEqualTo(sum(summaries, "hits"));
    double usd =
        summaries.stream().mapToDouble(it -> it.path("estimated_cost_usd").asDouble()).sum();
    assertThat(total.path("estimated_cost_usd").asDouble())
        .isPositive()
        .isCloseTo(usd, within(usd * 1e-5));
    long start = Instant.now().getEpochSecond() - 86_400;
    JsonNode page =
        get(batches, "/v1/organization/usage/embeddings?group_by=api_key_id&start_time=" + start);
    long inputTokens = 0;
    long requests = 0;
    for (JsonNode result : page.findParents("num_model_requests")) {
      if (result.path("api_key_id").asText().equals("batch")) {
        inputTokens += result.path("input_tokens").asLong();
        requests += result.path("num_model_requests").asLong();
      }
    }
    assertThat(inputTokens).isEqualTo(sum(summaries, "tokens"));
    assertThat(requests).isEqualTo(sum(summaries, "lines"));
  }

  private static long sum(List<JsonNode> summaries, String name) {
    ToLongFunction<JsonNode> value = summary -> summary.path(name).asLong();
    return summaries.stream().mapToLong(value).sum();
  }

  private static JsonNode get(BatchStack batches, String path)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(batches.stack().gatewayUrl().resolve(path))
                  .header(
                      "authorization", "Bearer " + batches.stack().developmentKey().orElseThrow())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return JSON.readTree(response.body());
    }
  }
}
