package dev.pilotlight.handler.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The counters of a tenant that is deleted and made again, in an environment that served both.
final class UsageOfDeletedTenantIT {
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
  void aTenantThatIsMadeAgainInTheMonthIsEnteredAgain() {
    String key = tenancy.key("twice", "pro");
    String month = "usage#" + YearMonth.now(ZoneOffset.UTC);
    String[] texts = IntStream.range(0, 100).mapToObj(i -> "text " + i % 2).toArray(String[]::new);
    try (Harness function = tenancy.function()) {
      for (int i = 0; i < 100; i++) {
        assertThat(Tenancy.embed(function, key, texts).status()).isEqualTo(200);
      }
      assertThat(tenancy.rows(month, "twice")).hasSize(1);
      tenancy.erase("counts#twice");
      tenancy.erase(month);
      for (int i = 0; i < 100; i++) {
        assertThat(Tenancy.embed(function, key, texts).status()).isEqualTo(200);
      }
      assertThat(tenancy.rows("counts#twice", "usage#")).isNotEmpty();
    }
    assertThat(tenancy.rows(month, "twice")).hasSize(1);
  }
}
