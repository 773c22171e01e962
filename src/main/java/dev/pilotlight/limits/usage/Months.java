package dev.pilotlight.limits.usage;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sums of tenants' months as the table had them when it was last read or written. Thread-safe.
final class Months {
  private static final int TENANTS_MAX = 10_000;
  private static final Duration READ = Duration.ofSeconds(1);

  private final UsageTable table;
  private final long freshNanos;
  private final Log log;
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > TENANTS_MAX;
        }
      };

  private record Known(String month, Counts counts, long atNanos) {}

  /// @param period after which sums are read again
  Months(UsageTable table, Duration period, Log log) {
    this.table = table;
    this.freshNanos = period.toNanos();
    this.log = log;
  }

  /// The sums of a month. They are read if none are known; if that fails, which is logged, they
  /// count as none until the next read.
  Counts of(String tenant, String month, Meter meter) {
    Known last = last(tenant, month);
    return last == null ? read(tenant, month, Counts.NONE, meter) : last.counts;
  }

  /// Reads sums that are older than the period.
  void refresh(String tenant, String month, Meter meter) {
    Known last = last(tenant, month);
    if (last != null && System.nanoTime() - last.atNanos >= freshNanos) {
      var _ = read(tenant, month, last.counts, meter);
    }
  }

  /// Reads the sums of a month now.
  void reread(String tenant, String month) {
    Known last = last(tenant, month);
    var _ = read(tenant, month, last == null ? Counts.NONE : last.counts, new Meter());
  }

  synchronized void put(String tenant, String month, Counts counts) {
    known.put(tenant, new Known(month, counts, System.nanoTime()));
  }

  private synchronized @Nullable Known last(String tenant, String month) {
    Known last = known.get(tenant);
    return last != null && last.month.equals(month) ? last : null;
  }

  private Counts read(String tenant, String month, Counts otherwise, Meter meter) {
    Counts counts = otherwise;
    try {
      meter.read(2); // strongly consistent
      counts = table.month(tenant, month, Deadline.in(READ));
    } catch (StoreException | IllegalArgumentException e) {
      log.warn("a tenant's month could not be read; its quota counts what is known", e);
    }
    put(tenant, month, counts);
    return counts;
  }
}
