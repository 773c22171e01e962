package dev.pilotlight.limits.usage;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Writes counters to the table of clients. Thread-safe: one thread writes at a time, and the
/// others do not wait for it.
///
/// After a failure nothing is written for a second, and for twice as long after each further one,
/// up to a minute. Counters that were not sent are written later.
final class Writing {
  static final Duration PAUSE = Duration.ofSeconds(1);
  static final Duration PAUSE_MAX = Duration.ofSeconds(60);

  /// The time limit of one call.
  private static final Duration CALL = Duration.ofSeconds(2);

  /// After this time no further row is written with the same request, whose caller may wait.
  private static final Duration SLICE = Duration.ofMillis(100);

  private final UsageTable table;
  private final Ledger ledger;
  private final Months months;
  private final LongSupplier nanoTime;
  private final Log log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> entered = new HashSet<>(); // guarded by lock
  private @Nullable String process; // guarded by lock
  private long marks; // guarded by lock
  private long pauseNanos; // guarded by lock; 0 after a success
  private long failedNanos; // guarded by lock
  private final Map<String, Counts> owed = new LinkedHashMap<>(); // guarded by itself

  /// The writes with one request, or those at the end of the process.
  private static final class Round {
    final Deadline slice;
    final boolean last;
    final Set<String> entered = new HashSet<>();
    boolean begun, failed, unanswered;

    Round(Duration slice, boolean last) {
      this.slice = Deadline.in(slice);
      this.last = last;
    }

    /// One call is made however late it is.
    boolean isOver() {
      return begun && ((unanswered && !last) || slice.passed());
    }
  }

  /// @param nanoTime a clock as [System#nanoTime()]
  Writing(UsageTable table, Ledger ledger, Months months, LongSupplier nanoTime, Log log) {
    this.table = table;
    this.ledger = ledger;
    this.months = months;
    this.nanoTime = nanoTime;
    this.log = log;
  }

  /// Writes counters that are due, unless another thread writes or a write has failed lately.
  ///
  /// @param tenant of the request that was answered
  void writeDue(String tenant, long nanoUsdOfWrite) {
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (pauseNanos == 0 || nanoTime.getAsLong() - failedNanos >= pauseNanos) {
        Ledger.Batch due = ledger.takeDue(tenant, nanoUsdOfWrite);
        if (due != null || owesAny()) {
          write(due);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Writes all counters, for a process that ends. The log has an error with those that could not
  /// be written.
  void writeAll() {
    try {
      if (lock.tryLock(CALL.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          writeAllAlone();
        } finally {
          lock.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Map<String, Counts> left = new HashMap<>();
    ledger.pending().forEach(row -> left.merge(row.tenant(), row.counts(), Counts::plus));
    left.forEach(
        (tenant, counts) -> log.error("usage may not be counted", null, fields(tenant, counts)));
  }

  private void writeAllAlone() {
    Round round = new Round(CALL, true);
    for (Ledger.Batch batch : ledger.takeAll()) {
      write(batch, round);
    }
    writeMonths(round);
  }

  private void write(Ledger.@Nullable Batch batch) {
    Round round = new Round(SLICE, false);
    if (batch != null) {
      write(batch, round);
    }
    if (!round.unanswered) {
      writeMonths(round);
    }
    pauseNanos = round.failed ? longer(pauseNanos) : 0;
    failedNanos = nanoTime.getAsLong();
  }

  private static long longer(long pauseNanos) {
    return Math.clamp(2 * pauseNanos, PAUSE.toNanos(), PAUSE_MAX.toNanos());
  }

  private void write(Ledger.Batch batch, Round round) {
    List<UsageRow> rest = new ArrayList<>();
    Map<String, Counts> written = new HashMap<>();
    for (UsageRow row : batch.rows()) {
      if (round.isOver() || !add(row, round, written)) {
        rest.add(row);
      }
    }
    written.forEach(this::owe);
    if (rest.isEmpty()) {
      ledger.forget(batch);
    } else {
      ledger.giveBack(batch, rest);
    }
    logLine(batch.tenant(), written);
  }

  /// @return false if the row must be written again
  private boolean add(UsageRow row, Round round, Map<String, Counts> written) {
    String month = Accounts.month(row.day());
    round.begun = true;
    if (!enter(row.tenant(), month, round)) {
      return false;
    }
    try {
      table.add(row, mark(), Deadline.in(CALL));
      written.merge(place(row.tenant(), month), row.counts(), Counts::plus);
      return true;
    } catch (StoreException e) {
      round.failed = true;
      log.warn("usage could not be written; it is written later", e);
      return false;
    } catch (RuntimeException e) { // an uncertain write, or a failure of ours
      round.failed = true;
      round.unanswered = true;
      log.error("usage may not be counted", e, fields(row.tenant(), row.counts()));
      return true;
    }
  }

  /// Adds nothing, so that it may be made again after any failure.
  private boolean enter(String tenant, String month, Round round) {
    if (entered.contains(place(tenant, month))) {
      return true;
    }
    try {
      table.enter(tenant, month, mark(), Deadline.in(CALL));
      entered.add(place(tenant, month));
      round.entered.add(place(tenant, month));
      return true;
    } catch (RuntimeException e) {
      round.failed = true;
      round.unanswered = !(e instanceof StoreException);
      log.warn("usage could not be written; it is written later", e);
      return false;
    }
  }

  private void writeMonths(Round round) {
    round.begun = false;
    for (Map.Entry<String, Counts> each : owed()) {
      if (round.isOver()) {
        return;
      }
      addMonth(each.getKey(), each.getValue(), round);
    }
  }

  private void addMonth(String place, Counts counts, Round round) {
    String month = place.substring(0, Accounts.MONTH_CHARS);
    String tenant = place.substring(Accounts.MONTH_CHARS);
    round.begun = true;
    boolean begins = false; // a tenant that was deleted and made again may lack its entry
    try {
      Counts sums = table.addMonth(tenant, month, counts, mark(), Deadline.in(CALL));
      if (sums != null) {
        months.put(tenant, month, sums);
        begins = sums.equals(counts);
      }
    } catch (StoreException e) {
      round.failed = true;
      log.warn("a tenant's month could not be written; it is written later", e);
      return;
    } catch (RuntimeException e) { // an uncertain write, or a failure of ours
      round.failed = true;
      round.unanswered = true;
      log.error("a tenant's month may not be counted", e, fields(tenant, counts));
    }
    owe(place, counts.negated());
    if (begins && !round.entered.contains(place)) {
      entered.remove(place);
      var _ = enter(tenant, month, round);
    }
  }

  private void owe(String place, Counts counts) {
    synchronized (owed) {
      Counts all = owed.getOrDefault(place, Counts.NONE).plus(counts);
      if (all.equals(Counts.NONE)) {
        owed.remove(place);
      } else {
        owed.put(place, all);
      }
    }
  }

  /// The counts that are in a tenant's rows and not in its month yet.
  Counts owed(String tenant, String month) {
    synchronized (owed) {
      return owed.getOrDefault(place(tenant, month), Counts.NONE);
    }
  }

  private List<Map.Entry<String, Counts>> owed() {
    synchronized (owed) {
      return List.copyOf(Map.copyOf(owed).entrySet());
    }
  }

  /// As strings, because a record's hash takes long at its first use.
  private static String place(String tenant, String month) {
    return month + tenant;
  }

  private boolean owesAny() {
    synchronized (owed) {
      return !owed.isEmpty();
    }
  }

  private void logLine(String tenant, Map<String, Counts> written) {
    Counts sum = Counts.NONE;
    for (Counts counts : written.values()) {
      sum = sum.plus(counts);
    }
    if (sum.get(Counter.REQUESTS) > 0) {
      log.info("usage", fields(tenant, sum));
    }
  }

  static Object[] fields(String tenant, Counts counts) {
    List<Object> fields = new ArrayList<>();
    fields.add("tenant");
    fields.add(tenant);
    for (Counter counter : Counter.values()) {
      fields.add(counter.wireName());
      fields.add(counts.get(counter));
    }
    return fields.toArray();
  }

  /// Each process takes its name at its first write, so that none shares that of a snapshot.
  private String mark() {
    if (process == null) {
      process = UUID.randomUUID().toString();
    }
    return process + ':' + ++marks;
  }
}
