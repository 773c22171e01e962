package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.access.ClientRows;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.runtime.Between;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The counters and quotas of tenants whose batches run, with a real table.
final class BatchUsageIT {
  private static final String PLANS =
      """
      {"free":{},"ten":{"items_per_month":10},"money":{"usd_per_month":0.000000001}}""";

  @TempDir private Path models;

  @SuppressWarnings("NullAway.Init")
  private BatchFunction function;

  @SuppressWarnings("NullAway.Init")
  private ClientRows rows;

  @SuppressWarnings("NullAway.Init")
  private DynamoDbClient client;

  @BeforeEach
  void start() throws IOException {
    var _ = new TestModels(models).withClassifier("other");
    function =
        BatchFunction.withClassifier(
            models,
            TenantSettings.byFolder(
                "PILOTLIGHT_PLANS",
                PLANS,
                "PILOTLIGHT_BATCH_WINDOW_ITEMS",
                "4",
                "PILOTLIGHT_BATCH_CHECKPOINT_MS",
                "600000",
                "PILOTLIGHT_BATCH_LEASE_MS",
                "2000"));
    rows = new ClientRows(function.dynamo());
    client = function.dynamo().client();
  }

  @AfterEach
  void stop() {
    client.close();
    rows.close();
    function.close();
  }

  @Test
  void sumsEqualTheSummary() throws IOException {
    rows.plan("ada", "free");
    String lines = lines(6, "moods") + lines(6, "other") + lines(3, "moods") + "{\n";
    assertThat(function.send(function.put("ada/a.jsonl", lines))).containsExactly("done");
    requireSums("ada", function.json("ada/a.jsonl.summary.json"));
    Map<String, Long> month = sums("ada", "month#");
    assertThat(month)
        .containsEntry("requests", 16L)
        .containsEntry("items", 15L)
        .containsEntry("computed", 12L)
        .containsEntry("hits_memory", 3L);
    assertThat(places("ada"))
        .contains(
            "usage#" + today() + "#batch#moods",
            "usage#" + today() + "#batch#other",
            "usage#" + today() + "#batch#-");
    assertThat(query("usage#" + today().substring(0, 7), "ada")).hasSize(1);
    assertThat(sums("ada", "usage#" + today() + "#batch#moods")).containsEntry("items", 9L);
    requireLogged("ada");
  }

  @Test
  void aSecondEventCountsNothing() {
    rows.plan("ada", "free");
    Event event = function.put("ada/a.jsonl", lines(5, "moods"));
    assertThat(function.send(event)).containsExactly("done");
    Map<String, Long> before = sums("ada", "month#");
    assertThat(function.send(event)).containsExactly("done-before");
    assertThat(sums("ada", "month#")).isEqualTo(before);
  }

  @Test
  void windowsThatRunAgainCountOnce() {
    rows.plan("ada", "ten");
    Event event = function.put("ada/a.jsonl", lines(40, "moods"));
    assertThatThrownBy(() -> function.send(event)).isInstanceOf(BatchException.QuotaUsedUp.class);
    long used = number(sums("ada", "month#"), "items");
    assertThat(used).isBetween(10L, 22L);
    rows.plan("ada", "free");
    // all windows after the checkpoint run, and their answers are lost
    function
        .between()
        .rule(
            call ->
                call.method().equals("PUT") && call.uri().getPath().endsWith(".out.jsonl")
                    ? new Between.Fate.Fail(403, "<Error><Code>AccessDenied</Code></Error>")
                    : new Between.Fate.Pass());
    assertThatThrownBy(() -> function.send(event)).isInstanceOf(BatchException.Misconfigured.class);
    assertThat(number(sums("ada", "month#"), "items")).isEqualTo(used);
    function.passAll();
    assertThat(function.send(event)).containsExactly("done");
    JsonNode summary = function.json("ada/a.jsonl.summary.json");
    assertThat(summary.path("invocations").asInt()).isEqualTo(3);
    requireSums("ada", summary);
    assertThat(sums("ada", "month#")).containsEntry("items", 40L);
  }

  @Test
  void aBatchThatBeginsAgainCountsEachLineOnce() {
    rows.plan("ada", "free");
    Event event = function.put("ada/a.jsonl", lines(8, "moods"));
    assertThat(function.send(event)).containsExactly("done");
    // as if it had been killed while it was published, and its upload deleted
    function.kill("ada/a.jsonl");
    for (String key : List.of("ada/a.jsonl.out.jsonl", "ada/a.jsonl.summary.json")) {
      var _ = function.s3().deleteObject(delete -> delete.bucket(BatchFunction.OUT).key(key));
    }
    assertThat(function.send(event)).containsExactly("done");
    requireSums("ada", function.json("ada/a.jsonl.summary.json"));
    assertThat(sums("ada", "month#")).containsEntry("items", 8L);
  }

  @Test
  void aBatchStopsAtTheQuotaAndContinuesInTheNextMonth() {
    rows.plan("ada", "ten");
    Event event = function.put("ada/a.jsonl", lines(30, "moods"));
    assertThatThrownBy(() -> function.send(event))
        .isInstanceOf(BatchException.QuotaUsedUp.class)
        .hasMessageContaining("plan ten allows 10 items in a calendar month");
    long used = number(sums("ada", "month#"), "items");
    assertThat(used).as("three windows of four lines more at most").isBetween(10L, 22L);
    JsonNode failed = function.json("ada/a.jsonl.failed.json");
    assertThat(failed.path("final").asBoolean()).isFalse();
    assertThat(failed.path("reason").asText()).contains("allows 10 items", "next month");
    assertThat(failed.path("lines").asLong()).isEqualTo(used);
    assertThat(function.output("ada/a.jsonl.out.jsonl")).isEmpty();

    Event later = function.put("ada/b.jsonl", lines(1, "moods"));
    assertThatThrownBy(() -> function.send(later)).isInstanceOf(BatchException.QuotaUsedUp.class);
    assertThat(number(sums("ada", "month#"), "items")).isEqualTo(used);

    rows.plan("ada", "free"); // as the next month would
    assertThat(function.send(event)).containsExactly("done");
    String out = function.output("ada/a.jsonl.out.jsonl").orElseThrow();
    assertThat(out.lines().map(BatchUsageIT::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 30).boxed().toList());
    requireSums("ada", function.json("ada/a.jsonl.summary.json"));
    assertThat(number(sums("ada", "month#"), "items")).isEqualTo(30);
  }

  @Test
  void theQuotaInMoneyHoldsForBatchesTooAndBetweenCheckpoints() throws IOException {
    rows.plan("ada", "money");
    Event event = function.put("ada/a.jsonl", lines(30, "moods"));
    assertThatThrownBy(() -> function.send(event))
        .isInstanceOf(BatchException.QuotaUsedUp.class)
        .hasMessageContaining("USD");
    assertThat(function.json("ada/a.jsonl.failed.json").path("lines").asLong()).isLessThan(30);
  }

  @Test
  void aTenantWithAnUnknownPlanIsRefusedUntilItIsCorrected() {
    rows.plan("ada", "gold");
    Event event = function.put("ada/a.jsonl", lines(1, "moods"));
    assertThatThrownBy(() -> function.send(event))
        .isInstanceOf(BatchException.Misconfigured.class)
        .hasMessageContaining("gold");
    rows.plan("ada", "free");
    assertThat(function.send(event)).containsExactly("done");
  }

  @Test
  void anObjectThatCannotBeReadCostsItsTenantSomething() throws IOException {
    rows.plan("ada", "free");
    byte[] broken = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3};
    Event event = function.put("ada/a.jsonl.gz", broken, Map.of());
    assertThatThrownBy(() -> function.send(event)).isInstanceOf(BatchException.Unreadable.class);
    assertThat(number(sums("ada", "month#"), "usd_nano")).isPositive();
    assertThat(sums("ada", "month#")).doesNotContainKey("items");
    requireLogged("ada");
  }

  private void requireSums(String tenant, JsonNode summary) {
    Map<String, Long> month = sums(tenant, "month#");
    assertThat(sums(tenant, "usage#")).isEqualTo(month);
    assertThat(number(month, "requests")).isEqualTo(summary.path("lines").asLong());
    assertThat(number(month, "items")).isEqualTo(summary.path("items").asLong()).isPositive();
    assertThat(number(month, "tokens")).isEqualTo(summary.path("tokens").asLong()).isPositive();
    assertThat(number(month, "computed")).isEqualTo(summary.path("runs").asLong());
    assertThat(
            number(month, "hits_memory")
                + number(month, "hits_redis")
                + number(month, "hits_store"))
        .isEqualTo(summary.path("hits").asLong());
    double usd = summary.path("estimated_cost_usd").asDouble();
    assertThat(number(month, "usd_nano") / 1e9)
        .isPositive()
        .isCloseTo(usd, within(Math.max(1e-9, usd * 1e-5)));
  }

  /// The number of a line in the output.
  private static int number(String line) {
    try {
      return Harness.JSON.readTree(line).path("line").asInt();
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private static long number(Map<String, Long> sums, String name) {
    return Objects.requireNonNullElse(sums.get(name), 0L);
  }

  private static String lines(int count, String model) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"text\":\"text %d\",\"model\":\"%s\"}\n".formatted(i, model))
        .collect(Collectors.joining());
  }

  private void requireLogged(String tenant) throws IOException {
    long nanoUsd = 0;
    long items = 0;
    for (String line : function.log()) {
      if (line.contains("\"message\":\"usage\"")) {
        JsonNode json = Harness.JSON.readTree(line);
        assertThat(json.path("tenant").asText()).isEqualTo(tenant);
        nanoUsd += json.path("usd_nano").asLong();
        items += json.path("items").asLong();
      }
    }
    assertThat(nanoUsd).isPositive().isEqualTo(sums(tenant, "month#").get("usd_nano"));
    assertThat(items).isEqualTo(number(sums(tenant, "month#"), "items"));
  }

  private List<String> places(String tenant) {
    return query("counts#" + tenant, "usage#").stream()
        .map(row -> Objects.requireNonNull(row.get("sk")).s())
        .toList();
  }

  private List<Map<String, AttributeValue>> query(String partition, String sort) {
    return client
        .query(
            query ->
                query
                    .tableName(ClientRows.TABLE)
                    .keyConditionExpression("pk = :pk AND begins_with(sk, :sk)")
                    .expressionAttributeValues(Map.of(":pk", fromS(partition), ":sk", fromS(sort))))
        .items();
  }

  private Map<String, Long> sums(String tenant, String sort) {
    Map<String, Long> sums = new TreeMap<>();
    for (Map<String, AttributeValue> row : query("counts#" + tenant, sort)) {
      Map<String, AttributeValue> numbers = new HashMap<>(row);
      numbers.keySet().removeAll(List.of("pk", "sk", "expires_at"));
      numbers.forEach((name, value) -> sums.merge(name, Long.parseLong(value.n()), Long::sum));
    }
    sums.values().removeIf(value -> value == 0);
    return sums;
  }

  private static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }
}
