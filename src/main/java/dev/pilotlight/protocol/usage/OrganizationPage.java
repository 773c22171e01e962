package dev.pilotlight.protocol.usage;

import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.json.JsonBytes;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The answer of OpenAI's `GET /v1/organization/usage/embeddings`: a bucket for each day, with a
/// result for each group. A field by which results are not grouped is null.
public final class OrganizationPage {
  private static final int OK = 200;

  private OrganizationPage() {}

  /// Writes the page.
  ///
  /// @param rows of the page's days, of any tenants, keys and models
  public static HttpResponse of(OrganizationQuery query, List<UsageRow> rows) {
    JsonBytes json = new JsonBytes().object().field("object", "page").name("data").array();
    for (int i = 0; i < query.days(); i++) {
      bucket(json, query, query.first().plusDays(i), rows);
    }
    json.endArray().field("has_more", query.next() != null);
    json.field("next_page", query.nextPage());
    return HttpResponse.json(OK, json.endObject().toByteArray());
  }

  private static void bucket(
      JsonBytes json, OrganizationQuery query, LocalDate day, List<UsageRow> rows) {
    json.object().field("object", "bucket").field("start_time", seconds(day));
    json.field("end_time", seconds(day.plusDays(1))).name("results").array();
    groups(query, day.toString(), rows).values().forEach(group -> result(json, group));
    json.endArray().endObject();
  }

  /// The rows of a day, added within each group; their fields by which nothing is grouped are
  /// empty.
  private static Map<String, UsageRow> groups(
      OrganizationQuery query, String day, List<UsageRow> rows) {
    Map<String, UsageRow> groups = new TreeMap<>();
    for (UsageRow row : rows) {
      if (row.day().equals(day) && selects(query, row)) {
        String tenant = of(query, OrganizationQuery.PROJECT, row.tenant());
        String key = of(query, OrganizationQuery.KEY, row.key());
        String model = of(query, OrganizationQuery.MODEL, row.model());
        UsageRow group = new UsageRow(tenant, day, key, model, row.counts());
        groups.merge(
            tenant + '#' + key + '#' + model, group, (sum, more) -> sum.plus(more.counts()));
      }
    }
    return groups;
  }

  private static String of(OrganizationQuery query, String field, String value) {
    return query.groups().contains(field) ? value : "";
  }

  private static boolean selects(OrganizationQuery query, UsageRow row) {
    boolean project = query.projects().isEmpty() || query.projects().contains(row.tenant());
    boolean key = query.keys().isEmpty() || query.keys().contains(row.key());
    boolean model = query.models().isEmpty() || query.models().contains(row.model());
    return project && key && model && !row.model().equals(UsageRow.NO_MODEL);
  }

  private static void result(JsonBytes json, UsageRow group) {
    Counts counts = group.counts();
    json.object().field("object", "organization.usage.embeddings.result");
    json.field("input_tokens", counts.get(Counter.TOKENS));
    json.field("num_model_requests", counts.get(Counter.REQUESTS));
    json.field("project_id", orNull(group.tenant())).field("user_id", null);
    json.field("api_key_id", orNull(group.key())).field("model", orNull(group.model()));
    json.endObject();
  }

  private static @Nullable String orNull(String value) {
    return value.isEmpty() ? null : value;
  }

  private static long seconds(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
  }
}
