package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Afterwards;
import dev.pilotlight.domain.CachedResult;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.store.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keeps results after the response has been sent: first in the store, then in the caches, which
/// take the bytes that the store has. A write that fails is retried for two seconds, if the
/// invocation has as long; then each result is logged and counted.
///
/// @param meter counts the writes and the results that were lost
record LateWrites(Tiers tiers, ModelInfo model, Meter meter, Afterwards afterwards) {
  private static final Duration RETRIED = Duration.ofSeconds(2);

  /// For the line of metrics, which comes after the writes.
  private static final Duration RESERVE = Duration.ofMillis(200);

  private static final long FIRST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 400;

  /// Writes a result once the response has been sent, unless the store has one by then.
  void addIfAbsent(StoredResult result) {
    afterwards.add(() -> keep(List.of(result), end -> putIfAbsent(result, end)));
  }

  /// Writes results once the response has been sent, and replaces earlier ones.
  void add(List<StoredResult> results) {
    afterwards.add(() -> keep(results, end -> putAll(results, end)));
  }

  private interface Write {
    void by(Deadline end);
  }

  private void keep(List<StoredResult> results, Write write) {
    long begun = System.nanoTime();
    try {
      retry(write);
    } catch (StoreException | Refusal e) {
      meter.lost(results.size());
      for (StoredResult result : results) {
        tiers.log().error("an answered result could not be stored", e, "result", result.key());
      }
    } finally {
      meter.took(new Timing(Stage.STORE, System.nanoTime() - begun));
    }
  }

  /// @throws StoreException the last failure
  private void retry(Write write) {
    Deadline end = Deadline.in(RETRIED).orSooner(afterwards.end().minus(RESERVE));
    long pauseMs = FIRST_PAUSE_MS;
    while (true) {
      try {
        write.by(end);
        return;
      } catch (StoreException e) {
        boolean lasting = !e.isLogged() && e.getCause() == null;
        if (lasting || end.remaining().toMillis() <= pauseMs || !pause(pauseMs)) {
          throw e;
        }
      }
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  private static boolean pause(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void putIfAbsent(StoredResult ours, Deadline end) {
    StoredResult kept = tiers.store().putIfAbsent(ours, end, meter);
    try {
      var _ = ResultCodec.decode(kept.value());
      tiers.promote(Map.of(kept.key(), kept.cached()), model);
    } catch (ResultCodec.CorruptException e) {
      putAll(List.of(ours), end); // the stored value does not decode: replace it
    }
  }

  private void putAll(List<StoredResult> results, Deadline end) {
    tiers.store().putAll(results, end, meter);
    Map<ResultKey, CachedResult> durable = new HashMap<>();
    results.forEach(result -> durable.put(result.key(), result.cached()));
    tiers.promote(durable, model);
  }
}
