package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.support.SelfSigned;
import dev.pilotlight.suite.OnlyInFaults;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Callers' responses with a Redis that requires TLS, as ElastiCache's do.
@Timeout(120)
final class RedisTlsRequestsIT {
  private static final List<String> TEXT = List.of("redis behind a certificate");

  @TempDir private Path directory;

  @Test
  void byIamTheFunctionReachesItAndRepeatedTextsHit() throws Exception {
    SelfSigned certificate = SelfSigned.in(directory, "ip:127.0.0.1");
    try (RedisServer redis = RedisServer.startTls(certificate);
        LocalStack stack =
            LocalStack.start(
                options(redis.url(), certificate)
                    .withVariable("PILOTLIGHT_REDIS_IAM", "serverless:cache")
                    // takes any password, so also a token
                    .withVariable("PILOTLIGHT_REDIS_USER", "default"))) {
      Client client = new Client(stack.gatewayUrl());
      byte[] answer = client.embeddings(TEXT).body();
      while (!client.embeddings(TEXT).cacheStatus().contains("detail=\"redis\"")) {
        Thread.sleep(20); // the test's own timeout ends this if there is never a hit
      }
      assertThat(client.embeddings(TEXT).body()).isEqualTo(answer);
    }
  }

  @Test
  @OnlyInFaults
  void wrongHostnameIsLoggedOnceAndRequestsStillSucceed() throws Exception {
    SelfSigned certificate = SelfSigned.in(directory, "ip:127.0.0.1");
    try (RedisServer redis = RedisServer.startTls(certificate);
        LocalStack stack =
            LocalStack.start(options("rediss://localhost:" + redis.port(), certificate))) {
      Client client = new Client(stack.gatewayUrl());
      assertThat(client.embeddings(TEXT).cacheStatus()).isEqualTo("pilotlight; fwd=miss; stored");
      for (int i = 0; i < 20; i++) {
        assertThat(client.embeddings(TEXT).cacheStatus())
            .isEqualTo("pilotlight; hit; detail=\"dynamodb\"");
      }
      List<String> warnings =
          stack.logs().stream().filter(line -> line.contains("Redis does not answer")).toList();
      assertThat(warnings).hasSize(1).first().asString().contains("No name matching localhost");
    }
  }

  private static Options options(String url, SelfSigned certificate) {
    return Options.onFreePorts()
        .withEnvironmentsMax(1)
        // so that every repeated text is asked of Redis
        .withVariable("PILOTLIGHT_MEMORY_CACHE_BYTES", "0")
        .withVariable("PILOTLIGHT_REDIS", url)
        .withVariable("PILOTLIGHT_REDIS_CA_FILE", certificate.certificate().toString());
  }
}
