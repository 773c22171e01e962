package dev.pilotlight.handler.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.local.redis.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import redis.clients.jedis.Jedis;

/// Limits of the whole function, with a real table and a real Redis.
@Order(1)
@Isolated("it measures rates")
final class LimitedRequestsIT {
  private static final String PLANS =
      """
      {"free": {"requests_per_second": 1, "requests_burst": 2},
       "slow": {"requests_per_second": 0.02, "requests_burst": 2},
       "fast": {"requests_per_second": 20, "requests_burst": 20},
       "wordy": {"tokens_per_second": 0.1, "tokens_burst": 20},
       "small": {"items_per_month": 3},
       "wide": {"requests_per_second": 1000, "requests_burst": 1000},
       "open": {}}""";

  private static final Pattern EXPOSED = Pattern.compile("ExposeHeaders:((?:\\s+- [a-z-]+)+)");

  @SuppressWarnings("NullAway.Init")
  private static Tenancy tenancy;

  @SuppressWarnings("NullAway.Init")
  private static RedisServer redis;

  @SuppressWarnings("NullAway.Init")
  private static Harness function;

  @BeforeAll
  static void start() throws Exception {
    tenancy = new Tenancy();
    redis = RedisServer.start(0);
    function = limited();
    tenancy.warm(function);
  }

  @AfterAll
  static void stop() {
    function.close();
    tenancy.close();
    redis.close();
  }

  @Test
  void aRefusedCallerIsAdmittedAfterTheTimeInTheHeader() throws Exception {
    String key = "";
    List<Harness.Reply> replies = List.of();
    boolean inASecond = false;
    for (int i = 0; !inASecond && i < 20; i++) { // a slow machine takes longer at times
      key = tenancy.key("waits" + i, "free");
      long begun = System.nanoTime();
      replies =
          List.of(
              Tenancy.embed(function, key, "hello"),
              Tenancy.embed(function, key, "hello"),
              Tenancy.embed(function, key, "hello"));
      inASecond = System.nanoTime() - begun < 900_000_000;
    }
    Harness.Reply first = replies.getFirst();
    assertThat(first.status()).as(first.text()).isEqualTo(200);
    assertThat(first.header("ratelimit-policy")).isEqualTo("\"requests\";q=2;w=2");
    assertThat(first.header("ratelimit")).isEqualTo("\"requests\";r=1;t=1");
    assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("2");
    assertThat(first.header("x-ratelimit-remaining-requests")).isEqualTo("1");
    assertThat(first.header("x-ratelimit-reset-requests")).isEqualTo("1s");
    assertThat(first.headers().has("x-ratelimit-limit-tokens")).isFalse();

    assertThat(replies.get(1).status()).isEqualTo(200);
    Harness.Reply refused = replies.getLast();
    assertThat(refused.status()).as(refused.text()).isEqualTo(429);
    assertThat(refused.json().at("/error/type").asText()).isEqualTo("rate_limit_error");
    assertThat(refused.json().at("/error/code").asText()).isEqualTo("rate_limit_exceeded");
    assertThat(refused.json().at("/error/message").asText())
        .contains("plan free allows 1 requests per second and 2 at once");
    assertThat(refused.header("retry-after")).isEqualTo("1");
    assertThat(refused.header("x-ratelimit-remaining-requests")).isEqualTo("0");
    assertThat(refused.header("ratelimit")).isEqualTo("\"requests\";r=0;t=1");

    Thread.sleep(Long.parseLong(refused.header("retry-after-ms")));
    assertThat(Tenancy.embed(function, key, "hello").status()).isEqualTo(200);
  }

  @Test
  void eachDoorRefusesInItsOwnShapeAndEveryAnswerHasTheHeaders() {
    requireRefused("/v1/embeddings", "{\"input\":\"x\"}", "/error/message");
    requireRefused("/embed", "{\"inputs\":\"x\"}", "/error_type");
    requireRefused(
        "/v2/embed",
        "{\"texts\":[\"x\"],\"input_type\":\"classification\",\"model\":\"all-minilm-l6-v2\"}",
        "/message");
    requireRefused("/v2/models/all-minilm-l6-v2/infer", "{\"inputs\":[]}", "/error");
    requireRefused("/tokenize", "{\"inputs\":\"x\"}", "/error_type");
  }

  private static void requireRefused(String path, String body, String field) {
    String key = tenancy.key("shape" + path.replace('/', '-').toLowerCase(Locale.ROOT), "slow");
    for (int i = 1; i >= 0; i--) {
      Harness.Reply answer = Tenancy.post(function, key, path, body);
      assertThat(answer.status()).as(path + answer.text()).isNotEqualTo(429);
      assertThat(answer.header("x-ratelimit-remaining-requests"))
          .as(path + answer.text())
          .isEqualTo(Integer.toString(i));
    }
    Harness.Reply refused = Tenancy.post(function, key, path, body);
    assertThat(refused.status()).as(path + refused.text()).isEqualTo(429);
    assertThat(refused.json().at(field).isTextual()).as(path + refused.text()).isTrue();
    assertThat(refused.header("x-ratelimit-remaining-requests")).isEqualTo("0");
  }

  @Test
  void everyRequestCountsOnceWhateverItsAnswerIs() {
    String key = tenancy.key("counts", "slow");
    Harness.Reply invalid = Tenancy.post(function, key, Tenancy.PATH, "{");
    assertThat(invalid.status()).isEqualTo(400);
    assertThat(invalid.header("x-ratelimit-remaining-requests")).isEqualTo("1");
    Harness.Reply list = Tenancy.get(function, key, "/v1/models");
    assertThat(list.header("x-ratelimit-remaining-requests")).isEqualTo("0");
    assertThat(Tenancy.post(function, key, Tenancy.PATH, "{").status()).isEqualTo(429);
    assertThat(Tenancy.get(function, key, "/v2/health/live").status()).isEqualTo(200);
  }

  @Test
  void pagesMayReadEveryHeaderOfTheseAnswers() throws Exception {
    String key = tenancy.key("page", "slow");
    Set<String> sent = new TreeSet<>();
    for (int status : new int[] {200, 200, 429}) {
      Harness.Reply answer = Tenancy.embed(function, key, "hello");
      assertThat(answer.status()).isEqualTo(status);
      answer.headers().fieldNames().forEachRemaining(sent::add);
    }
    assertThat(sent).contains("x-should-retry", "retry-after-ms", "x-request-id");
    sent.remove("content-type"); // every page may read it
    Matcher lists = EXPOSED.matcher(Files.readString(Path.of("template.yaml")));
    int doors = 0;
    for (; lists.find(); doors++) {
      assertThat(lists.group(1).strip().split("\\s*- ", -1)).containsAll(sent);
    }
    assertThat(doors).isEqualTo(2);
  }

  @Test
  void aSequenceOfRequestsOvershootsItsTokensByOneRequest() {
    String key = tenancy.key("wordy", "wordy");
    String[] ten = new String[10];
    for (int i = 0; i < ten.length; i++) {
      ten[i] = "hello world " + i;
    }
    Harness.Reply first = Tenancy.embed(function, key, "hello world");
    assertThat(first.status()).as(first.text()).isEqualTo(200);
    assertThat(first.header("x-ratelimit-remaining-tokens")).as("charged later").isEqualTo("20");
    Harness.Reply hit = Tenancy.embed(function, key, "hello world");
    assertThat(hit.header("cache-status")).startsWith("pilotlight; hit");
    int after = Integer.parseInt(hit.header("x-ratelimit-remaining-tokens"));
    assertThat(after).as("four tokens were charged").isEqualTo(16);
    Harness.Reply large = Tenancy.embed(function, key, ten);
    assertThat(Integer.parseInt(large.header("x-ratelimit-remaining-tokens")))
        .as("those of a hit, too")
        .isEqualTo(12);
    assertThat(large.status()).as("admitted while a token is left").isEqualTo(200);
    int used = large.json().at("/usage/total_tokens").asInt();
    assertThat(used).isGreaterThan(40);
    Harness.Reply refused = Tenancy.embed(function, key, "hello world");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json().at("/error/message").asText()).contains("tokens per second");
    int wait = Integer.parseInt(refused.header("retry-after"));
    int overshoot = used - 12;
    assertThat(wait).as("until the overshoot is paid").isBetween(10, (overshoot + 1) * 10);
  }

  @Test
  void withoutRedisEachFunctionAdmitsItsShare() throws Exception {
    try (RedisServer other = RedisServer.start(0);
        Harness alone =
            tenancy.function(
                "PILOTLIGHT_PLANS",
                PLANS,
                "PILOTLIGHT_REDIS",
                other.url(),
                "PILOTLIGHT_LIMITS_ENVIRONMENTS",
                "5")) {
      String key = tenancy.key("share", "fast");
      Harness.Reply by = Tenancy.embed(alone, key, "hello");
      assertThat(by.header("x-ratelimit-limit-requests")).as("by Redis").isEqualTo("20");
      other.stop();
      long begun = System.nanoTime();
      Harness.Reply first = Tenancy.embed(alone, key, "hello");
      assertThat(first.status()).as(first.text()).isEqualTo(200);
      assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("4");
      int admitted = 1;
      while (admitted < 12 && System.nanoTime() - begun < 60_000_000_000L) {
        admitted += Tenancy.embed(alone, key, "hello").status() == 200 ? 1 : 0;
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      assertThat((double) admitted)
          .as("a burst of 4, and 4 a second")
          .isBetween(12.0, 4.1 + 4 * seconds);
    }
  }

  @Test
  void aMonthsQuotaIsRefusedUntilTheNextMonthAndUsageIsStillShown() {
    String key = tenancy.key("small", "small");
    try (Harness first = limited()) {
      assertThat(Tenancy.embed(first, key, "one", "two").status()).isEqualTo(200);
      Harness.Reply over = Tenancy.embed(first, key, "three", "four");
      assertThat(over.status()).as("admitted while an item is left").isEqualTo(200);
      Harness.Reply refused = Tenancy.embed(first, key, "five");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.json().at("/error/code").asText()).isEqualTo("insufficient_quota");
      assertThat(refused.json().at("/error/message").asText())
          .contains("plan small allows 3 items in a calendar month (UTC), and 4 are used");
      assertThat(refused.header("x-should-retry")).isEqualTo("false");
      assertThat(Long.parseLong(refused.header("retry-after"))).isBetween(1L, 31L * 86_400);
      assertThat(Tenancy.get(first, key, "/v1/usage").status()).isEqualTo(200);
    }
    // what the first has written when it ended
    try (Harness another = limited()) {
      assertThat(Tenancy.embed(another, key, "five").status()).isEqualTo(429);
    }
  }

  @Test
  void anUnknownPlanIsRefusedAndLogged() {
    String key = tenancy.key("mistake", "gold");
    Harness.Reply refused = Tenancy.embed(function, key, "hello");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().at("/error/message").asText())
        .contains("the plan of this tenant is not known here: gold");
    assertThat(String.join("\n", tenancy.metrics().lines()))
        .contains("\"tenant\":\"mistake\",\"plan\":\"gold\",\"known\":\"fast, free, open,");
  }

  @Test
  void withoutPlansNothingIsAskedAndNoHeaderIsAdded() throws Exception {
    String key = tenancy.key("nothing", "gold");
    try (RedisServer other = RedisServer.start(0);
        Harness unlimited = tenancy.function("PILOTLIGHT_REDIS", other.url())) {
      Harness.Reply answer = Tenancy.embed(unlimited, key, "hello");
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(answer.headers().has("ratelimit")).isFalse();
      assertThat(answer.headers().has("x-ratelimit-limit-requests")).isFalse();
      try (Jedis jedis = other.jedis()) {
        assertThat(jedis.info("commandstats")).doesNotContain("eval");
      }
    }
  }

  private static Harness limited() {
    return tenancy.limited(PLANS, redis);
  }
}
