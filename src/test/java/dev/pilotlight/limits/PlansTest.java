package dev.pilotlight.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.support.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlansTest {
  @TempDir private Path folder;

  @Test
  void everyFieldIsRead() {
    Plan plan =
        plan(
            """
            {"free": {"requests_per_second": 2.5, "requests_burst": 10, "tokens_per_second": 100,
             "items_per_month": 7, "tokens_per_month": 8, "usd_per_month": 2.000000001,
             "batches_at_once": 3}}""");
    assertThat(plan.batches()).isEqualTo(3);
    assertThat(plan.rates()).isEqualTo(new Rates(new Rate(2.5, 10), new Rate(100, 100)));
    assertThat(plan.quota()).isEqualTo(new Plan.Quota(7, 8, 2_000_000_001L));
  }

  @Test
  void absentFieldsAreNotLimited() {
    Plan none = plan("{\"free\": {}}");
    assertThat(none.rates()).isNull();
    assertThat(none.quota()).isNull();
    assertThat(none.batches()).isEqualTo(Plan.ANY);
    Plan items = plan("{\"free\": {\"items_per_month\": 0}}");
    assertThat(items.quota()).isEqualTo(new Plan.Quota(0, Long.MAX_VALUE, Long.MAX_VALUE));
    assertThat(
            Objects.requireNonNull(plan("{\"free\": {\"tokens_per_second\": 1}}").rates())
                .requests())
        .isNull();
  }

  @Test
  void aTenantWithoutAPlanHasTheStandardOneAndAnUnknownNameHasNone() {
    Plans plans = read("{\"free\": {}, \"pro\": {}}");
    assertThat(Objects.requireNonNull(plans.of("")).name()).isEqualTo("free");
    assertThat(Objects.requireNonNull(plans.of("pro")).name()).isEqualTo("pro");
    assertThat(plans.of("gold")).isNull();
    assertThat(read("{\"pro\": {}}").of("")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | test has no plan",
        "[] | test is not a JSON object of plans",
        "{\"free\": {}} x | test is not valid JSON",
        "{\"free\": {}, \"free\": {}} | test is not valid JSON, or has a name twice",
        "{\"free\": {\"items_per_month\": 1, \"items_per_month\": 2}} | has a name twice",
        "{\"free\": 1} | test: plan free is not a JSON object",
        "{\"free\": {\"requests\": 1}} | free.requests is not known; accepted: batches_at_once",
        "{\"free\": {\"requests_per_second\": \"5\"}} | requests_per_second; accepted: a number",
        "{\"free\": {\"requests_per_second\": 0}} | is 0; accepted: 0.001 to 10000000",
        "{\"free\": {\"requests_per_second\": 1e8}} | is 100000000; accepted: 0.001 to 10000000",
        "{\"free\": {\"requests_burst\": 5}} | requests_burst is 5; accepted: requests_per_second",
        "{\"free\": {\"requests_per_second\": 1, \"requests_burst\": 1.5}} | a whole number",
        "{\"free\": {\"requests_per_second\": 0.001, \"requests_burst\": 100}} | gives in a day",
        "{\"free\": {\"items_per_month\": 1.5}} | items_per_month is 1.5; accepted: a whole number",
        "{\"free\": {\"usd_per_month\": 0.0000000001}} | at most nine decimal places",
        "{\"free\": {\"usd_per_month\": -1}} | usd_per_month is -1; accepted: 0 to 1000000000",
        "{\" \": {}} | test: a plan's name has 1 to 64 characters",
      },
      quoteCharacter = '`')
  void aMistakeIsRefusedByName(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message.strip());
  }

  @Test
  void theSettingTakesTheStandardPlansAFileOrTheirJson() throws Exception {
    assertThat(settings("off").areOn()).isFalse();
    assertThat(settings("default").read().names()).isEqualTo("free, pro, unlimited");
    assertThat(settings("{\"one\": {}}").read().names()).isEqualTo("one");
    Path file = folder.resolve("plans.json");
    Files.writeString(file, "{\"two\": {}}");
    assertThat(settings(file.toString()).read().names()).isEqualTo("two");
    assertThatThrownBy(() -> settings(folder.resolve("none.json").toString()).read())
        .hasMessageContaining("PILOTLIGHT_PLANS is '")
        .hasMessageContaining("cannot be read");
  }

  private static LimitSettings settings(String plans) {
    return LimitSettings.from(new Settings(Map.of("PILOTLIGHT_PLANS", plans)));
  }

  private static Plan plan(String json) {
    return Objects.requireNonNull(read(json).of("free"));
  }

  private static Plans read(String json) {
    return Plans.read(json.getBytes(StandardCharsets.UTF_8), "test");
  }
}
