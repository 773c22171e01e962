package dev.pilotlight.protocol.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.Requests;
import java.io.IOException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The queries of the pages of usage, and the page of an organization.
final class UsageQueriesTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-11-29");
  private static final long NOVEMBER = 1_793_491_200;

  @Test
  void aTenantAsksForAMonthOrForDays() {
    assertThat(own("")).isEqualTo(days("2026-11-01", "2026-11-30"));
    assertThat(own("month=2026-02")).isEqualTo(days("2026-02-01", "2026-02-28"));
    assertThat(own("start=2026-11-03&end=2026-11-05")).isEqualTo(days("2026-11-03", "2026-11-05"));
    assertThat(own("start=2026-11-03")).isEqualTo(days("2026-11-03", "2026-11-29"));
  }

  @ParameterizedTest
  @CsvSource({
    "month=2026, month",
    "month=2026-11&end=2026-11-05, month",
    "end=2026-11-05, start",
    "start=yesterday, start",
    "start=2026-11-05&end=2026-11-04, end",
    "start=2025-11-05&end=2026-11-06, start",
    "start=2026-11-30, start",
    "month=2025-10, month",
    "start=2025-10-25&end=2025-10-31, start",
    "day=2026-11-05, day"
  })
  void aTenantsMistakeIsNamed(String query, String field) {
    assertThat(refused(() -> own(query))).isEqualTo(field);
  }

  @Test
  void aMistakeAboutDaysThatAreNoLongerKeptNamesTheFirstThatIs() {
    assertThatThrownBy(() -> own("month=2025-10"))
        .hasMessage(
            "month begins on 2025-10-01, and usage is kept for 400 days;"
                + " accepted: from 2025-10-26");
    assertThat(own("start=2025-10-26&end=2025-10-31")).isEqualTo(days("2025-10-26", "2025-10-31"));
  }

  @Test
  void anOrganizationsPageHasSevenDaysAndThenTheNext() {
    OrganizationQuery first = organization("start_time=" + NOVEMBER);
    assertThat(first.first()).isEqualTo(LocalDate.parse("2026-11-01"));
    assertThat(first.days()).isEqualTo(7);
    assertThat(first.nextPage()).isEqualTo("page_2026-11-08");
    OrganizationQuery last =
        organization("start_time=" + NOVEMBER + "&limit=31&page=page_2026-11-22");
    assertThat(last.days()).isEqualTo(8);
    assertThat(last.last()).isEqualTo(TODAY);
    assertThat(last.nextPage()).isNull();
    OrganizationQuery one =
        organization("start_time=" + (NOVEMBER + 7) + "&end_time=" + (NOVEMBER + 86_400));
    assertThat(one.days()).as("a part of a day is the day").isOne();
  }

  @ParameterizedTest
  @CsvSource({
    "'', start_time",
    "start_time=soon, start_time",
    "start_time=86400&end_time=86400, end_time",
    "start_time=5&bucket_width=1h, bucket_width",
    "start_time=5&limit=32, limit",
    "start_time=5&page=page_1960-01-01, page",
    "start_time=5&group_by=user_id, group_by",
    "start_time=5&user_ids=a, user_ids",
    "start_time=1800000000, start_time",
    "start_time=5, start_time",
    "start_time=5&project_ids=, project_ids",
    "'start_time=5&api_key_ids[]=k,', api_key_ids",
    "'start_time=5&models=,m', models",
    "start_time=5&group_by=, group_by",
    "start_time=5&admin=true, admin"
  })
  void anOrganizationsMistakeIsNamed(String query, String field) {
    assertThat(refused(() -> organization(query))).isEqualTo(field);
  }

  @Test
  void resultsAreGroupedAndSelected() throws IOException {
    List<UsageRow> rows =
        List.of(
            row("ada", "2026-11-01", "k1", "m1", 1),
            row("ada", "2026-11-01", "k2", "m1", 10),
            row("bob", "2026-11-01", "k3", "m2", 100),
            row("bob", "2026-11-01", "k3", UsageRow.NO_MODEL, 1_000),
            row("bob", "2026-11-02", "k3", "m2", 10_000));
    String start = "start_time=" + NOVEMBER + "&limit=2";
    JsonNode all = page(start, rows);
    assertThat(tokens(all, 0)).containsExactly(111L);
    assertThat(tokens(all, 1)).containsExactly(10_000L);
    assertThat(all.at("/data/0/end_time").asLong()).isEqualTo(NOVEMBER + 86_400);
    assertThat(all.path("has_more").asBoolean()).isTrue();
    assertThat(tokens(page(start + "&group_by[]=project_id", rows), 0)).containsExactly(11L, 100L);
    assertThat(tokens(page(start + "&group_by=api_key_id,model", rows), 0))
        .containsExactly(1L, 10L, 100L);
    assertThat(tokens(page(start + "&models=m1&api_key_ids=k2", rows), 0)).containsExactly(10L);
    assertThat(tokens(page(start + "&project_ids=cleo", rows), 0)).isEmpty();
  }

  private static List<Long> tokens(JsonNode page, int bucket) {
    return page.path("data")
        .path(bucket)
        .path("results")
        .valueStream()
        .map(result -> result.path("input_tokens").asLong())
        .toList();
  }

  private static JsonNode page(String query, List<UsageRow> rows) throws IOException {
    return new ObjectMapper().readTree(OrganizationPage.of(organization(query), rows).body());
  }

  private static UsageRow row(String tenant, String day, String key, String model, long tokens) {
    return new UsageRow(tenant, day, key, model, Counts.NONE.with(Counter.TOKENS, tokens));
  }

  private static UsageQuery days(String first, String last) {
    return new UsageQuery(LocalDate.parse(first), LocalDate.parse(last));
  }

  private static UsageQuery own(String query) {
    return UsageQuery.of(request(query), TODAY);
  }

  private static OrganizationQuery organization(String query) {
    return OrganizationQuery.of(request(query), TODAY);
  }

  private static String refused(Runnable reading) {
    Refusal refusal = Requests.refusal(reading::run);
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
    return refusal.field().orElseThrow();
  }

  private static HttpRequest request(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String[] both = pair.split("=", 2);
      parameters.put(both[0], both[1]);
    }
    return new HttpRequest(
        "GET", "/v1/usage", parameters, Map.of(), new byte[0], true, Map.of(), "r", null);
  }
}
