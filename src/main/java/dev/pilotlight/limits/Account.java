package dev.pilotlight.limits;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.Standing;
import dev.pilotlight.limits.usage.Accounts;
import org.jspecify.annotations.Nullable;

/// One request of a tenant: whether it is admitted, and what it uses. Confined to the request's
/// thread.
public final class Account {
  private final Limits limits;
  private final String tenant;
  private final String key;
  private final @Nullable Plan plan;
  private final @Nullable Admission admission;
  private final @Nullable Refusal unknownPlan;
  private long tokens;
  private boolean quotaUsedUp;

  /// @param tenant without the prefix of its rule
  /// @param plan null if nothing is limited
  Account(
      Limits limits,
      String tenant,
      String key,
      @Nullable Plan plan,
      @Nullable Admission admission,
      @Nullable Refusal unknownPlan) {
    this.limits = limits;
    this.tenant = tenant;
    this.key = key;
    this.plan = plan;
    this.admission = admission;
    this.unknownPlan = unknownPlan;
  }

  /// The tenant, without the prefix of its rule.
  public String tenant() {
    return tenant;
  }

  /// The plan's name; empty if nothing is limited.
  public String plan() {
    return plan == null ? "" : plan.name();
  }

  /// Whether the tenant reads the usage of all tenants.
  public boolean isOperator() {
    return limits.isOperator(tenant);
  }

  /// The counters of all tenants.
  public Accounts accounts() {
    return limits.accounts();
  }

  /// Checks the quota of the month, before anything is looked up or run.
  ///
  /// @param meter counts the read of the month, if there is one
  /// @return the question for the rates; null if the plan has none
  /// @throws Refusal RATE_LIMITED if the quota is used up, FORBIDDEN if the tenant's plan is
  ///   unknown
  public @Nullable Admission admission(Meter meter) {
    requirePlan();
    Plan.Quota quota = plan == null ? null : plan.quota();
    if (plan != null && quota != null) {
      requireQuota(plan, quota, accounts().used(tenant, meter));
    }
    return admission;
  }

  private void requireQuota(Plan limited, Plan.Quota quota, Counts used) {
    try {
      limits.requireQuota(limited, quota, used);
    } catch (Refusal refusal) {
      quotaUsedUp = true;
      throw refusal;
    }
  }

  /// Whether the request may be sent again soon after a refusal: not before the next month if the
  /// quota is used up.
  public boolean retryHelps() {
    return !quotaUsedUp;
  }

  /// After which time the rates would admit the request, in microseconds; 0 if they do.
  public long retryMicros() {
    return admission == null ? 0 : admission.waitMicros();
  }

  /// Checks the rates, for a request that runs nothing.
  ///
  /// @throws Refusal RATE_LIMITED; FORBIDDEN if the tenant's plan is unknown
  public void require() {
    requirePlan();
    if (admission != null) {
      admission.require();
    }
  }

  private void requirePlan() {
    if (unknownPlan != null) {
      throw unknownPlan;
    }
  }

  /// The rest that the tenant may still send; null if its plan has no rates, or they were not
  /// asked.
  public @Nullable Standing standing() {
    return admission == null ? null : admission.standing();
  }

  /// Sets how many tokens the answer has, whether they were run or not.
  public void answered(long answeredTokens) {
    tokens = answeredTokens;
  }

  /// Charges the tokens of the answer, and writes counters that are due. Call this after [#count].
  /// No tenant pays for it.
  public void settle() {
    if (admission != null) {
      admission.charge(tokens);
    }
    accounts().writeDue(tenant);
    if (plan != null && plan.quota() != null) {
      accounts().refresh(tenant, new Meter());
    }
  }

  /// Counts the request.
  ///
  /// @param answered whether its items were answered
  /// @param model its model; empty if it used none
  /// @param usd its estimated cost
  public void count(boolean answered, String model, Meter meter, double usd) {
    accounts().count(tenant, key, model, answered ? counts(meter) : Counts.NONE, usd);
  }

  private Counts counts(Meter meter) {
    return Counts.NONE
        .with(Counter.ITEMS, meter.items())
        .with(Counter.TOKENS, tokens)
        .with(Counter.HITS_MEMORY, meter.answered(Tier.MEMORY))
        .with(Counter.HITS_REDIS, meter.answered(Tier.REDIS))
        .with(Counter.HITS_STORE, meter.answered(Tier.DYNAMODB))
        .with(Counter.COMPUTED, meter.answered(Tier.RUN));
  }
}
