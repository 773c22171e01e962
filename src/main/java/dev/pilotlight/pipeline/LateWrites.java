package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Afterwards;
import dev.pilotlight.domain.CachedResult;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keeps the results of one request after the response has been sent, all together: first in the
/// store, then in the caches, which take the bytes that the store has. A write that fails is
/// retried for two seconds, if the invocation has as long; then each result is logged and counted.
/// Confined to the request's thread.
final class LateWrites {
  private static final Duration RETRIED = Duration.ofSeconds(2);

  /// For the line of metrics, which comes after the writes, and for the wait for a probe of the
  /// store, which may begin just before the end.
  private static final Duration RESERVE = Duration.ofMillis(500);

  private static final int LINES_MAX = 25;
  private static final String UNWRITTEN =
      "an answered result was not stored, because the store could not be read";
  private static final String MORE_UNWRITTEN =
      "more answered results were not stored, because the store could not be read";

  private static final long FIRST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 400;

  private final Tiers tiers;
  private final ModelInfo model;
  private final Meter meter;
  private final Afterwards afterwards;
  private final List<StoredResult> results = new ArrayList<>(1);
  private boolean replaces;

  /// @param meter counts the writes and the results that were lost
  LateWrites(Tiers tiers, ModelInfo model, Meter meter, Afterwards afterwards) {
    this.tiers = tiers;
    this.model = model;
    this.meter = meter;
    this.afterwards = afterwards;
  }

  /// Writes a result once the response has been sent. If it is the only one, a result that the
  /// store has by then stays.
  ///
  /// @param result that the store can keep
  void addIfAbsent(StoredResult result) {
    begin();
    results.add(result);
  }

  /// Writes results once the response has been sent, and replaces earlier ones.
  ///
  /// @param added results that the store can keep
  void add(List<StoredResult> added) {
    if (!added.isEmpty()) {
      begin();
      results.addAll(added);
      replaces = true;
    }
  }

  /// Counts and logs results that are not written once Lambda has taken the response.
  ///
  /// @param keys is not copied
  void addUnwritten(List<ResultKey> keys) {
    if (!keys.isEmpty()) {
      afterwards.add(
          () -> {
            if (afterwards.isAccepted()) {
              tellUnwritten(keys);
            }
          });
    }
  }

  private void tellUnwritten(List<ResultKey> keys) {
    meter.lost(keys.size());
    int lines = Math.min(LINES_MAX, keys.size());
    for (ResultKey key : keys.subList(0, lines)) {
      tiers.log().error(UNWRITTEN, null, "result", key);
    }
    if (lines < keys.size()) {
      tiers.log().error(MORE_UNWRITTEN, null, "lost", keys.size() - lines);
    }
  }

  private void begin() {
    if (results.isEmpty()) {
      afterwards.add(this::keep);
    }
  }

  private void keep() {
    long begun = System.nanoTime();
    try {
      retry(Deadline.in(RETRIED).orSooner(afterwards.end().minus(RESERVE)));
    } catch (RuntimeException | Error e) {
      meter.lost(results.size());
      for (StoredResult result : results) {
        tiers.log().error("an answered result could not be stored", e, "result", result.key());
      }
      if (e instanceof Error error) {
        throw error;
      }
    } finally {
      meter.took(new Timing(Stage.STORE, System.nanoTime() - begun));
    }
  }

  /// @throws RuntimeException the last failure
  private void retry(Deadline end) {
    if (end.passed()) {
      throw new IllegalStateException("the invocation had no time left for the write");
    }
    long pauseMs = FIRST_PAUSE_MS;
    while (true) {
      try {
        write(end);
        return;
      } catch (StoreException e) {
        if (e.isLasting() || end.remaining().toMillis() <= pauseMs || !pause(pauseMs)) {
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

  private void write(Deadline end) {
    if (results.size() == 1 && !replaces) {
      putIfAbsent(results.getFirst(), end);
    } else {
      putAll(end);
    }
  }

  private void putIfAbsent(StoredResult ours, Deadline end) {
    StoredResult kept = tiers.store().putIfAbsent(ours, end, meter);
    try {
      var _ = ResultCodec.decode(kept.value());
      tiers.promote(Map.of(kept.key(), kept.cached()), model);
    } catch (ResultCodec.CorruptException e) {
      putAll(end); // the stored value does not decode: replace it
    }
  }

  private void putAll(Deadline end) {
    tiers.store().putAll(results, end, meter);
    Map<ResultKey, CachedResult> durable = new HashMap<>();
    for (StoredResult result : results) {
      durable.put(result.key(), result.cached());
    }
    tiers.promote(durable, model);
  }
}
