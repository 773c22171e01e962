package dev.pilotlight.limits;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.store.rows.RowAddition;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The account of a tenant whose batch runs: the additions to its counters, which the batch writes
/// with its own checkpoint, and the quota of the month. Thread-safe.
public final class BatchAccount {
  /// Stands in rows of usage where requests have the id of their key. No key has it: ids are
  /// longer.
  public static final String KEY = "batch";

  private final Limits limits;
  private final String tenant;
  private final @Nullable Plan plan;
  private final @Nullable Refusal unknownPlan;

  /// @param tenant without the prefix of its rule
  /// @param plan null if nothing is limited
  BatchAccount(Limits limits, String tenant, @Nullable Plan plan, @Nullable Refusal unknownPlan) {
    this.limits = limits;
    this.tenant = tenant;
    this.plan = plan;
    this.unknownPlan = unknownPlan;
  }

  /// The tenant, without the prefix of its rule.
  public String tenant() {
    return tenant;
  }

  /// How many batches of the tenant may run at once; empty if they are not limited.
  public OptionalInt batchesAtOnce() {
    return plan == null || plan.batches() == Plan.ANY
        ? OptionalInt.empty()
        : OptionalInt.of(plan.batches());
  }

  /// A row of usage of the current day.
  ///
  /// @param model its name, or [UsageRow#NO_MODEL]
  public UsageRow row(String model, Counts counts) {
    return new UsageRow(tenant, limits.accounts().today().toString(), KEY, model, counts);
  }

  /// The row of a place.
  ///
  /// @param place as [UsageRow#place()]
  public UsageRow rowAt(String place, Counts counts) {
    String[] parts = place.split("#", 3);
    return new UsageRow(tenant, parts[0], parts[1], parts[2], counts);
  }

  /// All that a transaction adds to the table of clients for rows.
  public List<RowAddition> additions(List<UsageRow> rows) {
    return limits.accounts().additions(rows);
  }

  /// Logs rows that were written, and reads the month again for its quota.
  public void settle(List<UsageRow> rows) {
    Counts sum = Counts.NONE;
    for (UsageRow row : rows) {
      sum = sum.plus(row.counts());
    }
    if (!sum.equals(Counts.NONE)) {
      limits.accounts().logWritten(tenant, sum);
    }
    refresh();
  }

  /// Reads the month again, if its quota is limited.
  public void refresh() {
    if (plan != null && plan.quota() != null) {
      limits.accounts().reread(tenant);
    }
  }

  /// Checks the quota of the month as it was when it was last read.
  ///
  /// @param unwritten what the batch has used since then
  /// @throws Refusal RATE_LIMITED if the quota is used up, FORBIDDEN if the tenant's plan is
  ///   unknown
  public void require(Counts unwritten) {
    if (unknownPlan != null) {
      throw unknownPlan;
    }
    Plan.Quota quota = plan == null ? null : plan.quota();
    if (plan != null && quota != null) {
      Counts known = limits.accounts().used(tenant, new Meter());
      limits.requireQuota(plan, quota, known.plus(unwritten));
    }
  }
}
