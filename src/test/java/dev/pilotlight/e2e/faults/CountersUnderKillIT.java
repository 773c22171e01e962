package dev.pilotlight.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.access.ClientRows;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.Soak;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Environments are killed by SIGKILL at random moments while clients of two tenants send. The
/// counters and the quota of a month stay within the bounds of docs/limits.md.
@Order(1)
@Timeout(1_800)
@OnlyInFaults
final class CountersUnderKillIT {
  private static final String TABLE = "pilotlight-clients";
  private static final int KILLS = Soak.amount(2, 60);
  private static final int CLIENTS_EACH = 2;
  private static final int ENVIRONMENTS = 2;
  private static final long QUOTA = 100;
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration TIME_MAX = Duration.ofMinutes(Soak.amount(2, 20));

  /// An environment has written all but this, of one key and one model.
  private static final double USD_UNWRITTEN = 0.00004;

  private static final String PLANS =
      "{\"small\":{\"items_per_month\":" + QUOTA + "},\"large\":{\"items_per_month\":100000000}}";

  private final Random random = new Random();

  @Test
  void countersAndQuotasStayWithinTheirBounds() throws Exception {
    Options options =
        Options.onFreePorts()
            .withKeys()
            .withEnvironmentsMax(ENVIRONMENTS)
            .withVariable("PILOTLIGHT_PLANS", PLANS)
            .withVariable("PILOTLIGHT_USAGE_SECONDS", Long.toString(PERIOD.toSeconds()));
    try (LocalStack stack = LocalStack.start(options);
        ClientRows rows = new ClientRows(stack.dynamo(), TABLE)) {
      Senders large = senders(stack, rows, "large");
      Senders small = senders(stack, rows, "small");
      int ended = killWhileSending(stack, large, small);
      Thread.sleep(500); // DynamoDB may still take what a killed environment has sent

      System.out.printf("%d ended; large: %s; small: %s%n", ended, large, small);
      requireCounted(stack, "large", large, ended);
      requireCounted(stack, "small", small, ended);
      assertThat(large.refused()).isZero();
      assertThat(small.refused()).isPositive();
      assertThat(small.answered())
          .as("what the quota lets through when %s", small)
          .isBetween(QUOTA, throughQuota(small, ended));
    }
  }

  /// Returns how many environments there were. All are killed, at last those that are left.
  private int killWhileSending(LocalStack stack, Senders large, Senders small)
      throws InterruptedException {
    int killed = 0;
    long end = System.nanoTime() + TIME_MAX.toNanos();
    try {
      large.start(CLIENTS_EACH);
      small.start(CLIENTS_EACH);
      while (killed < KILLS || !isEnough(killed + ENVIRONMENTS, large, small)) {
        assertThat(System.nanoTime()).as("large: %s; small: %s", large, small).isLessThan(end);
        Thread.sleep(killed < KILLS ? 500 + random.nextInt(2_000) : 100);
        killed += killed < KILLS ? stack.kill("ApiFunction", 1) : 0;
      }
    } finally {
      large.stop();
      small.stop();
    }
    int left = stack.environments();
    stack.killFunction();
    return killed + left;
  }

  /// Whether the clients have sent more than the bounds would hide.
  private static boolean isEnough(int ended, Senders large, Senders small) {
    return large.answered() > 2L * ended * unwritten(large)
        && small.asked() > 1.2 * throughQuota(small, ended);
  }

  /// What one environment loses at most: the traffic of a period, or that of a cost, and the
  /// request under way.
  private static long unwritten(Senders tenant) {
    long ofCost = (long) Math.ceil(USD_UNWRITTEN / tenant.leastUsd());
    return Math.max(tenant.mostWithin(PERIOD), ofCost) + 1;
  }

  private static long throughQuota(Senders tenant, int ended) {
    return QUOTA + ended * (tenant.mostWithin(PERIOD) + unwritten(tenant));
  }

  private static void requireCounted(LocalStack stack, String name, Senders tenant, int ended) {
    assertThat(tenant.faults()).isEmpty();
    long days = items(stack, name, "usage#");
    long month = items(stack, name, "month#");
    System.out.printf(
        "%s: days %d, month %d, bound %d%n", name, days, month, ended * unwritten(tenant));
    assertThat(days)
        .as("%s: no more than was sent, and all but the bound: %s", name, tenant)
        .isBetween(
            tenant.answered() - ended * unwritten(tenant), tenant.answered() + tenant.unanswered());
    assertThat(month)
        .as("the month of %s has at most its days", name)
        .isBetween(tenant.answered() - ended * unwritten(tenant), days);
  }

  private static Senders senders(LocalStack stack, ClientRows rows, String plan) {
    rows.put(
        Map.of(
            "pk", fromS("tenant#" + plan),
            "sk", fromS("tenant"),
            "state", fromS("live"),
            "plan", fromS(plan)));
    return new Senders(stack.gatewayUrl(), rows.key(plan));
  }

  private static long items(LocalStack stack, String tenant, String rows) {
    try (DynamoDbClient client = stack.dynamo().client()) {
      return client
          .query(
              query ->
                  query
                      .tableName(TABLE)
                      .consistentRead(true)
                      .keyConditionExpression("pk = :pk AND begins_with(sk, :sk)")
                      .expressionAttributeValues(
                          Map.of(":pk", fromS("counts#" + tenant), ":sk", fromS(rows))))
          .items()
          .stream()
          .mapToLong(row -> Long.parseLong(row.getOrDefault("items", fromN("0")).n()))
          .sum();
    }
  }
}
