package dev.pilotlight.limits.usage;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.store.rows.Row;
import dev.pilotlight.store.rows.RowAddition;
import dev.pilotlight.store.rows.RowCounters;
import dev.pilotlight.store.rows.RowKey;
import dev.pilotlight.store.rows.RowReads;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The counters in the table of clients, in partitions without a tenant or a key: the function may
/// write these alone. Thread-safe.
///
/// - `counts#<tenant>`, `usage#<yyyy-mm-dd>#<key id>#<model>`: what a key used of a model on a day.
/// - `counts#<tenant>`, `month#<yyyy-mm>`: the sum of the tenant's month, for quotas.
/// - `usage#<yyyy-mm>`, `<tenant>`: that the tenant has counters in the month.
///
/// Days and months are of UTC. The table drops a row [#KEPT] after its day, or its month's first.
public final class UsageTable {
  /// How long rows are kept.
  public static final Duration KEPT = Duration.ofDays(UsageRow.DAYS_KEPT);

  private static final Counter[] COUNTERS = Counter.values();
  private static final String TENANT = "counts#";
  private static final String USAGE = "usage#";
  private static final String MONTH = "month#";

  /// Sorts after every character of a key.
  private static final String END = "\uffff";

  private static final int PARTS = 4;
  private static final int DAY_CHARS = 10;

  private final String name;
  private final RowCounters rows;
  private final RowReads reads;

  /// @param name of the table
  public UsageTable(String name, RowCounters rows, RowReads reads) {
    this.name = name;
    this.rows = rows;
    this.reads = reads;
  }

  /// Adds counts to the row of their key, model and day.
  ///
  /// @param mark of this call alone
  void add(UsageRow row, String mark, Deadline end) {
    RowKey key = new RowKey(TENANT + row.tenant(), USAGE + row.place());
    var _ = rows.add(key, numbers(row.counts(), false), mark, expires(row.day()), end);
  }

  /// Adds counts to the tenant's month.
  ///
  /// @return the month's sums, if the table has given them
  @Nullable Counts addMonth(String tenant, String month, Counts counts, String mark, Deadline end) {
    Map<String, Long> all = numbers(counts, true);
    Row sums = rows.add(month(tenant, month), all, mark, expires(month + "-01"), end);
    return sums == null ? null : counts(sums);
  }

  /// Enters a tenant into the list of those with counters in a month.
  void enter(String tenant, String month, String mark, Deadline end) {
    RowKey key = new RowKey(USAGE + month, tenant);
    var _ = rows.add(key, Map.of(), mark, expires(month + "-01"), end);
  }

  /// All that a transaction adds for rows: to the rows themselves, to the months of their tenants,
  /// and to the lists of the months' tenants.
  ///
  /// @param used with negative counts where an earlier addition is taken back
  List<RowAddition> additions(List<UsageRow> used) {
    List<RowAddition> additions = new ArrayList<>();
    Map<RowKey, Counts> months = new LinkedHashMap<>();
    for (UsageRow row : used) {
      RowKey key = new RowKey(TENANT + row.tenant(), USAGE + row.place());
      additions.add(new RowAddition(name, key, numbers(row.counts(), false), expires(row.day())));
      months.merge(month(row.tenant(), Accounts.month(row.day())), row.counts(), Counts::plus);
    }
    months.forEach(
        (key, counts) -> {
          String month = key.sk().substring(MONTH.length());
          long expires = expires(month + "-01");
          additions.add(new RowAddition(name, key, numbers(counts, true), expires));
          RowKey entry = new RowKey(USAGE + month, key.pk().substring(TENANT.length()));
          additions.add(new RowAddition(name, entry, Map.of(), expires));
        });
    return additions;
  }

  /// The sums of a tenant's month, strongly consistent.
  Counts month(String tenant, String month, Deadline end) {
    List<Row> found = reads.read(List.of(month(tenant, month)), end);
    return found.isEmpty() ? Counts.NONE : counts(found.getFirst());
  }

  /// The use of a tenant, by day, key and model.
  ///
  /// @param first the first day
  /// @param last the last day
  /// @throws IllegalArgumentException if a row is not as documented
  List<UsageRow> days(String tenant, LocalDate first, LocalDate last, Deadline end) {
    List<UsageRow> days = new ArrayList<>();
    String from = USAGE + first;
    String to = USAGE + last + '#' + END;
    for (Row row : rows.range(TENANT + tenant, from, to, end)) {
      days.add(day(tenant, row));
    }
    return days;
  }

  private static UsageRow day(String tenant, Row row) {
    String sort = row.text(RowKey.SK);
    String[] parts = sort == null ? new String[0] : sort.split("#", PARTS);
    if (parts.length < PARTS || parts[1].length() != DAY_CHARS) {
      throw new IllegalArgumentException(
          "a row of usage has the sort key "
              + sort
              + "; accepted: usage#<yyyy-mm-dd>#<key id>#<model>");
    }
    return new UsageRow(tenant, parts[1], parts[2], parts[PARTS - 1], counts(row));
  }

  /// The tenants with counters in a month.
  List<String> tenants(String month, Deadline end) {
    List<String> tenants = new ArrayList<>();
    for (Row row : rows.range(USAGE + month, "", END, end)) {
      String tenant = row.text(RowKey.SK);
      if (tenant != null) {
        tenants.add(tenant);
      }
    }
    return tenants;
  }

  private static RowKey month(String tenant, String month) {
    return new RowKey(TENANT + tenant, MONTH + month);
  }

  /// @param all whether also those that are 0, so that the answer has every sum
  private static Map<String, Long> numbers(Counts counts, boolean all) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    for (Counter counter : COUNTERS) {
      if (all || counts.get(counter) != 0) {
        numbers.put(counter.wireName(), counts.get(counter));
      }
    }
    return numbers;
  }

  private static Counts counts(Row row) {
    Counts counts = Counts.NONE;
    for (Counter counter : COUNTERS) {
      Long value = row.number(counter.wireName());
      counts = value == null ? counts : counts.with(counter, value);
    }
    return counts;
  }

  private static long expires(String day) {
    return LocalDate.parse(day).atStartOfDay(ZoneOffset.UTC).plus(KEPT).toEpochSecond();
  }
}
