package dev.pilotlight.pipeline;

import dev.pilotlight.domain.ModelInfo;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The forecasts of an environment, one for each model (by its digest). Thread-safe.
final class Forecasts {
  private static final long OVERHEAD = 200_000;

  private final int lanes;
  private final ConcurrentMap<String, Forecast> byDigest = new ConcurrentHashMap<>();

  /// @param lanes how many items run at the same time
  Forecasts(int lanes) {
    this.lanes = lanes;
  }

  Forecast of(ModelInfo model) {
    Forecast known = byDigest.get(model.digest());
    if (known != null) {
      return known;
    }
    Forecast added = new Forecast(lanes, OVERHEAD);
    Forecast other = byDigest.putIfAbsent(model.digest(), added);
    return other == null ? added : other;
  }
}
