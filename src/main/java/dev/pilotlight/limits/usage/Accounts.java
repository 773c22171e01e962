package dev.pilotlight.limits.usage;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.store.rows.RowAddition;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Log;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Counts what tenants use, and writes it to the table of clients when it is due ([Ledger]).
/// Thread-safe.
///
/// A write that was not sent, or that DynamoDB refused, is made later. One that was sent and has no
/// answer is not made again, so that no tenant pays twice; a line of the log has its counts.
public final class Accounts {
  static final int MONTH_CHARS = 7;
  private static final double NANOS = 1e9;

  /// About the time of one write: Lambda bills it, rounded up to milliseconds.
  private static final long WRITE_MILLIS = 10;

  private final UsageTable table;
  private final Ledger ledger;
  private final long nanoUsdOfWrite;
  private final InstantSource clock;
  private final Months months;
  private final Writing writing;
  private final Log log;

  public Accounts(UsageTable table, Ledger ledger, Cost cost, InstantSource clock, Log log) {
    this.table = table;
    this.ledger = ledger;
    this.clock = clock;
    this.log = log;
    this.months = new Months(table, ledger.period(), log);
    this.writing = new Writing(table, ledger, months, System::nanoTime, log);
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

  /// Writes counters that are due, if any are and a write has not failed lately; call this after an
  /// answer.
  ///
  /// @param tenant of the request that was answered
  public void writeDue(String tenant) {
    writing.writeDue(tenant, nanoUsdOfWrite);
  }

  /// Writes all counters, for a process that ends.
  public void writeAll() {
    writing.writeAll();
  }

  /// The use of a tenant in the current month, as far as this environment can see: what the table
  /// has, as old as the period at most, and what this environment has not written yet.
  ///
  /// @param meter counts the read, if there is one
  public Counts used(String tenant, Meter meter) {
    String month = month(today().toString());
    Counts known = months.of(tenant, month, meter);
    return known.plus(ledger.pending(tenant, month)).plus(writing.owed(tenant, month));
  }

  /// Reads the tenant's month again if what is known is old; call this after an answer.
  public void refresh(String tenant, Meter meter) {
    months.refresh(tenant, month(today().toString()), meter);
  }

  /// Reads the tenant's month again, whatever its age.
  public void reread(String tenant) {
    months.reread(tenant, month(today().toString()));
  }

  /// All that a transaction adds to the table for rows, which may take back earlier counts.
  public List<RowAddition> additions(List<UsageRow> rows) {
    return table.additions(rows);
  }

  /// Logs the counters of a tenant that a transaction has written.
  public void logWritten(String tenant, Counts counts) {
    log.info("usage", Writing.fields(tenant, counts));
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

  static String month(String day) {
    return day.substring(0, MONTH_CHARS);
  }
}
