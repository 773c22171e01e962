package dev.pilotlight.pipeline;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.Prepared;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs single items of one request, on the thread that calls it. Thread-safe.
///
/// @param inMemory gives an item's result if memory has it by now; null for a request that reads no
///   cache
/// @param deadline the last moment at which a run may begin or end
/// @param forecast gets the times of runs
record ItemRun(
    Model model,
    Runs.Claims claims,
    @Nullable Function<ResultKey, @Nullable Result> inMemory,
    Deadline deadline,
    Forecast forecast) {

  Ran claimAndRun(PreparedItem item) {
    Ran known = claim(item);
    return known != null ? known : run(item);
  }

  /// Claims an item for this request.
  ///
  /// @return null if the caller must run it now
  @Nullable Ran claim(PreparedItem item) {
    Runs.Run other = claims.claim(item.key());
    if (other != null) {
      return new Ran.Elsewhere(item.key(), other);
    }
    // another request may have run it between our look-up and our claim
    Result known = inMemory == null ? null : inMemory.apply(item.key());
    return known == null ? null : new Ran.Known(item.key(), known);
  }

  Ran run(PreparedItem item) {
    Ran ran = compute(item, null);
    record(item, ran);
    return ran;
  }

  /// Adds a run to the forecast, unless it may have been interrupted by a pause of the environment.
  void record(PreparedItem item, Ran ran) {
    if (ran instanceof Ran.Finished finished) {
      forecast.ran(item.prepared().tokens(), finished.nanos());
    }
  }

  /// Runs the item and does not record the time.
  ///
  /// @param stops gets what stops the run ([Model#run(Prepared, Deadline, Consumer)]); null if
  ///   nobody stops it before the deadline
  Ran compute(PreparedItem item, @Nullable Consumer<Runnable> stops) {
    long begun = System.nanoTime();
    try {
      Result result =
          stops == null
              ? model.run(item.prepared(), deadline)
              : model.run(item.prepared(), deadline, stops);
      return new Ran.Finished(item.key(), result, System.nanoTime() - begun);
    } catch (RuntimeException e) {
      return new Ran.Failed(item.key(), e);
    } catch (OutOfMemoryError e) {
      throw e; // not the item's fault
    } catch (Error e) {
      return new Ran.Failed(item.key(), new IllegalStateException("a run failed", e));
    }
  }
}
