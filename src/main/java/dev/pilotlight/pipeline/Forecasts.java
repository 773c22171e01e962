package dev.pilotlight.pipeline;

import dev.pilotlight.domain.ModelInfo;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The forecasts of an environment, one for each model (by its digest). Thread-safe.
final class Forecasts {
  /// The part of a look-up that does not overlap with a run, measured: client, hand-over between
  /// threads and, on one vCPU, the time that the look-up's own work takes from the run.
  private static final long OVERHEAD_NANOS = 300_000;

  private static final long OVERHEAD_NANOS_ON_ONE = 500_000;

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
    Forecast added = new Forecast(lanes, lanes == 1 ? OVERHEAD_NANOS_ON_ONE : OVERHEAD_NANOS);
    Forecast other = byDigest.putIfAbsent(model.digest(), added);
    return other == null ? added : other;
  }
}
