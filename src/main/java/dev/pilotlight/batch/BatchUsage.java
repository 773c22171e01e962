package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Bill;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.lines.ModelTimes;
import dev.pilotlight.batch.output.Billing;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.limits.BatchAccount;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The tenant of one invocation's batch, what it uses, and what it may still use. Without an
/// account nothing is counted and nothing is limited.
public final class BatchUsage {
  private final Lease lease;
  private final BatchServices services;
  private final @Nullable ApiPart api;
  private final ModelTimes times = new ModelTimes();
  private @Nullable BatchTenant tenant;
  private @Nullable BatchBilling billing;

  public BatchUsage(Lease lease, BatchServices services) {
    this(lease, services, null);
  }

  /// @param api has the models of a batch of OpenAI's API; null unless the batch was made through
  ///   OpenAI's API
  BatchUsage(Lease lease, BatchServices services, @Nullable ApiPart api) {
    this.lease = lease;
    this.services = services;
    this.api = api;
  }

  /// The tenant, which the first call looks up.
  ///
  /// @throws BatchException.Unreadable if the object's key names none
  /// @throws Refusal UNAVAILABLE if the tenants cannot be read
  public BatchTenant tenant() {
    BatchTenant found = tenant;
    if (found == null) {
      found = find();
      tenant = found;
      BatchAccount account = found.account();
      billing = account == null ? null : billing(found, account, times);
    }
    return found;
  }

  private BatchTenant find() {
    try {
      return services.tenants().of(lease.version().key(), api == null ? null : api.models());
    } catch (Refusal refusal) {
      if (refusal.reason() == Refusal.Reason.UNAVAILABLE) {
        throw refusal;
      }
      throw new BatchException.Unreadable(refusal.message(), refusal);
    }
  }

  private BatchBilling billing(BatchTenant of, BatchAccount account, ModelTimes by) {
    return new BatchBilling(lease, of.owner(), account, BatchCost.of(services), by);
  }

  /// Gets the time of every model's windows.
  public ModelTimes times() {
    return times;
  }

  /// Makes the bills of checkpoints.
  public Billing billing() {
    var _ = tenant();
    return billing == null ? Billing.NONE : billing;
  }

  /// Refuses a batch none of whose lines is answered, if the quota is used up. A later invocation
  /// may have nothing left but to publish.
  ///
  /// @throws BatchException.QuotaUsedUp or, if the tenant's plan is unknown,
  ///   [BatchException.Misconfigured]
  public void requireToBegin() {
    BatchAccount account = tenant().account();
    if (account != null) {
      account.refresh();
      require(account, Counts.NONE, lease.progress().counts().lines() == lease.job().linesBefore());
    }
  }

  /// Refuses further lines if the quota is used up.
  ///
  /// @throws BatchException as [#requireToBegin]
  public void requireQuota() {
    BatchAccount account = tenant().account();
    BatchBilling bills = billing;
    if (account != null && bills != null) {
      require(account, bills.unwritten(), true);
    }
  }

  /// @param quota whether also the quota counts, and not the plan's name alone
  private static void require(BatchAccount account, Counts unwritten, boolean quota) {
    try {
      account.require(unwritten);
    } catch (Refusal refusal) {
      if (refusal.reason() != Refusal.Reason.RATE_LIMITED) {
        throw new BatchException.Misconfigured(refusal.message(), refusal);
      }
      if (quota) {
        throw new BatchException.QuotaUsedUp(
            refusal.message()
                + ". The batch continues after its last answered line if its event is sent again in"
                + " the next month, or once the plan allows more",
            refusal);
      }
    }
  }

  /// Takes back the counts of lines that will be answered again, if the batch begins from its start
  /// once more.
  public void takeBackBeforeRestart() {
    if (lease.billed().isNone() || !lease.isAtStart()) {
      return;
    }
    var _ = tenant();
    BatchBilling bills = billing;
    if (bills == null) {
      return;
    }
    for (Bill bill = bills.takeBack(); !bill.rows().isEmpty(); bill = bills.takeBack()) {
      lease.checkpoint(lease.job().first(), bill);
      bills.settle(bill);
    }
  }

  /// Ends a batch without a summary. Its lines since the last checkpoint do not count, and its cost
  /// does.
  ///
  /// @param write writes the batch's end and its last bill
  public void end(Consumer<Bill> write) {
    BatchTenant found = tenant;
    BatchAccount account = found == null ? null : found.account();
    if (found == null || account == null || lease.progress().phase().isPublishing()) {
      write.accept(Bill.NONE);
      return;
    }
    BatchBilling last = billing(found, account, new ModelTimes());
    Bill bill = last.next(lease.progress());
    write.accept(bill);
    last.settle(bill);
  }
}
