package dev.pilotlight.cli.tune;

import dev.pilotlight.cli.page.LineChart;
import dev.pilotlight.cli.page.Page;
import dev.pilotlight.support.Prices;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The results of a tuning: as text, as JSON and as a page.
///
/// @param limits how processes were limited
/// @param arch the machine's architecture, as Java names it
/// @param load of the machine before the measurement, in processes; negative if unknown
public record TuneReport(
    Workload workload,
    CpuLimits limits,
    String arch,
    double load,
    int starts,
    List<SizeResult> sizes) {
  private static final double PERCENT = 100;
  private static final double BUSY = 0.5;
  private static final String NONE = "–";

  public TuneReport {
    sizes = List.copyOf(sizes);
  }

  /// Empty if no size could be measured and used.
  public Optional<Choice> choice() {
    return sizes.stream().anyMatch(SizeResult::usable)
        ? Optional.of(Choice.of(sizes))
        : Optional.empty();
  }

  private List<String> kinds() {
    Set<String> kinds = new LinkedHashSet<>();
    sizes.forEach(size -> size.kinds().forEach(kind -> kinds.add(kind.name())));
    return List.copyOf(kinds);
  }

  private List<String> head() {
    List<String> head = new ArrayList<>(List.of("MB", "vCPU", "cold ms"));
    for (String kind : kinds()) {
      head.add(kind + " p50");
      head.add("p95");
    }
    head.addAll(List.of("mean ms", "USD/million", "used MB"));
    return head;
  }

  private List<List<String>> rows() {
    return sizes.stream().map(this::row).toList();
  }

  private List<String> row(SizeResult size) {
    List<String> row = new ArrayList<>();
    row.add(format("%d", size.memoryMb()));
    row.add(format("%.2f", Sizes.vcpus(size.memoryMb())));
    row.add(number("%.0f", size.coldMs()));
    for (String name : kinds()) {
      Optional<SizeResult.KindResult> kind =
          size.kinds().stream().filter(each -> each.name().equals(name)).findFirst();
      row.add(kind.map(each -> format("%.2f", each.p50())).orElse(NONE));
      row.add(kind.map(each -> format("%.2f", each.p95())).orElse(NONE));
    }
    row.add(number("%.2f", size.meanMs()));
    row.add(number("%.4f", size.usdMillion()));
    row.add(size.peakMb() == 0 ? NONE : format("%d", size.peakMb()));
    return row;
  }

  /// The lines of a report on a terminal.
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    List<String> head = head();
    lines.add(line(head, head));
    for (int i = 0; i < sizes.size(); i++) {
      String obstacle = sizes.get(i).obstacle();
      boolean measured = !sizes.get(i).kinds().isEmpty();
      String note = obstacle.isEmpty() ? "" : "  " + obstacle;
      lines.add(line(measured ? rows().get(i) : rows().get(i).subList(0, 2), head) + note);
    }
    lines.add("");
    lines.addAll(sentences());
    return lines;
  }

  private static String line(List<String> cells, List<String> head) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      int width = Math.max(head.get(i).length(), 6) + (i == 0 ? 0 : 2);
      line.append(("%" + width + "s").formatted(cells.get(i)));
    }
    return line.toString();
  }

  /// The choice and how the numbers came about.
  private List<String> sentences() {
    List<String> lines = new ArrayList<>();
    if (load > BUSY) {
      lines.add(
          format(
              "The machine was busy before the measurement (load %.1f): repeat it on a quiet one.",
              load));
    }
    choice()
        .ifPresent(
            choice -> {
              lines.add(chosen("Cheapest", choice.cheapest()));
              lines.add(chosen("Fastest", choice.fastest()));
              lines.add(
                  chosen("Balanced", choice.balanced())
                      + " It has the least of 0.5 × cost / highest cost + 0.5 × mean time / longest"
                      + " mean time.");
            });
    lines.add(workload.origin());
    sizes.stream()
        .filter(size -> !size.kinds().isEmpty())
        .findFirst()
        .ifPresent(size -> lines.add(shares(size)));
    lines.add("Processor time: %s; %s.".formatted(limits.limit().description(), arch));
    limits.obstacles().forEach(obstacle -> lines.add("Not used: " + obstacle + "."));
    lines.add(
        format(
            "USD: the time of the function alone, each request rounded up to a millisecond, at the"
                + " prices of %s in %s. Cold starts, the price per request (USD %.2f a million) and"
                + " fixed costs are excluded.",
            Prices.KNOWN.date(), Prices.KNOWN.region(), Prices.KNOWN.invocation() * 1_000_000));
    lines.add(
        format(
            "Cold: median of %d starts to the first answer, with files in memory. Without Redis and"
                + " DynamoDB; background work between requests is not frozen as in Lambda.",
            starts));
    return lines;
  }

  /// The share of each kind: given as weights, or measured.
  private String shares(SizeResult size) {
    List<String> shares = new ArrayList<>();
    for (SizeResult.KindResult kind : size.kinds()) {
      shares.add(format("%s %.0f %%", kind.name(), kind.share() * PERCENT));
    }
    String name = workload.recorded() ? "Measured at %d MB".formatted(size.memoryMb()) : "Weights";
    return name + ": " + String.join(", ", shares) + ".";
  }

  private static String chosen(String word, SizeResult size) {
    return format(
        "%s: %d MB, %.2f ms and USD %.4f a million.",
        word, size.memoryMb(), size.meanMs(), size.usdMillion());
  }

  /// One HTML page with two charts.
  public String page() {
    Page page = new Page("Memory of the function");
    page.list(sentences()).heading("USD a million requests").chart(chart("USD", true));
    page.heading("Milliseconds of a request").chart(chart("ms", false));
    page.heading("All sizes").table("Milliseconds by kind of request", head(), rows());
    List<String> obstacles =
        sizes.stream()
            .filter(size -> !size.usable())
            .map(size -> "%d MB: %s".formatted(size.memoryMb(), size.obstacle()))
            .toList();
    return obstacles.isEmpty() ? page.render() : page.list(obstacles).render();
  }

  private LineChart chart(String unit, boolean cost) {
    List<String> places = sizes.stream().map(size -> Integer.toString(size.memoryMb())).toList();
    List<Double> values =
        sizes.stream()
            .map(size -> !size.usable() ? Double.NaN : cost ? size.usdMillion() : size.meanMs())
            .toList();
    String label =
        cost
            ? "USD a million requests by megabytes of memory"
            : "Mean milliseconds of a request by megabytes of memory";
    return new LineChart(label, places, List.of(new LineChart.Series(unit, values)));
  }

  /// One JSON object. A number that was not measured is null.
  public String json() {
    JsonBytes json = new JsonBytes().object().name("sizes").array();
    for (SizeResult size : sizes) {
      json.object().field("memory_mb", size.memoryMb()).field("obstacle", size.obstacle());
      number(json, "vcpus", Sizes.vcpus(size.memoryMb()));
      number(json, "cold_ms", size.coldMs());
      json.name("kinds").array();
      for (SizeResult.KindResult kind : size.kinds()) {
        json.object().field("kind", kind.name()).field("count", kind.count());
        number(json, "share", kind.share());
        number(json, "p50_ms", kind.p50());
        number(json, "p95_ms", kind.p95());
        number(json, "mean_ms", kind.mean());
        json.endObject();
      }
      json.endArray();
      number(json, "mean_ms", size.meanMs());
      number(json, "usd_million", size.usdMillion());
      json.field("used_mb", size.peakMb()).endObject();
    }
    json.endArray();
    choice()
        .ifPresent(
            choice ->
                json.field("cheapest_mb", choice.cheapest().memoryMb())
                    .field("fastest_mb", choice.fastest().memoryMb())
                    .field("balanced_mb", choice.balanced().memoryMb()));
    number(json, "load_before", load < 0 ? Double.NaN : load);
    json.field("arch", arch).field("limit", limits.limit().description());
    json.strings("notes", sentences());
    return new String(json.endObject().toByteArray(), StandardCharsets.UTF_8);
  }

  private static void number(JsonBytes json, String name, double value) {
    json.name(name).literal(Double.isFinite(value) ? Double.toString(value) : "null");
  }

  private static String number(String form, double value) {
    return Double.isNaN(value) ? NONE : format(form, value);
  }

  @SuppressWarnings("AnnotateFormatMethod") // constant forms of this class
  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
