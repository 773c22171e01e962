package dev.pilotlight.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.Client;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.support.Ports;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.RedisClient;

/// Callers' responses while Redis or DynamoDB is away.
@Timeout(120)
public class FailuresIT {
  /// The time that a request may take beyond its budgets on a busy machine.
  private static final Duration SLACK = Duration.ofSeconds(2);

  @Test
  void withoutRedisAnswersGoOnAndHitsReturnByThemselves() throws InterruptedException {
    Options options =
        Options.onFreePorts()
            .withEnvironmentsMax(1)
            // so that every repeated text is asked of Redis
            .withVariable("PILOTLIGHT_MEMORY_CACHE_BYTES", "0");
    try (LocalStack stack = LocalStack.start(options)) {
      Client client = new Client(stack.gatewayUrl());
      List<String> text = List.of("redis comes and goes");
      byte[] answer = client.embeddings(text).body();
      assertThat(client.embeddings(text).cacheStatus()).contains("detail=\"redis\"");

      stack.redis().orElseThrow().stop();
      for (int i = 0; i < 20; i++) {
        Client.Reply without = client.embeddings(text);
        assertThat(without.cacheStatus()).isEqualTo("pilotlight; hit; detail=\"dynamodb\"");
        assertThat(without.body()).isEqualTo(answer);
      }
      assertThat(client.embeddings(List.of("new while redis is away")).cacheStatus())
          .isEqualTo("pilotlight; fwd=miss; stored");

      stack.redis().orElseThrow().start();
      while (!client.embeddings(text).cacheStatus().contains("detail=\"redis\"")) {
        Thread.sleep(20); // the test's own timeout ends this if hits never return
      }
    }
  }

  @Test
  void withoutDynamoARequiredStoreRefusesAndKeepsNothing() throws IOException {
    Options options =
        Options.onFreePorts()
            .withEnvironmentsMax(1)
            .withVariable("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:" + Ports.unused());
    try (LocalStack stack = LocalStack.start(options)) {
      Client client = new Client(stack.gatewayUrl());
      long start = System.nanoTime();
      Client.Reply reply = client.embeddings(List.of("cannot be kept"));
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("retry-after")).isNotEmpty();
      assertThat(reply.json().at("/error/message").asText()).contains("result store");
      assertThat(took).isLessThan(Duration.ofSeconds(2).plus(SLACK));
      try (RedisClient redis = RedisClient.create(stack.redis().orElseThrow().url())) {
        assertThat(redis.keys("pl:*")).isEmpty();
      }
    }
  }

  @Test
  void withABestEffortStoreTheAnswerComesAllTheSame() throws IOException {
    Options options =
        Options.onFreePorts()
            .withEnvironmentsMax(1)
            .withVariable("PILOTLIGHT_STORE", "best-effort")
            .withVariable("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:" + Ports.unused());
    try (LocalStack stack = LocalStack.start(options)) {
      Client.Reply reply = new Client(stack.gatewayUrl()).embeddings(List.of("answered anyway"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.cacheStatus()).isEqualTo("pilotlight; fwd=miss");
    }
  }
}
