package dev.pilotlight.handler.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import java.net.URI;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The counters of tenants' use, by the whole function with a real table.
final class UsageIT {
  private static final String[] FUNCTION = {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769"};

  @SuppressWarnings("NullAway.Init")
  private static Tenancy tenancy;

  @BeforeAll
  static void start() throws Exception {
    tenancy = new Tenancy();
  }

  @AfterAll
  static void stop() {
    tenancy.close();
  }

  @BeforeEach
  void forget() {
    tenancy.forget();
  }

  /// The traffic has two functions, two keys, hits, runs, mistakes and other requests.
  @Test
  void sumsEqualTheCostHeadersAndTheMetricsOfTheSameTraffic() {
    String one = tenancy.key("cost", "pro");
    String two = tenancy.key("cost", "pro");
    List<Harness.Reply> replies = new ArrayList<>();
    try (Harness first = tenancy.function(FUNCTION);
        Harness second = tenancy.function(FUNCTION)) {
      for (Harness function : List.of(first, second)) {
        replies.add(Tenancy.embed(function, one, "hello", "world", "hello"));
        replies.add(Tenancy.embed(function, two, "hello"));
        replies.add(Tenancy.embed(function, two, "x"));
        replies.add(Tenancy.post(function, one, Tenancy.PATH, "{"));
        replies.add(Tenancy.get(function, one, "/v1/models"));
      }
    }
    double headers = replies.stream().mapToDouble(reply -> Double.parseDouble(cost(reply))).sum();
    double metrics = metric(line -> line.path("EstimatedCost").asDouble());
    Map<String, Long> month = Tenancy.sums(tenancy.rows("counts#cost", "month#"));
    Map<String, Long> days = Tenancy.sums(tenancy.rows("counts#cost", "usage#"));
    assertThat(days).isEqualTo(month);
    double usd = Objects.requireNonNull(month.get("usd_nano")) / 1e9;
    assertThat(usd)
        .as("each is rounded to a billionth of a USD")
        .isCloseTo(headers, within(replies.size() * 0.6e-9))
        .isCloseTo(metrics, within(1e-8));

    assertThat(month.get("requests")).isEqualTo(10);
    assertThat(month.get("items"))
        .isEqualTo(10)
        .isEqualTo((long) metric(it -> it.path("Items").asLong()));
    assertThat(month.get("computed"))
        .isEqualTo((long) metric(it -> it.path("Inferences").asLong()))
        .isEqualTo(6);
    assertThat(month.get("hits_memory"))
        .isEqualTo((long) metric(it -> it.path("MemoryHits").asLong()))
        .isEqualTo(4);
    long tokens = 0;
    for (Harness.Reply reply : replies) {
      tokens += reply.json().at("/usage/total_tokens").asLong();
    }
    assertThat(month.get("tokens")).isEqualTo(tokens).isPositive();
    requireNoDimensionOf("cost", one, two);
    // two keys with the model, and one without
    assertThat(tenancy.rows("counts#cost", "usage#")).hasSize(3);
    assertThat(tenancy.rows("usage#" + today().substring(0, 7), "cost")).hasSize(1);
  }

  @Test
  void countersAreWrittenOnceInAThousandItemsAndCostAtMostTheTwentiethOfTheTraffic() {
    String key = tenancy.key("often", "pro");
    String[] texts = IntStream.range(0, 100).mapToObj(i -> "text " + i % 2).toArray(String[]::new);
    try (Harness function = tenancy.function()) {
      // without memory a request costs 0.0000012 USD, and two rows 0.00000125
      for (int i = 0; i < 84; i++) {
        assertThat(Tenancy.embed(function, key, texts).status()).isEqualTo(200);
      }
      long writes = tenancy.writes();
      assertThat(writes).isPositive();
      double traffic = 84 * 0.0000012;
      assertThat((writes - 3) * 0.000000625)
          .as("the first counters are written early, with the month's list of tenants")
          .isLessThanOrEqualTo(traffic * 0.05);
      assertThat(tenancy.lines("usage")).hasSize((int) writes / 2);
      JsonNode line = tenancy.lines("usage").get(1);
      assertThat(line.path("tenant").asText()).isEqualTo("often");
      assertThat(line.path("items").asLong()).isGreaterThanOrEqualTo(1_000);
      assertThat(line.path("requests").asLong()).isEqualTo(line.path("items").asLong() / 100);
      assertThat(line.path("usd_nano").asLong()).isPositive();
    }
  }

  @Test
  void aRequestOverTheRateCountsAndItsItemsDoNot() {
    String key = tenancy.key("over", "one");
    String plans = "{\"one\":{\"requests_per_second\":0.001,\"requests_burst\":1}}";
    try (Harness function = tenancy.function("PILOTLIGHT_PLANS", plans)) {
      assertThat(Tenancy.embed(function, key, "one").status()).isEqualTo(200);
      assertThat(Tenancy.embed(function, key, "one", "two").status()).isEqualTo(429);
    }
    assertThat(Tenancy.sums(tenancy.rows("counts#over", "month#")))
        .containsEntry("requests", 2L)
        .containsEntry("items", 1L);
    assertThat(metric(line -> line.path("Items").asLong())).isEqualTo(1);
  }

  @Test
  void aTenantSeesItsOwnUsageWithWhatIsNotWrittenYet() {
    String ada = tenancy.key("ada", "pro");
    String bob = tenancy.key("bob", "pro");
    try (Harness function = tenancy.function(FUNCTION)) {
      var _ = Tenancy.embed(function, bob, "secret");
      var _ = Tenancy.embed(function, ada, "hello", "hello");
      Harness.Reply page = Tenancy.get(function, ada, "/v1/usage");
      assertThat(page.status()).as(page.text()).isEqualTo(200);
      assertThat(page.json().path("tenant").asText()).isEqualTo("ada");
      JsonNode row = page.json().at("/data/0");
      assertThat(row.path("day").asText()).isEqualTo(today());
      assertThat(row.path("model").asText()).isEqualTo("all-minilm-l6-v2");
      assertThat(row.path("key_id").asText()).hasSize(8);
      assertThat(row.path("items").asInt()).isEqualTo(2);
      assertThat(row.path("computed").asInt()).isEqualTo(1);
      assertThat(row.at("/hits/memory").asInt()).isEqualTo(1);
      assertThat(row.path("estimated_cost_usd").asDouble()).isPositive();
      assertThat(page.json().at("/total/requests").asInt()).isEqualTo(1);
      assertThat(page.text()).doesNotContain("bob");
      assertThat(query(function, ada, "/v1/usage", "month=2026-13").status()).isEqualTo(400);
      Harness.Reply unknown = query(function, ada, "/v1/usage", "moth=2026-11");
      assertThat(unknown.json().at("/error/param").asText()).isEqualTo("moth");
      Harness.Reply old = query(function, ada, "/v1/usage", "month=2020-01");
      assertThat(old.status()).isEqualTo(400);
      assertThat(old.json().at("/error/message").asText()).contains("usage is kept for 400 days");
      String month = "month=" + YearMonth.now(ZoneOffset.UTC).minusMonths(12);
      assertThat(query(function, ada, "/v1/usage", month).json().path("data")).isEmpty();
      tenancy.put(Map.of("pk", fromS("counts#ada"), "sk", fromS("usage#" + today() + "#key")));
      Harness.Reply damaged = Tenancy.get(function, ada, "/v1/usage");
      assertThat(damaged.status()).isEqualTo(503);
      assertThat(damaged.json().at("/error/message").asText()).contains("cannot be read");
      assertThat(String.join("\n", tenancy.metrics().lines()))
          .contains("accepted: usage#<yyyy-mm-dd>#<key id>#<model>");
    }
  }

  @Test
  void onlyTheOperatorSeesTheUsageOfAll() {
    String ada = tenancy.key("eve", "pro");
    String root = tenancy.key("root", "pro");
    String path = "/v1/organization/usage/embeddings";
    long start = LocalDate.now(ZoneOffset.UTC).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    try (Harness function = tenancy.function("PILOTLIGHT_OPERATOR_TENANT", "root")) {
      int tokens = Tenancy.embed(function, ada, "hello").json().at("/usage/total_tokens").asInt();
      var _ = Tenancy.embed(function, root, "hello");
      assertThat(query(function, ada, path, "start_time=" + start).status()).isEqualTo(403);
      String both = "start_time=" + start + "&project_ids=eve,root";
      JsonNode all = query(function, root, path, both).json();
      assertThat(all.at("/data/0/results")).hasSize(1);
      assertThat(all.at("/data/0/results/0/input_tokens").asInt()).isEqualTo(2 * tokens);
      assertThat(all.at("/data/0/results/0/project_id").isNull()).isTrue();
      assertThat(all.path("has_more").asBoolean(true)).isFalse();
      JsonNode each =
          query(
                  function,
                  root,
                  path,
                  "start_time=" + start + "&group_by%5B%5D=project_id&project_ids%5B%5D=eve")
              .json();
      assertThat(each.at("/data/0/results")).hasSize(1);
      assertThat(each.at("/data/0/results/0/project_id").asText()).isEqualTo("eve");
      assertThat(each.at("/data/0/results/0/num_model_requests").asInt()).isEqualTo(1);
      Harness.Reply hours = query(function, root, path, "start_time=0&bucket_width=1h");
      assertThat(hours.json().at("/error/param").asText()).isEqualTo("bucket_width");
    }
  }

  /// CloudWatch bills each value of a dimension as a metric, so tenants and keys must not be one.
  private static void requireNoDimensionOf(String tenant, String... keys) {
    assertThat(tenancy.metrics().all()).isNotEmpty();
    for (JsonNode line : tenancy.metrics().all()) {
      for (JsonNode directive : line.at("/_aws/CloudWatchMetrics")) {
        assertThat(directive.path("Dimensions")).isNotEmpty();
        for (JsonNode set : directive.path("Dimensions")) {
          for (JsonNode name : set) {
            assertThat(name.asText()).isNotEqualToIgnoringCase("tenant").isNotEqualTo("key");
            assertThat(line.path(name.asText()).asText())
                .isNotEqualTo(tenant)
                .isNotIn((Object[]) keys);
          }
        }
      }
    }
  }

  private static Harness.Reply query(Harness function, String key, String path, String query) {
    return Tenancy.send(
        function,
        "GET",
        URI.create(path + "?" + query),
        Map.of("authorization", "Bearer " + key),
        new byte[0]);
  }

  private static String cost(Harness.Reply reply) {
    return reply.header("pilotlight-cost-usd");
  }

  private static double metric(ToDoubleFunction<JsonNode> value) {
    return tenancy.metrics().all().stream().mapToDouble(value).sum();
  }

  private static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }
}
