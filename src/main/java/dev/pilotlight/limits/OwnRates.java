package dev.pilotlight.limits;

import dev.pilotlight.limits.Rates.Limit;
import dev.pilotlight.limits.Rates.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// The rates that one environment keeps by itself, where Redis does not answer or there is none: as
/// [SharedRates], at the process's clock. Thread-safe.
///
/// It remembers a limited number of tenants. The one that sent nothing for longest is forgotten
/// first, and then has its whole burst again.
final class OwnRates {
  static final int TENANTS_MAX = 10_000;
  private static final long NANOS_PER_MICRO = 1_000;

  private final LongSupplier nanoTime;
  private final int environments;
  private final Map<String, Ahead> tenants =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ahead> eldest) {
          return size() > TENANTS_MAX;
        }
      };

  /// Times of the process's clock in microseconds.
  private static final class Ahead {
    long seen;
    double requests;
    double tokens;

    Ahead(long now) {
      seen = now;
      requests = now;
      tokens = now;
    }

    /// Moves the times back with a clock that was set back, and up to now if they are past.
    void at(long now) {
      long back = Math.max(0, seen - now);
      seen = now;
      requests = Math.max((double) now, requests - back);
      tokens = Math.max((double) now, tokens - back);
    }
  }

  /// @param nanoTime a clock as [System#nanoTime()]
  /// @param environments by which each rate is divided
  OwnRates(LongSupplier nanoTime, int environments) {
    this.nanoTime = nanoTime;
    this.environments = environments;
  }

  /// Asks whether a request is admitted, and counts it if it is.
  synchronized Verdict admit(String tenant, Rates all) {
    Rates rates = all.share(environments);
    long now = now();
    Ahead ahead = ahead(tenant, now);
    Rate requests = rates.requests();
    Rate tokens = rates.tokens();
    double forRequests =
        requests == null
            ? 0
            : ahead.requests + requests.stepMicros() - now - requests.burstMicros();
    double forTokens =
        tokens == null ? 0 : ahead.tokens + tokens.stepMicros() - now - tokens.burstMicros();
    double wait = Math.max(forRequests, forTokens);
    Limit limit = wait <= 0 ? null : forTokens > forRequests ? Limit.TOKENS : Limit.REQUESTS;
    if (limit == null && requests != null) {
      ahead.requests += requests.stepMicros();
    }
    return rates.verdict(
        limit, (long) Math.ceil(Math.max(0, wait)), ahead.requests - now, ahead.tokens - now);
  }

  /// Charges the tokens of a request that was answered.
  synchronized void charge(String tenant, Rates all, long count) {
    Rate tokens = all.share(environments).tokens();
    if (tokens != null) {
      ahead(tenant, now()).tokens += count * tokens.stepMicros();
    }
  }

  private Ahead ahead(String tenant, long now) {
    Ahead ahead = tenants.computeIfAbsent(tenant, _ -> new Ahead(now));
    ahead.at(now);
    return ahead;
  }

  private long now() {
    return nanoTime.getAsLong() / NANOS_PER_MICRO;
  }
}
