package dev.pilotlight.costs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// The cost tables of the README and of docs/costs.md, as Markdown.
record Tables(Costs costs, Figures figures) {
  private static final double[] HITS = {0, 0.5, 0.67, 0.9};
  private static final double MILLION = 1e6;

  /// A month's traffic in the itemised table, in millions of requests.
  static final double MILLIONS = 100;

  /// The README's table: a million inferences by hit rate, and a month without calls.
  String overview() {
    Durations durations = Durations.measured(figures);
    StringBuilder header = new StringBuilder("| |");
    for (double hits : HITS) {
      header.append(" %s hits |".formatted(percent(hits)));
    }
    List<String> lines = new ArrayList<>();
    lines.add(header + " idle month |");
    lines.add("|---|---|---|---|---|---|");
    for (Variant variant : List.of(Variant.STANDARD, Variant.PROVISIONED, Variant.UNCACHED)) {
      StringBuilder row = new StringBuilder("| %s |".formatted(variant.name()));
      for (double hits : HITS) {
        Bill bill = costs.month(variant, durations, hits, MILLIONS * MILLION).per(MILLIONS);
        row.append(" %s |".formatted(usd(bill.total())));
      }
      lines.add(row + " %s |".formatted(usd(costs.idle(variant).total())));
    }
    return String.join("\n", lines) + "\n";
  }

  /// A million inferences, itemised by hit rate, for the model that is measured here.
  String perMillion() {
    Durations durations = Durations.measured(figures);
    List<String> lines = new ArrayList<>();
    lines.add("| | hits | Lambda | API Gateway | DynamoDB | cache | logs | watching | total |");
    lines.add("|---|---|---|---|---|---|---|---|---|");
    for (Variant variant :
        List.of(Variant.STANDARD, Variant.PROVISIONED, Variant.URL, Variant.UNCACHED)) {
      for (double hits : HITS) {
        Bill bill = costs.month(variant, durations, hits, MILLIONS * MILLION).per(MILLIONS);
        lines.add(
            "| %s | %s | %s | **%s** |"
                .formatted(
                    hits == 0 ? variant.name() : "",
                    percent(hits),
                    items(bill),
                    usd(bill.total())));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static String items(Bill bill) {
    List<ToDoubleFunction<Bill>> columns =
        List.of(Bill::lambda, Bill::api, Bill::dynamo, Bill::cache, Bill::logs, Bill::watching);
    return columns.stream()
        .map(column -> usd(column.applyAsDouble(bill)))
        .collect(Collectors.joining(" | "));
  }

  /// The fleet's traffic on a stack.
  String comparedWithFleet() {
    List<Comparison> both =
        List.of(comparison(Durations.measured(figures)), comparison(Durations.article(figures)));
    List<String> lines = new ArrayList<>();
    lines.add("| | %s | %s |".formatted(both.get(0).name(), both.get(1).name()));
    lines.add("|---|---|---|");
    lines.add(row("an inference keeps a vCPU busy, ms", both, c -> "%.1f", Comparison::computed));
    lines.add(row("inferences a month, millions", both, c -> "%,.0f", Comparison::millions));
    lines.add(row("the fleet, USD a million", both, c -> "%.2f", Comparison::fleet));
    for (double hits : HITS) {
      lines.add(
          row(
              "the stack at %s hits, USD a million".formatted(percent(hits)),
              both,
              c -> "%.2f",
              c -> c.stack(Variant.STANDARD, hits)));
    }
    lines.add(
        row(
            "the stack at 67 % hits, provisioned",
            both, c -> "%.2f", c -> c.stack(Variant.PROVISIONED, known())));
    lines.add(
        row(
            "cost at 67 % hits, compared with the fleet",
            both, c -> "%+.0f %%", Comparison::change));
    lines.add(
        row(
            "the same, Lambda and API Gateway alone",
            both,
            c -> "%+.0f %%",
            Comparison::likeForLike));
    lines.add(
        row(
            "the same, if the fleet also had 67 % hits",
            both, c -> "%+.0f %%", Comparison::changeIfFleetCaches));
    lines.add(
        row(
            "break-even with the fleet at 67 % hits, million requests a month",
            both, c -> "%,.0f", Comparison::even));
    return String.join("\n", lines) + "\n";
  }

  private static String row(
      String name,
      List<Comparison> both,
      java.util.function.Function<Comparison, String> format,
      ToDoubleFunction<Comparison> figure) {
    return both.stream()
        .map(c -> String.format(Locale.ROOT, format.apply(c), figure.applyAsDouble(c)))
        .collect(Collectors.joining(" | ", "| " + name + " | ", " |"));
  }

  private Comparison comparison(Durations durations) {
    return new Comparison(costs, Fleet.of(figures), durations, known());
  }

  private double known() {
    return figures.of("article.hits");
  }

  /// A month without calls.
  String idle() {
    List<String> lines = new ArrayList<>();
    lines.add("| | provisioned | cache | watching | USD a month |");
    lines.add("|---|---|---|---|---|");
    for (Variant variant :
        List.of(Variant.STANDARD, Variant.UNCACHED, Variant.PROVISIONED, Variant.BOTH)) {
      Bill bill = costs.idle(variant);
      lines.add(
          "| %s | %s | %s | %s | **%s** |"
              .formatted(
                  variant.name(),
                  usd(bill.lambda()),
                  usd(bill.cache()),
                  usd(bill.watching()),
                  usd(bill.total())));
    }
    return String.join("\n", lines) + "\n";
  }

  /// The part of an idle month that is for watching.
  String watching() {
    return """
        | alarms, %d metrics; a band counts for three | %s |
        | the composite alarm | %s |
        | the dashboard | %s |
        | the topic's key (AWS KMS; AWS's own would not let alarms publish) | %s |
        """
        .formatted(
            costs.stack().alarmMetrics(),
            usd(costs.alarms()),
            usd(costs.incident()),
            usd(costs.dashboard()),
            usd(costs.key()));
  }

  static String usd(double value) {
    return String.format(Locale.ROOT, "%,.2f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", share * 100);
  }
}
