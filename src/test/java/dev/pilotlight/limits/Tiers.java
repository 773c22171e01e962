package dev.pilotlight.limits;

import dev.pilotlight.cache.AwsIdentity;
import dev.pilotlight.cache.CacheSettings;
import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import dev.pilotlight.support.TestSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Connections to Redis with generous budgets.
final class Tiers {
  private Tiers() {}

  /// Connects, and waits until Redis answers.
  ///
  /// @param more settings and their values, which replace others
  static RedisTier connect(String url, Log log, String... more) {
    Map<String, String> environment = new HashMap<>(Map.of("PILOTLIGHT_REDIS", url));
    environment.put("PILOTLIGHT_REDIS_CONNECT_MS", "5000");
    environment.put("PILOTLIGHT_REDIS_TOTAL_MS", "5000");
    environment.put("PILOTLIGHT_REDIS_READ_MS", "5000");
    environment.put("PILOTLIGHT_REDIS_PROBE_MS", "100");
    TestSettings.put(environment, "PILOTLIGHT_", more);
    AwsIdentity noAws =
        new AwsIdentity(
            Optional.empty(),
            () -> {
              throw new AssertionError("no credentials are needed");
            });
    RedisTier tier =
        RedisTier.connect(CacheSettings.from(new Settings(environment)), noAws, log).orElseThrow();
    awaitAnswer(tier);
    return tier;
  }

  private static void awaitAnswer(RedisTier tier) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (System.nanoTime() < end) {
      List<ResultKey> absent = new ArrayList<>();
      var _ = tier.get(List.of(ResultKey.random()), absent, new Meter(), null);
      if (!absent.isEmpty()) {
        return;
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("Redis does not answer");
  }
}
