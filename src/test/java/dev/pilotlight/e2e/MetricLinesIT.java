package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.support.EmbeddedMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The function's standard output, under Lambda's own runtime client.
@Timeout(120)
class MetricLinesIT {
  private static final int CLIENTS = 8;
  private static final int ROUNDS = 10;

  /// After so many requests an environment holds six of them.
  private static final int HELD_AFTER = 120;

  private static final ObjectMapper JSON = new ObjectMapper();

  /// Every other request fails and logs why, since its result cannot be kept.
  @Test
  void eachRequestIsOneLineAndNoneIsMixedWithTheLog() throws Exception {
    Options options =
        Options.onFreePorts()
            .withEnvironmentsMax(2)
            .withLogs(Options.Logs.ALL)
            .withVariable("PILOTLIGHT_METRICS", "each")
            .withVariable("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1");
    try (LocalStack stack = LocalStack.start(options)) {
      Client client = new Client(stack.gatewayUrl());
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
        for (int i = 0; i < CLIENTS; i++) {
          int number = i;
          clients.add(CompletableFuture.runAsync(() -> ask(client, number), threads));
        }
        clients.forEach(CompletableFuture::join);
      }
      int requests = CLIENTS * ROUNDS * 2;
      List<JsonNode> metrics = FunctionLog.metrics(stack, requests, line -> true);
      assertThat(metrics).hasSize(requests);
      assertThat(metrics)
          .extracting(line -> line.path("FunctionName").asText())
          .containsOnly("ApiFunction");
      assertThat(metrics.stream().filter(line -> line.path("ServerErrors").asInt() == 1))
          .hasSize(CLIENTS * ROUNDS);
      assertThat(metrics.stream().filter(line -> line.path("ColdStarts").asInt() > 0))
          .hasSize(Math.toIntExact(FunctionLog.environments(stack)));
      Stream<String> others = FunctionLog.lines(stack).filter(line -> !EmbeddedMetrics.isOne(line));
      assertThat(others)
          .allSatisfy(line -> assertThat(JSON.readTree(line).path("level").asText()).isNotEmpty())
          .anyMatch(line -> line.contains("the result store is not reachable"));
    }
  }

  @Test
  void heldRequestsAreWrittenWhenTheEnvironmentIsAskedToEnd() throws Exception {
    Options options = Options.onFreePorts().withEnvironmentsMax(1).withLogs(Options.Logs.ALL);
    LocalStack stack = LocalStack.start(options);
    try (stack) {
      Client client = new Client(stack.gatewayUrl());
      for (int i = 0; i < HELD_AFTER; i++) {
        assertThat(client.get("/v2/health/live").status()).isEqualTo(200);
      }
    }
    Await.until(() -> requests(stack) == HELD_AFTER);
    assertThat(FunctionLog.metrics(stack, 1, line -> true)).hasSizeBetween(10, HELD_AFTER / 2);
  }

  private static int requests(LocalStack stack) {
    return FunctionLog.metrics(stack, 1, line -> true).stream()
        .mapToInt(line -> line.path("Requests").asInt())
        .sum();
  }

  private static void ask(Client client, int number) {
    for (int i = 0; i < ROUNDS; i++) {
      String text = "text %d of %d".formatted(i, number);
      assertThat(client.embeddings(List.of(text)).status()).isEqualTo(503);
      assertThat(client.get("/v2/health/live").header("pilotlight-cost-usd"))
          .matches("0\\.\\d{10}");
    }
  }
}
