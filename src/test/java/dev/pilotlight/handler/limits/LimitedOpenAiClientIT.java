package dev.pilotlight.handler.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import com.openai.models.admin.organization.usage.UsageEmbeddingsParams;
import com.openai.models.admin.organization.usage.UsageEmbeddingsResponse;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.sun.net.httpserver.HttpServer;
import dev.pilotlight.handler.Harness;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The official OpenAI client against a function with limits.
@Timeout(120)
final class LimitedOpenAiClientIT {
  private static final String PLANS =
      """
      {"free": {"requests_per_second": 1, "requests_burst": 1},
       "small": {"items_per_month": 1},
       "open": {}}""";

  private final List<Integer> statuses = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private Tenancy tenancy;

  @SuppressWarnings("NullAway.Init")
  private Harness function;

  @SuppressWarnings("NullAway.Init")
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    tenancy = new Tenancy();
    function =
        tenancy.function(
            "PILOTLIGHT_PLANS", PLANS,
            "PILOTLIGHT_LIMITS_ENVIRONMENTS", "1",
            "PILOTLIGHT_OPERATOR_TENANT", "root");
    server = Tenancy.serve(function, statuses::add);
  }

  @AfterEach
  void stop() {
    server.stop(0);
    function.close();
    tenancy.close();
  }

  @Test
  void aRefusedRequestIsRepeatedByTheClientItselfAndAnswered() {
    OpenAIClient client = client(tenancy.key("ada", "free"));
    for (int i = 0; i < 3; i++) {
      CreateEmbeddingResponse answer = client.embeddings().create(embed("hello"));
      assertThat(answer.data()).hasSize(1);
    }
    client.close();
    assertThat(statuses).contains(429);
    assertThat(statuses.stream().filter(status -> status == 200)).hasSize(3);
    assertThat(statuses.size()).as("it waits as long as it is told").isLessThanOrEqualTo(6);
  }

  @Test
  void aUsedUpQuotaIsNotRepeated() {
    OpenAIClient client = client(tenancy.key("bob", "small"));
    assertThat(client.embeddings().create(embed("hello")).data()).hasSize(1);
    assertThatThrownBy(() -> client.embeddings().create(embed("world")))
        .isInstanceOfSatisfying(
            RateLimitException.class,
            failure -> assertThat(failure.code()).hasValue("insufficient_quota"));
    client.close();
    assertThat(statuses).containsExactly(200, 429);
  }

  @Test
  void theUsagePageIsReadByTheClient() {
    OpenAIClient caller = client(tenancy.key("cleo", "open"));
    long tokens = caller.embeddings().create(embed("hello")).usage().totalTokens();
    caller.close();
    OpenAIClient operator = client(tenancy.key("root", "open"));
    long today = LocalDate.now(ZoneOffset.UTC).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    UsageEmbeddingsResponse page =
        operator
            .admin()
            .organization()
            .usage()
            .embeddings(
                UsageEmbeddingsParams.builder()
                    .startTime(today)
                    .bucketWidth(UsageEmbeddingsParams.BucketWidth.of("1d"))
                    .addGroupBy(UsageEmbeddingsParams.GroupBy.of("model"))
                    .addGroupBy(UsageEmbeddingsParams.GroupBy.of("project_id"))
                    .addModel("all-minilm-l6-v2")
                    .build());
    operator.close();
    assertThat(page.hasMore()).isFalse();
    assertThat(page.data()).hasSize(1);
    var result = page.data().getFirst().results().getFirst().asOrganizationUsageEmbeddings();
    assertThat(result.inputTokens()).isEqualTo(tokens);
    assertThat(result.numModelRequests()).isEqualTo(1);
    assertThat(result.model()).hasValue("all-minilm-l6-v2");
    assertThat(result.projectId()).hasValue("cleo");
  }

  private OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/v1")
        .apiKey(key)
        .adminApiKey(key)
        .maxRetries(3)
        .build();
  }

  private static EmbeddingCreateParams embed(String text) {
    return EmbeddingCreateParams.builder().model("all-minilm-l6-v2").input(text).build();
  }
}
