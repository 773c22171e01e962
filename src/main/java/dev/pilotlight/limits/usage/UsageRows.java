package dev.pilotlight.limits.usage;

import dev.pilotlight.domain.limits.UsageRow;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Selects and adds rows of usage.
final class UsageRows {
  private UsageRows() {}

  /// The rows from one day to another.
  static List<UsageRow> between(List<UsageRow> rows, LocalDate first, LocalDate last) {
    List<UsageRow> selected = new ArrayList<>();
    for (UsageRow row : rows) {
      boolean early = row.day().compareTo(first.toString()) < 0;
      if (!early && row.day().compareTo(last.toString()) <= 0) {
        selected.add(row);
      }
    }
    return selected;
  }

  /// One row for each day, key and model of a tenant, in this order.
  static List<UsageRow> sum(List<UsageRow> some, List<UsageRow> others) {
    Map<String, UsageRow> sums = new TreeMap<>();
    for (List<UsageRow> rows : List.of(some, others)) {
      for (UsageRow row : rows) {
        sums.merge(row.place(), row, (one, other) -> one.plus(other.counts()));
      }
    }
    return List.copyOf(sums.values());
  }
}
