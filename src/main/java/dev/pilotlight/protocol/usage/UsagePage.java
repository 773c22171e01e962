package dev.pilotlight.protocol.usage;

import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.Usd;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// The answer of `GET /v1/usage`: a row for each day, key and model, and their sum.
public final class UsagePage {
  private static final int OK = 200;
  private static final double NANOS = 1e9;

  private UsagePage() {}

  /// Writes the answer.
  ///
  /// @param plan the tenant's plan; empty if it has none
  /// @param rows in the order of days, keys and models
  public static HttpResponse of(String tenant, String plan, UsageQuery query, List<UsageRow> rows) {
    JsonBytes json = new JsonBytes().object().field("object", "usage").field("tenant", tenant);
    json.field("plan", plan.isEmpty() ? null : plan);
    json.field("start", query.first().toString()).field("end", query.last().toString());
    json.name("data").array();
    Counts total = Counts.NONE;
    for (UsageRow row : rows) {
      total = total.plus(row.counts());
      json.object().field("day", row.day()).field("key_id", row.key());
      json.field("model", row.model().equals(UsageRow.NO_MODEL) ? null : row.model());
      counts(json, row.counts());
      json.endObject();
    }
    json.endArray().name("total").object();
    counts(json, total);
    return HttpResponse.json(OK, json.endObject().endObject().toByteArray());
  }

  private static void counts(JsonBytes json, Counts counts) {
    json.field("requests", counts.get(Counter.REQUESTS));
    json.field("items", counts.get(Counter.ITEMS));
    json.field("tokens", counts.get(Counter.TOKENS));
    json.name("hits").object();
    json.field("memory", counts.get(Counter.HITS_MEMORY));
    json.field("redis", counts.get(Counter.HITS_REDIS));
    json.field("dynamodb", counts.get(Counter.HITS_STORE)).endObject();
    json.field("computed", counts.get(Counter.COMPUTED));
    json.field("usd_nano", counts.get(Counter.USD_NANO));
    json.field("estimated_cost_usd", Usd.format(counts.get(Counter.USD_NANO) / NANOS));
  }
}
