package dev.pilotlight.limits.usage;

import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The counters of this environment that are not in the table yet. Thread-safe.
///
/// A tenant's counters are due once 60 s have passed since the first of them, or 1,000 items were
/// counted, but not before the counted requests cost 20 times as much as writing the counters, or
/// are 20,000 items. So writing costs at most 5 % of the traffic, and a process that is killed
/// loses for each tenant at most what is counted here: the traffic of 60 s and 1,000 items, or 20
/// times the cost of a write, whichever is more, and never more than 20,000 items and one request.
public final class Ledger {
  static final Duration AGE = Duration.ofSeconds(60);
  static final long ITEMS = 1_000;
  static final long ITEMS_MAX = 20_000;
  static final long COST_FACTOR = 20;

  /// Above so many tenants, the counters of the one that has waited longest are due.
  static final int TENANTS_MAX = 1_000;

  private final LongSupplier nanoTime;
  private final Map<String, Pending> tenants = new LinkedHashMap<>();
  // taken to be written, and not known to be in the table
  private final Set<Batch> taken = Collections.newSetFromMap(new IdentityHashMap<>());

  /// The counters of one tenant.
  private static final class Pending {
    final long sinceNanos;
    final Map<String, UsageRow> rows = new HashMap<>();
    long items;
    long nanoUsd;

    Pending(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }
  }

  /// Counters to be written.
  ///
  /// @param sinceNanos when the first of them was counted
  public record Batch(String tenant, long sinceNanos, List<UsageRow> rows) {}

  /// @param nanoTime a clock as [System#nanoTime()]
  public Ledger(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// Counts a request.
  public synchronized void add(UsageRow row) {
    add(row, nanoTime.getAsLong());
  }

  private void add(UsageRow row, long sinceNanos) {
    Pending pending = tenants.computeIfAbsent(row.tenant(), _ -> new Pending(sinceNanos));
    String place = row.day() + '#' + row.key() + '#' + row.model();
    UsageRow before = pending.rows.get(place);
    pending.rows.put(place, before == null ? row : row.plus(before.counts()));
    pending.items += row.counts().get(Counter.ITEMS);
    pending.nanoUsd += row.counts().get(Counter.USD_NANO);
  }

  /// Takes counters that are due: those of a tenant, else those that have waited longest. The
  /// caller calls [#forget] or [#giveBack] with them.
  ///
  /// @param tenant the one that was counted last
  /// @param nanoUsdOfWrite what writing one row costs
  /// @return null if none are due
  public synchronized @Nullable Batch takeDue(String tenant, long nanoUsdOfWrite) {
    Pending own = tenants.get(tenant);
    if (own != null && isDue(own, nanoUsdOfWrite)) {
      return take(tenant, own);
    }
    if (tenants.isEmpty()) {
      return null;
    }
    Map.Entry<String, Pending> eldest = tenants.entrySet().iterator().next();
    return tenants.size() > TENANTS_MAX || isDue(eldest.getValue(), nanoUsdOfWrite)
        ? take(eldest.getKey(), eldest.getValue())
        : null;
  }

  private boolean isDue(Pending pending, long nanoUsdOfWrite) {
    boolean old = nanoTime.getAsLong() - pending.sinceNanos >= AGE.toNanos();
    long writes = pending.rows.size() + 1L; // and the month
    return (old || pending.items >= ITEMS)
        && (pending.nanoUsd >= COST_FACTOR * writes * nanoUsdOfWrite || pending.items >= ITEMS_MAX);
  }

  /// Takes all counters, for a process that ends.
  public synchronized List<Batch> takeAll() {
    List<Batch> all = new ArrayList<>();
    for (Map.Entry<String, Pending> each : List.copyOf(tenants.entrySet())) {
      all.add(take(each.getKey(), each.getValue()));
    }
    return all;
  }

  private Batch take(String tenant, Pending pending) {
    tenants.remove(tenant);
    Batch batch = new Batch(tenant, pending.sinceNanos, List.copyOf(pending.rows.values()));
    taken.add(batch);
    return batch;
  }

  /// Forgets counters that are in the table.
  public synchronized void forget(Batch batch) {
    taken.remove(batch);
  }

  /// Takes back counters of which some are not in the table.
  ///
  /// @param rest those that are not
  public synchronized void giveBack(Batch batch, List<UsageRow> rest) {
    forget(batch);
    rest.forEach(row -> add(row, batch.sinceNanos));
  }

  /// A tenant's counters that are not in the table.
  public synchronized List<UsageRow> pending(String tenant) {
    List<UsageRow> rows = new ArrayList<>();
    Pending pending = tenants.get(tenant);
    if (pending != null) {
      rows.addAll(pending.rows.values());
    }
    for (Batch batch : taken) {
      if (batch.tenant.equals(tenant)) {
        rows.addAll(batch.rows);
      }
    }
    return rows;
  }

  /// All counters that are not in the table.
  public synchronized List<UsageRow> pending() {
    List<UsageRow> rows = new ArrayList<>();
    tenants.values().forEach(pending -> rows.addAll(pending.rows.values()));
    taken.forEach(batch -> rows.addAll(batch.rows));
    return rows;
  }

  /// The sum of a tenant's counters of a month that are not in the table.
  ///
  /// @param month as `yyyy-mm`
  public synchronized Counts pending(String tenant, String month) {
    Counts sum = Counts.NONE;
    for (UsageRow row : pending(tenant)) {
      if (row.day().startsWith(month)) {
        sum = sum.plus(row.counts());
      }
    }
    return sum;
  }
}
