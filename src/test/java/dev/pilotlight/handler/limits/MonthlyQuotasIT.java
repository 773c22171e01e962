package dev.pilotlight.handler.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import java.math.BigDecimal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A month's quotas of tokens and of money, on requests; that of items is in [LimitedRequestsIT].
final class MonthlyQuotasIT {
  private static final String PLANS =
      """
      {"words": {"tokens_per_month": 10},
       "money": {"usd_per_month": 0.00002}}""";

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

  @Test
  void tokensOfAMonthAreRefusedOnceTheyAreUsed() {
    String key = tenancy.key("words", "words");
    long used = 0;
    try (Harness function = limited()) {
      for (int i = 0; used < 10; i++) {
        Harness.Reply answer = Tenancy.embed(function, key, "hello world " + i);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        used += answer.json().at("/usage/total_tokens").asLong();
      }
      requireRefused(
          Tenancy.embed(function, key, "more"),
          "plan words allows 10 tokens in a calendar month (UTC), and " + used + " are used");
    }
    try (Harness another = limited()) {
      assertThat(Tenancy.embed(another, key, "more").status()).isEqualTo(429);
    }
  }

  @Test
  void moneyOfAMonthIsRefusedOnceItIsUsed() {
    String key = tenancy.key("money", "money");
    BigDecimal quota = new BigDecimal("0.00002");
    BigDecimal used = BigDecimal.ZERO;
    try (Harness function = limited()) {
      for (int i = 0; used.compareTo(quota) < 0; i++) {
        Harness.Reply answer = Tenancy.embed(function, key, "hello world " + i);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        used = used.add(new BigDecimal(answer.header("pilotlight-cost-usd")));
      }
      requireRefused(
          Tenancy.embed(function, key, "more"),
          "plan money allows 0.0000200000 USD in a calendar month (UTC), and ");
      assertThat(Tenancy.get(function, key, "/v1/usage").status()).isEqualTo(200);
    }
    try (Harness another = limited()) {
      assertThat(Tenancy.embed(another, key, "more").status()).isEqualTo(429);
    }
  }

  private static void requireRefused(Harness.Reply refused, String message) {
    assertThat(refused.status()).as(refused.text()).isEqualTo(429);
    assertThat(refused.json().at("/error/code").asText()).isEqualTo("insufficient_quota");
    assertThat(refused.json().at("/error/message").asText()).contains(message);
    assertThat(refused.header("x-should-retry")).isEqualTo("false");
  }

  private static Harness limited() {
    return tenancy.function("PILOTLIGHT_PLANS", PLANS, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769");
  }
}
