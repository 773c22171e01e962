package dev.pilotlight.limits.usage;

import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The counters of this environment that are not in the table yet. Thread-safe.
///
/// A tenant's first counters are due once the counted requests cost as much as writing them. Later
/// ones are due once
///
/// - the period (60 s) has passed since the first of them, or 1,000 items were counted, and the
///   counted requests cost 20 times as much as writing the counters, or
/// - 5 minutes have passed, or 20,000 items were counted.
///
/// An environment that ends loses what is counted here.
public final class Ledger {
  static final Duration AGE_MAX = Duration.ofMinutes(5);
  static final long ITEMS = 1_000;
  static final long ITEMS_MAX = 20_000;
  static final long COST_FACTOR = 20;

  /// Above so many tenants, the counters of one that has waited long are due.
  static final int TENANTS_MAX = 1_000;

  private static final int WRITTEN_MAX = 10_000;

  /// All tenants are looked through at most so often.
  private static final long WALK_NANOS = Duration.ofSeconds(1).toNanos();

  private final Duration period;
  private final LongSupplier nanoTime;
  private final Map<String, Pending> tenants = new LinkedHashMap<>();
  private final Set<String> written = new HashSet<>(); // tenants whose first counters are written
  private long walkedNanos;
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

  /// @param period after which counters are due
  /// @param nanoTime a clock as [System#nanoTime()]
  public Ledger(Duration period, LongSupplier nanoTime) {
    this.period = period;
    this.nanoTime = nanoTime;
    this.walkedNanos = nanoTime.getAsLong() - WALK_NANOS;
  }

  /// After which time counters are due.
  Duration period() {
    return period;
  }

  /// Counts a request.
  public synchronized void add(UsageRow row) {
    add(row, nanoTime.getAsLong());
  }

  private void add(UsageRow row, long sinceNanos) {
    Pending pending = tenants.computeIfAbsent(row.tenant(), _ -> new Pending(sinceNanos));
    String place = row.place();
    UsageRow before = pending.rows.get(place);
    pending.rows.put(place, before == null ? row : row.plus(before.counts()));
    pending.items += row.counts().get(Counter.ITEMS);
    pending.nanoUsd += row.counts().get(Counter.USD_NANO);
  }

  /// Takes counters that are due: those of a tenant, else those of another one. The caller calls
  /// [#forget] or [#giveBack] with them.
  ///
  /// @param tenant the one that was counted last
  /// @param nanoUsdOfWrite what writing one row costs
  /// @return null if none are due
  public synchronized @Nullable Batch takeDue(String tenant, long nanoUsdOfWrite) {
    long now = nanoTime.getAsLong();
    Pending own = tenants.get(tenant);
    if (own != null && isDue(tenant, own, now, nanoUsdOfWrite)) {
      return take(tenant, own);
    }
    if (tenants.size() > TENANTS_MAX) {
      Map.Entry<String, Pending> first = tenants.entrySet().iterator().next();
      return take(first.getKey(), first.getValue());
    }
    if (now - walkedNanos < WALK_NANOS) {
      return null;
    }
    for (Map.Entry<String, Pending> each : tenants.entrySet()) {
      if (isDue(each.getKey(), each.getValue(), now, nanoUsdOfWrite)) {
        return take(each.getKey(), each.getValue());
      }
    }
    walkedNanos = now;
    return null;
  }

  private boolean isDue(String tenant, Pending pending, long now, long nanoUsdOfWrite) {
    long age = now - pending.sinceNanos;
    if (age >= AGE_MAX.toNanos() || pending.items >= ITEMS_MAX) {
      return true;
    }
    long rows = pending.rows.size();
    if (!written.contains(tenant)) {
      return pending.nanoUsd >= (rows + 2) * nanoUsdOfWrite; // the month, and the month's list
    }
    return (age >= period.toNanos() || pending.items >= ITEMS)
        && pending.nanoUsd >= COST_FACTOR * (rows + 1) * nanoUsdOfWrite;
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
    if (written.size() >= WRITTEN_MAX) {
      written.clear(); // their next counters are written early, once more
    }
    written.add(batch.tenant);
  }

  /// Takes back counters of which some are not in the table.
  ///
  /// @param rest those that are not
  public synchronized void giveBack(Batch batch, List<UsageRow> rest) {
    taken.remove(batch);
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
