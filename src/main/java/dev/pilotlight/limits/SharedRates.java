package dev.pilotlight.limits;

import dev.pilotlight.cache.ScriptCall;
import dev.pilotlight.limits.Rates.Limit;
import dev.pilotlight.limits.Rates.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rates that all environments share: one key in Redis for each tenant, changed by one script
/// at Redis's own clock.
///
/// The key holds three times in microseconds since 1970: the clock when it was written, and for
/// requests and for tokens the time of [Rate]. If the clock is now before the first, as after a
/// failover to a server whose clock is behind, both others move back with it.
final class SharedRates {
  private static final int REPLY = 4;

  /// Its arguments are for each rate the step and the burst in microseconds, 0 and 0 without the
  /// rate, and the tokens to charge, or -1 to ask whether a request is admitted. It returns which
  /// rate refuses (0 for none), for how long, and how far the caller is ahead of each rate.
  private static final ScriptCall.Script SCRIPT =
      ScriptCall.Script.of(
          """
          local time = redis.call('TIME')
          local now = time[1] * 1000000 + time[2]
          local step1, burst1 = tonumber(ARGV[1]), tonumber(ARGV[2])
          local step2, burst2 = tonumber(ARGV[3]), tonumber(ARGV[4])
          local charge = tonumber(ARGV[5])
          local one, two = now, now
          local kept = redis.call('GET', KEYS[1])
          if kept then
            local seen, was1, was2 = string.match(kept, '^(%d+) (%d+) (%d+)$')
            if seen then
              local back = math.max(0, tonumber(seen) - now)
              one = math.max(now, tonumber(was1) - back)
              two = math.max(now, tonumber(was2) - back)
            end
          end
          local by, wait = 0, 0
          if charge >= 0 then
            two = two + charge * step2
          else
            if step1 > 0 and one + step1 > now + burst1 then
              by = 1
              wait = one + step1 - now - burst1
            end
            if step2 > 0 and two + step2 > now + burst2 then
              local longer = two + step2 - now - burst2
              if longer > wait then
                by = 2
                wait = longer
              end
            end
            if by == 0 then
              one = one + step1
            end
          end
          if by == 0 then
            local kept_for = math.max(1, math.ceil((math.max(one, two) - now) / 1000000))
            redis.call('SETEX', KEYS[1], kept_for,
                string.format('%.0f %.0f %.0f', now, one, two))
          end
          return {by, math.ceil(wait), math.ceil(one - now), math.ceil(two - now)}
          """);

  private SharedRates() {}

  /// Asks whether a request is admitted, and counts it if it is.
  ///
  /// @param tenant unique among all that share the Redis
  static ScriptCall admit(String tenant, Rates rates) {
    return call(tenant, rates, -1);
  }

  /// Charges the tokens of a request that was answered.
  static ScriptCall charge(String tenant, Rates rates, long tokens) {
    return call(tenant, rates, tokens);
  }

  private static ScriptCall call(String tenant, Rates rates, long tokens) {
    return new ScriptCall(
        SCRIPT,
        "rate:" + tenant,
        List.of(
            step(rates.requests()),
            burst(rates.requests()),
            step(rates.tokens()),
            burst(rates.tokens()),
            Long.toString(tokens)),
        REPLY);
  }

  private static String step(@Nullable Rate rate) {
    return rate == null ? "0" : Double.toString(rate.stepMicros());
  }

  private static String burst(@Nullable Rate rate) {
    return rate == null ? "0" : Double.toString(rate.burstMicros());
  }

  /// Reads the reply to either call.
  static Verdict verdict(Rates rates, long[] reply) {
    Limit limit = reply[0] == 0 ? null : reply[0] == 1 ? Limit.REQUESTS : Limit.TOKENS;
    return rates.verdict(limit, reply[1], (double) reply[2], (double) reply[3]);
  }
}
