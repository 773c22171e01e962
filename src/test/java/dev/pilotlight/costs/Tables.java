package dev.pilotlight.costs;

import dev.pilotlight.local.template.Presets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// The cost tables of the README and of docs/costs.md, as Markdown.
///
/// @param presets the costs of each preset's stack, by its name
record Tables(Map<String, Costs> presets, Figures figures) {
  private static final double[] HITS = {0, 0.5, 0.67, 0.9};
  static final Map<String, String> DOOR_URL = Map.of("Door", "url");
  private static final double[] TRAFFIC = {1, 10, 100};
  private static final double MILLION = 1e6;

  /// A month's traffic in the itemised table, in millions of requests.
  static final double MILLIONS = 100;

  static Tables load() {
    Map<String, Costs> presets = new LinkedHashMap<>();
    for (String name : List.of(Presets.STARTER, Presets.PRODUCTION, Presets.BUSY)) {
      presets.put(name, Costs.of(name));
    }
    return new Tables(presets, Figures.load());
  }

  Costs of(String preset) {
    return Objects.requireNonNull(presets.get(preset), preset);
  }

  /// The README's table: a month of each preset, without calls and with more and more of them.
  String overview() {
    Durations durations = Durations.measured(figures);
    List<String> lines = new ArrayList<>();
    lines.add(
        presets.keySet().stream()
            .map("`%s` |"::formatted)
            .collect(Collectors.joining(" ", "| USD a month | ", "")));
    lines.add("|---|" + "---|".repeat(presets.size()));
    lines.add(each("idle, within the free tier", Costs::idleInTheFreeTier));
    lines.add(each("idle", costs -> costs.idle().total()));
    for (double millions : TRAFFIC) {
      lines.add(
          each(
              String.format(Locale.ROOT, "%.0f million requests", millions),
              costs -> costs.month(durations, known(), millions * MILLION).total()));
    }
    return String.join("\n", lines) + "\n";
  }

  private String each(String name, ToDoubleFunction<Costs> figure) {
    return presets.values().stream()
        .map(costs -> usd(figure.applyAsDouble(costs)))
        .collect(Collectors.joining(" | ", "| " + name + " | ", " |"));
  }

  /// A million inferences, itemised by hit rate, for the model that is measured here.
  String perMillion() {
    Durations durations = Durations.measured(figures);
    List<String> lines = new ArrayList<>();
    lines.add("| | hits | Lambda | API Gateway | DynamoDB | cache | logs | watching | total |");
    lines.add("|---|---|---|---|---|---|---|---|---|");
    Map<String, Costs> stacks = new LinkedHashMap<>(presets);
    stacks.put(Presets.PRODUCTION + "` with `Door=url", of(Presets.PRODUCTION).with(DOOR_URL));
    stacks.forEach(
        (name, costs) -> {
          for (double hits : HITS) {
            Bill bill = costs.month(durations, hits, MILLIONS * MILLION).per(MILLIONS);
            lines.add(
                "| %s | %s | %s | **%s** |"
                    .formatted(
                        hits == 0 ? "`" + name + "`" : "",
                        percent(hits),
                        items(bill),
                        usd(bill.total())));
          }
        });
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
              c -> c.stack(hits)));
    }
    lines.add(
        row(
            "the preset `busy` at 67 % hits",
            both, c -> "%.2f", c -> c.stack(of(Presets.BUSY), known())));
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
    return new Comparison(of(Presets.PRODUCTION), Fleet.of(figures), durations, known());
  }

  private double known() {
    return figures.of("article.hits");
  }

  /// A month without calls.
  String idle() {
    List<String> lines = new ArrayList<>();
    lines.add("| | provisioned | cache | watching | queues | total | within the free tier |");
    lines.add("|---|---|---|---|---|---|---|");
    presets.forEach(
        (name, costs) -> {
          Bill bill = costs.idle();
          lines.add(
              "| `%s` | %s | %s | %s | %s | **%s** | **%s** |"
                  .formatted(
                      name,
                      usd(bill.lambda()),
                      usd(bill.cache()),
                      usd(bill.watching()),
                      usd(bill.queues()),
                      usd(bill.total()),
                      usd(costs.idleInTheFreeTier())));
        });
    return String.join("\n", lines) + "\n";
  }

  /// The part of an idle month that is for watching.
  String watching() {
    List<String> lines = new ArrayList<>();
    lines.add(
        presets.keySet().stream()
            .map("`%s` |"::formatted)
            .collect(Collectors.joining(" ", "| watching, USD a month | ", "")));
    lines.add("|---|" + "---|".repeat(presets.size()));
    lines.add(
        presets.values().stream()
            .map(costs -> String.valueOf(costs.stack().alarmMetrics()))
            .collect(
                Collectors.joining(
                    " | ", "| metrics of alarms, a band counts for three | ", " |")));
    lines.add(each("these alarms", Costs::alarms));
    lines.add(each("composite alarms", Costs::incident));
    lines.add(each("the dashboard", Costs::dashboard));
    lines.add(each("the topic's key (AWS's own would not let alarms publish)", Costs::key));
    return String.join("\n", lines) + "\n";
  }

  static String usd(double value) {
    return String.format(Locale.ROOT, "%,.2f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", share * 100);
  }
}
