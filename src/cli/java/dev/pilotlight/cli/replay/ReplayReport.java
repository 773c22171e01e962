package dev.pilotlight.cli.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/// The results of a replay, and how they came about.
///
/// @param file name of the traffic file
/// @param monthRequests for the cost of a month
/// @param monthAssumed whether they follow from the rate, because nobody gave them
/// @param oldUsdMonth today's cost of a month; empty if nobody gave it
public record ReplayReport(
    String file,
    Traffic traffic,
    Schedule schedule,
    int inFlightMax,
    double monthRequests,
    boolean monthAssumed,
    Optional<Double> oldUsdMonth,
    Campaign.Outcome outcome) {
  /// A row of the table: a value for each target.
  record Row(String name, List<String> values) {}

  private static final double PERCENT = 100;

  /// Letters of the targets, in their order.
  static List<String> letters(int targets) {
    return targets == 1 ? List.of("result") : List.of("A", "B");
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    row(rows, "requests that were due", t -> count(t.sent() + t.notSent()));
    row(rows, "not sent: too many in flight", t -> count(t.notSent()));
    var kinds = new TreeSet<String>();
    outcome.targets().forEach(target -> kinds.addAll(target.kinds().keySet()));
    for (String kind : kinds) {
      String name = Character.isDigit(kind.charAt(0)) ? "status " + kind : "no answer: " + kind;
      row(rows, name, t -> count(t.kinds().getOrDefault(kind, 0)));
    }
    row(rows, "without an answer of 2xx", t -> percent(t.errorShare()));
    row(rows, "throughput, 2xx a second", t -> "%.2f", TargetResult::throughput);
    for (String name : outcome.targets().getFirst().latency().percentiles().keySet()) {
      row(rows, "latency " + name + ", ms", t -> "%.2f", t -> latency(t, name));
    }
    row(rows, "latency max, ms", t -> "%.2f", t -> orNone(t, t.latency().max()));
    row(rows, "latency mean, ms", t -> "%.2f", t -> orNone(t, t.latency().mean()));
    row(rows, "cache hits (Cache-Status)", t -> percent(t.hitShare()));
    row(rows, "USD a month, variable part", t -> "%.2f", t -> t.usdMonth(monthRequests));
    if (oldUsdMonth.isPresent()) {
      row(
          rows,
          "USD a month less than today's",
          t -> "%.2f",
          t -> oldUsdMonth.get() - t.usdMonth(monthRequests));
    }
    return rows;
  }

  private static double latency(TargetResult target, String name) {
    return orNone(target, target.latency().percentiles().getOrDefault(name, Double.NaN));
  }

  private static double orNone(TargetResult target, double value) {
    return target.latency().count() == 0 ? Double.NaN : value;
  }

  private void row(List<Row> rows, String name, Function<TargetResult, String> value) {
    rows.add(new Row(name, outcome.targets().stream().map(value).toList()));
  }

  private void row(
      List<Row> rows,
      String name,
      Function<TargetResult, String> form,
      Function<TargetResult, Double> value) {
    row(rows, name, t -> number(form.apply(t), value.apply(t)));
  }

  /// How the numbers came about, and what they do not include.
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(
        format(
            "Requests of %s (%s), of which %,d were read: %,d are measured, at %s a second to each"
                + " target, open loop; at most %,d in flight.",
            file,
            traffic.format(),
            traffic.requests().size(),
            schedule.count(),
            plain(schedule.rate()),
            inFlightMax));
    notes.add(
        "Latency counts from when a request was due, not from when it was sent: of answers with"
            + " 2xx, and of requests that timed out.");
    notes.add(outcome.lateness().sentence());
    if (schedule.warmUp() > 0) {
      notes.add(
          format(
              "Requests before these, to warm up, which are not counted: %,d.", schedule.warmUp()));
    }
    long all = (long) schedule.warmUp() + schedule.count();
    if (all > traffic.requests().size()) {
      notes.add(
          format(
              "Requests were sent up to %,d times: hits, latency and cost are those of these"
                  + " repeats.",
              Math.ceilDiv(all, traffic.requests().size())));
    }
    if (schedule.targets() == 2) {
      notes.add(
          schedule.interleaved()
              ? "The targets got each request half an interval apart, and took turns to be first."
              : "Target B began when A was done.");
    }
    addLost(notes);
    if (outcome.targets().stream().anyMatch(target -> target.withCost() > 0)) {
      notes.add(
          format(
              "USD a month: the mean of pilotlight-cost-usd, for %s requests%s. Fixed costs are"
                  + " excluded.",
              format("%,.0f", monthRequests),
              monthAssumed ? " (assumed: 30 days at this rate; --month-requests changes it)" : ""));
    }
    return notes;
  }

  /// Adds what the file lacks, and what of it was not sent.
  private void addLost(List<String> notes) {
    if (traffic.format().isAccessLog()) {
      notes.add(
          "An access log holds neither headers nor bodies: all requests with a body had those of"
              + " --body.");
    }
    boolean queries =
        traffic.requests().stream().anyMatch(request -> request.path().indexOf('?') >= 0);
    if (traffic.format() == TrafficFormat.APIGATEWAY && !queries) {
      notes.add(
          "The paths of API Gateway's log ($context.path) have no query: requests were sent without"
              + " one.");
    }
    if (traffic.unreadable() > 0) {
      notes.add(
          format(
              "Lines of the log without a request that can be read, left out: %,d, the first one is"
                  + " line %,d.",
              traffic.unreadable(), traffic.firstUnreadable()));
    }
    if (traffic.credentials() > 0) {
      notes.add(
          format(
              "Recorded headers and queries that may hold credentials and were not sent: %,d.",
              traffic.credentials()));
    }
    traffic
        .leftOut()
        .forEach(
            (method, count) ->
                notes.add(format("%,d %s left out; --methods sends them.", count, method)));
  }

  static String count(int count) {
    return format("%,d", count);
  }

  static String percent(double share) {
    return number("%.2f %%", share * PERCENT);
  }

  /// A dash for what was not measured.
  static String number(String form, double value) {
    return Double.isNaN(value) ? "–" : format(form, value);
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? format("%,.0f", value) : Double.toString(value);
  }

  @SuppressWarnings("AnnotateFormatMethod") // constant forms of this room
  static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }

  /// Sentences about the differences, without examples.
  static List<String> comparison(Differences.Result result) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%,d answers compared, %,d differ (%s).",
            result.compared(), result.different(), percent(result.share())));
    if (!Double.isNaN(result.lowestCosine())) {
      lines.add(
          format(
              "Cosine of the vectors: lowest %.6f, mean %.6f.",
              result.lowestCosine(), result.meanCosine()));
    }
    result
        .notCompared()
        .forEach((reason, count) -> lines.add(format("%,d not compared: %s.", count, reason)));
    return lines;
  }
}
