package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.breaker.Refused;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The usage of tenants in a month, by key and model.
///
/// @param lines by tenant, key and model
public record Usage(List<Line> lines) {
  /// The counters of the table, in the order of a report.
  public static final List<String> COUNTERS =
      List.of("requests", "items", "tokens", "hits_memory", "hits_redis", "hits_store", "computed");

  private static final String USD_NANO = "usd_nano";
  private static final int NANO_DIGITS = 9;
  private static final int PARTS = 4;

  /// The use of one key and model, or the sum of several.
  ///
  /// @param key its id; empty for requests without one
  /// @param counts by counter
  public record Line(
      String tenant, String key, String keyName, String model, Map<String, Long> counts) {
    /// The estimated cost in USD, to a billionth.
    public BigDecimal usd() {
      return BigDecimal.valueOf(counts.getOrDefault(USD_NANO, 0L), NANO_DIGITS);
    }

    /// A counter.
    public long count(String counter) {
      return counts.getOrDefault(counter, 0L);
    }
  }

  /// Reads a month.
  ///
  /// @param month as `yyyy-mm`
  /// @param only one tenant; empty for all
  public static Usage read(Table clients, String month, String only) throws Refused {
    List<String> tenants = new ArrayList<>();
    if (only.isEmpty()) {
      for (Item row : clients.query("usage#" + month, "")) {
        tenants.add(row.text("sk"));
      }
    } else {
      tenants.add(only);
    }
    Map<String, Line> lines = new TreeMap<>();
    for (String tenant : tenants) {
      Map<String, String> names = new LinkedHashMap<>();
      for (Item key : new KeyRows(clients).list(tenant)) {
        names.put(KeyRows.id(key), key.text("name"));
      }
      for (Item row : clients.query(pk(tenant), "usage#" + month + "-")) {
        String[] parts = row.text("sk").split("#", PARTS);
        if (parts.length < PARTS) {
          throw new Refused("%s has a row of usage without a model".formatted(tenant));
        }
        String place = tenant + "\0" + parts[2] + "\0" + parts[PARTS - 1];
        Line line =
            new Line(
                tenant,
                parts[2],
                names.getOrDefault(parts[2], ""),
                parts[PARTS - 1],
                new LinkedHashMap<>());
        add(lines.computeIfAbsent(place, _ -> line).counts, row);
      }
    }
    return new Usage(List.copyOf(lines.values()));
  }

  /// The partition of a tenant's counters.
  static String pk(String tenant) {
    return "counts#" + tenant;
  }

  private static void add(Map<String, Long> counts, Item row) {
    for (String counter : COUNTERS) {
      counts.merge(counter, row.number(counter), Math::addExact);
    }
    counts.merge(USD_NANO, row.number(USD_NANO), Math::addExact);
  }

  /// The sums of all lines, one for each tenant.
  public List<Line> tenants() {
    Map<String, Line> sums = new LinkedHashMap<>();
    for (Line line : lines) {
      sums.merge(line.tenant, sum(line.tenant, List.of(line)), Usage::plus);
    }
    return List.copyOf(sums.values());
  }

  /// The sum of all lines.
  public Line total() {
    return sum("", lines);
  }

  private static Line plus(Line one, Line other) {
    return sum(one.tenant, List.of(one, other));
  }

  private static Line sum(String tenant, List<Line> lines) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Line line : lines) {
      line.counts.forEach((counter, count) -> counts.merge(counter, count, Math::addExact));
    }
    return new Line(tenant, "", "", "", counts);
  }
}
