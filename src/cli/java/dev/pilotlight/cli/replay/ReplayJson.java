package dev.pilotlight.cli.replay;

import dev.pilotlight.support.json.JsonBytes;
import java.nio.charset.StandardCharsets;

/// A report of a replay as one JSON object. A number that was not measured is null.
public final class ReplayJson {
  private ReplayJson() {}

  public static String render(ReplayReport report) {
    JsonBytes json = new JsonBytes().object();
    json.field("file", report.file())
        .field("format", report.traffic().format().toString())
        .field("requests", report.traffic().requests().size());
    number(json, "rate", report.schedule().rate());
    json.field("warm_up", report.schedule().warmUp())
        .field("count", report.schedule().count())
        .field("in_flight_max", report.inFlightMax());
    number(json, "month_requests", report.monthRequests());
    json.field("month_requests_assumed", report.monthAssumed());
    number(json, "old_usd_month", report.oldUsdMonth().orElse(Double.NaN));
    number(json, "late_ms_p99", report.outcome().lateness().p99());
    number(json, "late_ms_max", report.outcome().lateness().max());
    json.name("targets").array();
    report.outcome().targets().forEach(target -> target(json, target, report.monthRequests()));
    json.endArray();
    report.outcome().differences().ifPresent(result -> differences(json, result));
    json.strings("notes", report.notes());
    return new String(json.endObject().toByteArray(), StandardCharsets.UTF_8);
  }

  private static void target(JsonBytes json, TargetResult target, double monthRequests) {
    json.object()
        .field("url", target.url())
        .strings("headers", target.headers())
        .field("sent", target.sent())
        .field("not_sent", target.notSent())
        .field("succeeded", target.succeeded())
        .name("by_status")
        .object();
    target.kinds().forEach(json::field);
    json.endObject();
    number(json, "error_share", target.errorShare());
    number(json, "throughput", target.throughput());
    Latency latency = target.latency();
    json.name("latency_ms").object().field("count", latency.count());
    boolean any = latency.count() > 0;
    latency.percentiles().forEach((name, value) -> number(json, name, any ? value : Double.NaN));
    number(json, "max", any ? latency.max() : Double.NaN);
    number(json, "mean", any ? latency.mean() : Double.NaN);
    json.endObject();
    number(json, "hit_share", target.hitShare());
    number(json, "usd_month", target.usdMonth(monthRequests));
    json.endObject();
  }

  private static void differences(JsonBytes json, Differences.Result result) {
    json.name("differences")
        .object()
        .field("compared", result.compared())
        .field("different", result.different())
        .name("not_compared")
        .object();
    result.notCompared().forEach(json::field);
    json.endObject();
    number(json, "lowest_cosine", result.lowestCosine());
    number(json, "mean_cosine", result.meanCosine());
    json.name("examples").array();
    for (Differences.Example example : result.examples()) {
      json.object()
          .field("line", example.line())
          .field("method", example.method())
          .field("path", example.path())
          .field("reason", example.reason())
          .endObject();
    }
    json.endArray().strings("rules", result.rules()).endObject();
  }

  private static void number(JsonBytes json, String name, double value) {
    json.name(name).literal(Double.isFinite(value) ? Double.toString(value) : "null");
  }
}
