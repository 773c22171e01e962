package dev.pilotlight.limits.usage;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.store.rows.UncertainWrite;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Counts what tenants use, and writes it to the table of clients as [Ledger] has it. Thread-safe.
///
/// A write that DynamoDB did not make is made again later. One of which that is not known is never
/// made again, so that no tenant pays twice; a line of the log has its counts.
public final class Accounts {
  static final int MONTH_CHARS = 7;
  private static final double NANOS = 1e9;
  private static final Duration CALL = Duration.ofSeconds(2);

  /// About the time of one write: Lambda bills it, rounded up to milliseconds.
  private static final long WRITE_MILLIS = 10;

  private final UsageTable table;
  private final Ledger ledger;
  private final long nanoUsdOfWrite;
  private final InstantSource clock;
  private final Log log;
  private final Months months;
  private final Set<String> entered = new HashSet<>(); // guarded by this
  private final Map<String, Counts> owed = new HashMap<>(); // guarded by this
  private @Nullable String process; // guarded by writing
  private long writes; // guarded by writing
  private final Set<String> fresh = new HashSet<>(); // entered by this batch; guarded by writing
  private final Object writing = new Object();

  public Accounts(UsageTable table, Ledger ledger, Cost cost, InstantSource clock, Log log) {
    this.table = table;
    this.ledger = ledger;
    this.clock = clock;
    this.log = log;
    this.months = new Months(table, log);
    double usd = cost.usd(new Cost.Use(WRITE_MILLIS, 0, 0, 0, 1, 0, 0));
    this.nanoUsdOfWrite = Math.max(1, Math.round(usd * NANOS));
  }

  /// Counts one request.
  ///
  /// @param key the public id of its key
  /// @param model empty for a request that used none
  /// @param answered items, tokens, hits and runs of its answer
  /// @param usd its estimated cost
  public void count(String tenant, String key, String model, Counts answered, double usd) {
    String place = model.isEmpty() ? UsageRow.NO_MODEL : model;
    Counts counts =
        answered.with(Counter.REQUESTS, 1).with(Counter.USD_NANO, Math.round(usd * NANOS));
    ledger.add(new UsageRow(tenant, today().toString(), key, place, counts));
  }

  /// Writes counters that are due, if any are; call this after an answer.
  ///
  /// @param tenant of the request that was answered
  /// @param meter counts the writes
  /// @return whether there were any
  public boolean writeDue(String tenant, Meter meter) {
    Ledger.Batch due = ledger.takeDue(tenant, nanoUsdOfWrite);
    if (due != null) {
      write(due, meter);
    }
    return due != null;
  }

  /// Writes all counters, for a process that ends.
  public void writeAll() {
    ledger.takeAll().forEach(batch -> write(batch, new Meter()));
  }

  /// The use of a tenant in the current month, as far as this environment can see: what the table
  /// has, at most 60 s old, and what this environment has not written yet.
  ///
  /// @param meter counts the read, if there is one
  public Counts used(String tenant, Meter meter) {
    String month = month(today().toString());
    Counts known = months.of(tenant, month, meter);
    return known.plus(ledger.pending(tenant, month)).plus(owed(tenant, month));
  }

  /// Reads the tenant's month again if what is known is old; call this after an answer.
  public void refresh(String tenant, Meter meter) {
    months.refresh(tenant, month(today().toString()), meter);
  }

  /// The use of a tenant from one day to another, with the counters that this environment has not
  /// written yet.
  ///
  /// @throws StoreException if the table could not be read
  public List<UsageRow> rows(String tenant, LocalDate first, LocalDate last, Deadline end) {
    List<UsageRow> stored = table.days(tenant, first, last, end);
    return UsageRows.sum(stored, UsageRows.between(ledger.pending(tenant), first, last));
  }

  /// The tenants that used anything in the months of these days.
  ///
  /// @throws StoreException if the table could not be read
  public Set<String> tenants(LocalDate first, LocalDate last, Deadline end) {
    Set<String> tenants = new HashSet<>();
    for (LocalDate day = first.withDayOfMonth(1); !day.isAfter(last); day = day.plusMonths(1)) {
      tenants.addAll(table.tenants(month(day.toString()), end));
    }
    UsageRows.between(ledger.pending(), first, last).forEach(row -> tenants.add(row.tenant()));
    return tenants;
  }

  /// The day in UTC.
  public LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private void write(Ledger.Batch batch, Meter meter) {
    synchronized (writing) {
      writeAlone(batch, meter);
    }
  }

  private void writeAlone(Ledger.Batch batch, Meter meter) {
    Deadline end = Deadline.in(CALL);
    fresh.clear();
    List<UsageRow> rest = new ArrayList<>();
    Map<String, Counts> written = new HashMap<>();
    for (UsageRow row : batch.rows()) {
      if (!add(row, end, meter, written)) {
        rest.add(row);
      }
    }
    written.forEach((month, counts) -> owe(batch.tenant(), month, counts));
    if (rest.isEmpty()) {
      ledger.forget(batch);
    } else {
      ledger.giveBack(batch, rest);
    }
    written.keySet().forEach(month -> addMonth(batch.tenant(), month, end, meter));
    Counts sum = Counts.NONE;
    for (Counts counts : written.values()) {
      sum = sum.plus(counts);
    }
    logLine(batch.tenant(), sum);
  }

  /// @return false if the row must be written again
  private boolean add(UsageRow row, Deadline end, Meter meter, Map<String, Counts> written) {
    String month = month(row.day());
    try {
      enter(row.tenant(), month, end, meter);
      meter.wrote(1);
      table.add(row, mark(), end);
      written.merge(month, row.counts(), Counts::plus);
      return true;
    } catch (StoreException e) {
      log.warn("usage could not be written; it is written later", e);
      return false;
    } catch (RuntimeException e) { // an uncertain write, or a failure of ours
      log.error("usage may not be counted", e, fields(row.tenant(), row.counts()));
      return true;
    }
  }

  private void enter(String tenant, String month, Deadline end, Meter meter) {
    synchronized (this) {
      if (entered.contains(tenant + month)) {
        return;
      }
    }
    meter.wrote(1);
    try {
      table.enter(tenant, month, mark(), end);
    } catch (UncertainWrite e) {
      return; // it is entered again, which changes nothing
    }
    fresh.add(tenant + month);
    synchronized (this) {
      entered.add(tenant + month);
    }
  }

  private void addMonth(String tenant, String month, Deadline end, Meter meter) {
    Counts counts = owed(tenant, month);
    boolean isNew = false;
    try {
      meter.wrote(1);
      Counts sums = table.addMonth(tenant, month, counts, mark(), end);
      if (sums != null) {
        months.put(tenant, month, sums);
        isNew = sums.equals(counts) && !fresh.contains(tenant + month);
      }
    } catch (StoreException e) {
      log.warn("a tenant's month could not be written; it is written later", e);
      return;
    } catch (RuntimeException e) { // an uncertain write, or a failure of ours
      log.error("a tenant's month may not be counted", e, fields(tenant, counts));
    }
    owe(tenant, month, counts.negated());
    if (isNew) {
      enterAgain(tenant, month, end, meter);
    }
  }

  /// A month without earlier counts may be that of a tenant who was deleted and made again: its
  /// entry was erased, too.
  private void enterAgain(String tenant, String month, Deadline end, Meter meter) {
    synchronized (this) {
      entered.remove(tenant + month);
    }
    try {
      enter(tenant, month, end, meter);
    } catch (StoreException e) {
      log.warn("a tenant could not be entered in a month; it is entered later", e);
    }
  }

  private synchronized void owe(String tenant, String month, Counts counts) {
    Counts all = owed(tenant, month).plus(counts);
    if (all.equals(Counts.NONE)) {
      owed.remove(month + tenant);
    } else {
      owed.put(month + tenant, all);
    }
  }

  private synchronized Counts owed(String tenant, String month) {
    return owed.getOrDefault(month + tenant, Counts.NONE);
  }

  private void logLine(String tenant, Counts sum) {
    if (sum.get(Counter.REQUESTS) > 0) {
      log.info("usage", fields(tenant, sum));
    }
  }

  private static Object[] fields(String tenant, Counts counts) {
    List<Object> fields = new ArrayList<>();
    fields.add("tenant");
    fields.add(tenant);
    for (Counter counter : Counter.values()) {
      fields.add(counter.wireName());
      fields.add(counts.get(counter));
    }
    return fields.toArray();
  }

  /// The process has its name from its first write on: a snapshot of it has none.
  private String mark() {
    if (process == null) {
      process = UUID.randomUUID().toString();
    }
    return process + ':' + ++writes;
  }

  static String month(String day) {
    return day.substring(0, MONTH_CHARS);
  }
}
