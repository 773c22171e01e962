package dev.pilotlight.handler.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxModels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Which check comes first: key, account, route, rights, quota, rates, claim, model.
@Timeout(120)
final class OrderOfChecksIT {
  private static final String PLANS =
      """
      {"slow": {"requests_per_second": 0.001, "requests_burst": 2},
       "small": {"items_per_month": 1, "requests_per_second": 0.001, "requests_burst": 2},
       "open": {}}""";
  private static final String LEFT = "x-ratelimit-remaining-requests";
  private static final String INFER = "/v2/models/identity/infer";
  private static final String BODY =
      "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[7]}]}";

  @TempDir private Path root;

  @SuppressWarnings("NullAway.Init")
  private Tenancy tenancy;

  @SuppressWarnings("NullAway.Init")
  private Harness function;

  @BeforeEach
  void start() throws Exception {
    new TestModels(root)
        .withSample()
        .with("identity", OnnxModels.identity(Datatype.FP32, "n"))
        .with("other", OnnxModels.identity(Datatype.FP32, "n"));
    tenancy = new Tenancy();
    tenancy.createResults();
    function = function("PILOTLIGHT_DEFAULT_MODEL", TestModels.SAMPLE);
  }

  private Harness function(String name, String value) {
    return tenancy.function(
        "PILOTLIGHT_PLANS",
        PLANS,
        "PILOTLIGHT_LIMITS_ENVIRONMENTS",
        "1",
        "PILOTLIGHT_MODELS",
        root.toString(),
        "PILOTLIGHT_MODEL_RETRY_MS",
        "0",
        "PILOTLIGHT_STORE",
        "required",
        name,
        value);
  }

  @AfterEach
  void stop() {
    function.close();
    tenancy.close();
  }

  @Test
  void unknownAndForbiddenRoutesAreLimited() {
    var _ = tenancy.key("ada", "slow");
    String models = tenancy.key("ada", "routes", List.of("models"));

    Reply forbidden = Tenancy.embed(function, models, "hello");
    assertThat(forbidden.status()).isEqualTo(403);
    assertThat(forbidden.header(LEFT)).isEqualTo("1");
    Reply unknown = Tenancy.post(function, models, "/v1/embedding", "{}");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.header(LEFT)).isEqualTo("0");
    Reply refused = Tenancy.get(function, models, Tenancy.PATH);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json().at("/error/code").asText()).isEqualTo("rate_limit_exceeded");
  }

  @Test
  void unknownAndForbiddenRoutesAreCounted() {
    String all = tenancy.key("bob", "open");
    String models = tenancy.key("bob", "routes", List.of("models"));

    assertThat(Tenancy.embed(function, models, "hello").status()).isEqualTo(403);
    assertThat(Tenancy.post(function, models, "/v1/embedding", "{}").status()).isEqualTo(404);
    assertThat(Tenancy.get(function, models, "/rerank").status()).isEqualTo(405);
    Reply usage = Tenancy.get(function, all, "/v1/usage");
    assertThat(usage.json().at("/total/requests").asInt()).as(usage.text()).isEqualTo(3);
  }

  @Test
  void withoutAKeyNobodyLearnsWhichRoutesExist() {
    for (String path : List.of("/v1/embedding", Tenancy.PATH, "/v2/models/a/versions/x")) {
      Reply refused = function.send("GET", path, Map.of(), new byte[0]);
      assertThat(refused.status()).as(path).isEqualTo(401);
      assertThat(refused.header("www-authenticate")).isEqualTo("Bearer");
    }
    assertThat(function.send("GET", "/health", Map.of(), new byte[0]).status()).isEqualTo(200);
  }

  @Test
  void aTenantOverItsRateClaimsNoKey() {
    String key = tenancy.key("ada", "slow");
    for (int i = 0; i < 2; i++) {
      assertThat(claiming(key, UUID.randomUUID().toString(), Map.of()).status()).isEqualTo(200);
    }
    assertThat(claims()).as("an answered request claims its key").isPositive();
    tenancy.between.forgetCalls();

    Reply refused = claiming(key, UUID.randomUUID().toString(), Map.of());
    assertThat(refused.status()).isEqualTo(429);
    assertThat(claims()).isZero();
  }

  @Test
  void aTenantOverItsQuotaClaimsNoKeyAndIsNotCounted() {
    String key = tenancy.key("bob", "small");
    assertThat(claiming(key, "k-1", Map.of()).status()).isEqualTo(200);
    tenancy.between.forgetCalls();

    for (int i = 0; i < 3; i++) {
      Reply refused = claiming(key, UUID.randomUUID().toString(), Map.of());
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.json().at("/error/code").asText()).isEqualTo("insufficient_quota");
      assertThat(refused.header("x-should-retry")).isEqualTo("false");
      assertThat(refused.headers().has("retry-after-ms")).isFalse();
      assertThat(refused.headers().has(LEFT)).isFalse();
    }
    assertThat(claims()).isZero();
    assertThat(Tenancy.get(function, key, "/v1/models").header(LEFT)).isEqualTo("0");
    Reply both = claiming(key, "k-2", Map.of());
    assertThat(both.json().at("/error/code").asText()).isEqualTo("insufficient_quota");
  }

  @Test
  void aTenantOverItsRateLoadsNoModel() {
    String key = tenancy.key("ada", "slow");
    String operator = tenancy.key("bob", "open");
    for (int i = 0; i < 2; i++) {
      assertThat(Tenancy.get(function, key, "/v1/models").status()).isEqualTo(200);
    }
    assertThat(Tenancy.post(function, key, INFER, BODY).status()).isEqualTo(429);
    assertThat(loaded(function, operator)).doesNotContain("identity");

    assertThat(Tenancy.post(function, operator, INFER, BODY).status()).isEqualTo(200);
    assertThat(loaded(function, operator)).contains("identity");
    assertThat(Tenancy.post(function, key, INFER, BODY).status()).isEqualTo(429);
  }

  @Test
  void aRequestCountsOnceWhetherItsModelIsLoadedOrNot() {
    String key = tenancy.key("ada", "slow");
    assertThat(Tenancy.post(function, key, INFER, BODY).header(LEFT)).isEqualTo("1");
    assertThat(Tenancy.post(function, key, INFER, BODY).header(LEFT)).isEqualTo("0");
  }

  @Test
  void aKeyOfOtherModelsDoesNotLoadTheDefaultModel() {
    String all = tenancy.key("ada", "open");
    String other = tenancy.key("ada", "models", List.of("other"));
    String later = tenancy.key("ada", "models", List.of("later"));
    try (Harness missing = function("PILOTLIGHT_DEFAULT_MODEL", "later")) {
      // written now, because a start loads the default model
      var _ = new TestModels(root).with("later", OnnxModels.identity(Datatype.FP32, "n"));

      String body = "{\"input\":\"x\"}";
      Reply refused = Tenancy.post(missing, other, Tenancy.PATH, body);
      assertThat(refused.status()).as(refused.text()).isEqualTo(403);
      assertThat(loaded(missing, all)).doesNotContain("later");
      Reply allowed = Tenancy.post(missing, later, Tenancy.PATH, body);
      assertThat(allowed.status()).as(allowed.text()).isEqualTo(400);
      assertThat(loaded(missing, all)).contains("later");
    }
  }

  @Test
  void aKeyIsNotOfARequestWhoseAnswerAnotherHeaderChanges() {
    String key = tenancy.key("ada", "open");
    assertThat(claiming(key, "k-1", Map.of("user-agent", "curl/8.5")).status()).isEqualTo(200);

    Reply repeat = claiming(key, "k-1", Map.of("content-type", "application/json;charset=utf-8"));
    assertThat(repeat.header("idempotent-replayed")).isEqualTo("true");
    Map<String, String> mistral = Map.of("user-agent", "mistral-client-python/1.9");
    assertThat(claiming(key, "k-1", mistral).status()).isEqualTo(422);
    assertThat(claiming(key, "k-2", mistral).json().has("id")).isTrue();
  }

  private Reply claiming(String key, String idempotencyKey, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>();
    headers.put("authorization", "Bearer " + key);
    headers.put("content-type", "application/json");
    headers.put("idempotency-key", idempotencyKey);
    headers.putAll(more);
    byte[] body = "{\"input\":\"hello\"}".getBytes(StandardCharsets.UTF_8);
    return function.send("POST", Tenancy.PATH, headers, body);
  }

  private long claims() {
    return tenancy.between.calls().stream()
        .filter(call -> call.action().contains("PutItem") && call.body().contains("idempotency#"))
        .count();
  }

  private static String loaded(Harness environment, String key) {
    return Tenancy.post(environment, key, "/v2/repository/index", "{\"ready\":true}").text();
  }
}
