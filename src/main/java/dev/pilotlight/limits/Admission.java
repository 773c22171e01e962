package dev.pilotlight.limits;

import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.cache.ScriptCall;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.limits.Standing;
import dev.pilotlight.limits.Rates.Limit;
import dev.pilotlight.limits.Rates.Verdict;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// Asks once for one request whether the rates of its plan admit it, and charges its tokens after
/// its answer. Confined to the request's thread.
///
/// The question may travel with the request's look-up: [#toSend()] gives the call, and [#require()]
/// reads its reply. While Redis does not answer, the environment's own rates do.
public final class Admission {

  /// The parts that all requests of an environment share.
  ///
  /// @param redis null if it is off
  /// @param scope precedes tenants' names in Redis, which several stacks may share
  record Environment(@Nullable RedisTier redis, OwnRates own, String scope, Log log) {}

  private final Environment environment;
  private final String tenant;
  private final Plan plan;
  private final Rates rates;
  private @Nullable ScriptCall call;
  private @Nullable Verdict verdict;
  private boolean byRedis;

  Admission(Environment environment, String tenant, Plan plan, Rates rates) {
    this.environment = environment;
    this.tenant = tenant;
    this.plan = plan;
    this.rates = rates;
  }

  /// The question for Redis, which the caller sends at once; null if Redis is off, or was asked.
  public @Nullable ScriptCall toSend() {
    if (environment.redis == null || call != null) {
      return null;
    }
    call = SharedRates.admit(environment.scope + tenant, rates);
    return call;
  }

  /// Waits for the answer, and asks if nobody has.
  ///
  /// @throws Refusal RATE_LIMITED if the request is not admitted
  public void require() {
    Verdict given = verdict();
    Limit limit = given.limit();
    if (limit != null) {
      throw Refusal.rateLimited(
          message(limit, given.waitMicros()), Duration.of(given.waitMicros(), ChronoUnit.MICROS));
    }
  }

  /// The rest that the caller may still send; null before the answer.
  public @Nullable Standing standing() {
    return verdict == null ? null : verdict.standing();
  }

  /// After which time the request would be admitted, in microseconds; 0 if it is.
  long waitMicros() {
    return verdict == null ? 0 : verdict.waitMicros();
  }

  /// Charges the tokens of the answer. Tokens that Redis does not take are charged to the
  /// environment's own rate.
  public void charge(long tokens) {
    if (rates.tokens() == null || tokens == 0) {
      return;
    }
    RedisTier redis = environment.redis;
    if (redis != null && byRedis) {
      ScriptCall charge = SharedRates.charge(environment.scope + tenant, rates, tokens);
      redis.run(charge);
      if (charge.reply() != null) {
        return;
      }
    }
    environment.own.charge(tenant, rates, tokens);
  }

  private Verdict verdict() {
    Verdict given = verdict;
    if (given == null) {
      ScriptCall unsent = toSend();
      if (unsent != null && environment.redis != null) {
        environment.redis.run(unsent);
      }
      long[] reply = call == null ? null : call.reply();
      byRedis = reply != null;
      given =
          reply == null ? environment.own.admit(tenant, rates) : SharedRates.verdict(rates, reply);
      verdict = given;
      warnIfRefused();
    }
    return given;
  }

  /// Repeats of the same warning are counted by the log.
  private void warnIfRefused() {
    Throwable refusal = call == null ? null : call.refusal();
    if (refusal != null) {
      environment.log.warn(
          "Redis does not keep the rates of plans; each environment admits its share", refusal);
    }
  }

  private String message(Limit limit, long waitMicros) {
    boolean requests = limit == Limit.REQUESTS;
    Rate rate = requests ? rates.requests() : rates.tokens();
    String unit = requests ? " requests" : " tokens";
    double perSecond = rate == null ? 0 : rate.perSecond();
    long burst = rate == null ? 0 : rate.burst();
    long millis = Math.ceilDiv(waitMicros, 1_000L);
    return "the rate limit is reached: plan "
        + plan.name()
        + " allows "
        + decimal(perSecond)
        + unit
        + " per second and "
        + burst
        + " at once; try again in "
        + millis
        + " ms";
  }

  private static String decimal(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
