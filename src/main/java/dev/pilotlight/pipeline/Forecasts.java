package dev.pilotlight.pipeline;

import dev.pilotlight.domain.ModelInfo;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The forecasts of an environment, one for each model. Thread-safe.
final class Forecasts {
  private static final long OVERHEAD = 200_000;

  private final int lanes;
  private final ConcurrentMap<String, Forecast> byPlan = new ConcurrentHashMap<>();

  /// @param lanes how many items run at the same time
  Forecasts(int lanes) {
    this.lanes = lanes;
  }

  Forecast of(ModelInfo model) {
    Forecast known = byPlan.get(model.plan());
    if (known != null) {
      return known;
    }
    Forecast added = new Forecast(lanes, OVERHEAD);
    Forecast other = byPlan.putIfAbsent(model.plan(), added);
    return other == null ? added : other;
  }
}
