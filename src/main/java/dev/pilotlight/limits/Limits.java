package dev.pilotlight.limits;

import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.limits.usage.Accounts;
import dev.pilotlight.limits.usage.Ledger;
import dev.pilotlight.limits.usage.UsageTable;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Usd;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Limits what tenants send by their plans, and counts what they use. Thread-safe.
public final class Limits {
  private static final double NANOS = 1e9;

  private final @Nullable Plans plans;
  private final Admission.Environment environment;
  private final Accounts accounts;
  private final String operator;
  private final InstantSource clock;
  private final Log log;

  /// Makes the limits of an environment.
  ///
  /// @param redis null if it is off
  /// @param scope precedes tenants' names in Redis, which several stacks may share
  /// @param cost of this environment's work
  /// @throws IllegalArgumentException if the plans cannot be read
  public static Limits of(
      LimitSettings settings,
      @Nullable RedisTier redis,
      String scope,
      UsageTable table,
      Cost cost,
      Log log) {
    InstantSource clock = InstantSource.system();
    Ledger ledger = new Ledger(settings.period(), System::nanoTime);
    Accounts accounts = new Accounts(table, ledger, cost, clock, log);
    return new Limits(settings, redis, scope, accounts, System::nanoTime, clock, log);
  }

  Limits(
      LimitSettings settings,
      @Nullable RedisTier redis,
      String scope,
      Accounts accounts,
      LongSupplier nanoTime,
      InstantSource clock,
      Log log) {
    this.plans = settings.areOn() ? settings.read() : null;
    OwnRates own = new OwnRates(nanoTime, settings.environments());
    this.environment = new Admission.Environment(redis, own, scope + ":", log);
    this.accounts = accounts;
    this.operator = settings.operator();
    this.clock = clock;
    this.log = log;
  }

  /// The counters of all tenants.
  public Accounts accounts() {
    return accounts;
  }

  /// Whether a tenant's keys read the usage of all tenants.
  boolean isOperator(String tenant) {
    return !operator.isEmpty() && operator.equals(tenant);
  }

  /// Begins a request of a tenant.
  ///
  /// @param tenant without the prefix of its rule
  /// @param key the public id of the key
  /// @param plan the name of its plan; empty if it has none
  public Account open(String tenant, String key, String plan) {
    if (plans == null) {
      return new Account(this, tenant, key, null, null, null);
    }
    Plan found = plans.of(plan);
    if (found == null) {
      return new Account(this, tenant, key, null, null, unknown(plans, tenant, plan));
    }
    Rates rates = found.rates();
    Admission admission = rates == null ? null : new Admission(environment, tenant, found, rates);
    return new Account(this, tenant, key, found, admission, null);
  }

  /// The account of a tenant's batch.
  ///
  /// @param tenant without the prefix of its rule
  /// @param plan as for [#open]
  public BatchAccount ofBatch(String tenant, String plan) {
    if (plans == null) {
      return new BatchAccount(this, tenant, null, null);
    }
    Plan found = plans.of(plan);
    return new BatchAccount(
        this, tenant, found, found == null ? unknown(plans, tenant, plan) : null);
  }

  /// Logs the operator's mistake: no limit and another plan's limit would both be wrong.
  private Refusal unknown(Plans known, String tenant, String plan) {
    String name = plan.isEmpty() ? Plans.STANDARD : plan;
    log.error(
        "a tenant has a plan that is not in " + known.source(),
        null,
        "tenant",
        tenant,
        "plan",
        name,
        "known",
        known.names());
    return Refusal.of(
        Reason.FORBIDDEN, "plan", "the plan of this tenant is not known here: " + name);
  }

  /// @throws Refusal RATE_LIMITED if the month's quota is used up
  void requireQuota(Plan plan, Plan.Quota quota, Counts used) {
    requireQuota(plan, "items", quota.items(), used.get(Counter.ITEMS));
    requireQuota(plan, "tokens", quota.tokens(), used.get(Counter.TOKENS));
    requireQuota(plan, "USD", quota.nanoUsd(), used.get(Counter.USD_NANO));
  }

  private void requireQuota(Plan plan, String unit, long quota, long used) {
    if (used >= quota) {
      boolean money = unit.equals("USD");
      throw Refusal.rateLimited(
              "plan "
                  + plan.name()
                  + " allows "
                  + (money ? Usd.format(quota / NANOS) : Long.toString(quota))
                  + " "
                  + unit
                  + " in a calendar month (UTC), and "
                  + (money ? Usd.format(used / NANOS) : Long.toString(used))
                  + " are used",
              untilNextMonth())
          .at("quota");
    }
  }

  private Duration untilNextMonth() {
    Instant now = clock.instant();
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return Duration.between(
        now, today.withDayOfMonth(1).plusMonths(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }
}
