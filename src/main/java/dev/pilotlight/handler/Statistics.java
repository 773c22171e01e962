package dev.pilotlight.handler;

import static dev.pilotlight.protocol.http.HttpResponse.CLIENT_ERROR;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.openinference.StatisticsWriter.Compute;
import dev.pilotlight.protocol.openinference.StatisticsWriter.Counts;
import dev.pilotlight.protocol.openinference.StatisticsWriter.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Counts the inference requests of this environment since its start, by model and version. A model
/// that was closed and loaded again goes on with its counts. Thread-safe; a request costs two
/// look-ups and a short lock, and allocates nothing.
public final class Statistics {
  private final ConcurrentMap<String, ConcurrentMap<String, ModelUse>> byName =
      new ConcurrentHashMap<>();

  /// Counts a request that has ended, if it was for a model. A question about a model runs no
  /// inference, and does not count.
  ///
  /// @param status that the caller got
  void add(Turn turn, int status) {
    Model model = turn.model();
    if (model != null && !turn.isQuestion()) {
      ModelInfo info = model.info();
      boolean answered = status < CLIENT_ERROR;
      use(info.name(), info.version()).add(turn.meter(), answered, turn.measured().nanos());
    }
  }

  private ModelUse use(String name, String version) {
    ConcurrentMap<String, ModelUse> versions = byName.get(name);
    if (versions == null) {
      ConcurrentMap<String, ModelUse> added = new ConcurrentHashMap<>();
      versions = byName.putIfAbsent(name, added);
      versions = versions == null ? added : versions;
    }
    ModelUse use = versions.get(version);
    if (use == null) {
      ModelUse added = new ModelUse();
      use = versions.putIfAbsent(version, added);
      use = use == null ? added : use;
    }
    return use;
  }

  /// Takes the counts of one version of a model.
  public interface Visitor {
    void visit(String name, String version, Counts counts);
  }

  /// Visits every version that got a request.
  public void visit(Visitor visitor) {
    byName.forEach(
        (name, versions) ->
            versions.forEach((version, use) -> visitor.visit(name, version, use.counts())));
  }

  /// The counts of a version of a model.
  Counts of(String name, String version) {
    ConcurrentMap<String, ModelUse> versions = byName.get(name);
    ModelUse use = versions == null ? null : versions.get(version);
    return use == null ? Counts.NONE : use.counts();
  }

  /// The requests of one version of a model.
  private static final class ModelUse {
    private long lastMillis;
    private long success;
    private long successNanos;
    private long fail;
    private long failNanos;
    private long queueNanos;
    private long hits;
    private long hitNanos;
    private long misses;
    private long missNanos;
    private final Parts computed = new Parts();
    private final Parts executed = new Parts();

    synchronized void add(Meter meter, boolean answered, long nanos) {
      lastMillis = System.currentTimeMillis();
      long runs = meter.answered(Tier.RUN);
      if (runs > 0) {
        executed.add(meter, runs);
      }
      if (!answered) {
        fail++;
        failNanos += nanos;
        return;
      }
      success++;
      successNanos += nanos;
      queueNanos += meter.nanos(Stage.LOAD);
      long cacheNanos = meter.nanos(Stage.LOOKUP) + meter.nanos(Stage.STORE);
      if (runs == 0) {
        hits++;
        hitNanos += cacheNanos;
        return;
      }
      computed.add(meter, 1);
      if (meter.ran(Stage.LOOKUP)) {
        misses++;
        missNanos += cacheNanos;
      }
    }

    synchronized Counts counts() {
      return new Counts(
          lastMillis,
          executed.count,
          new Duration(success, successNanos),
          new Duration(fail, failNanos),
          new Duration(success, queueNanos),
          computed.sum(),
          new Duration(hits, hitNanos),
          new Duration(misses, missNanos),
          executed.sum());
    }
  }

  /// The parts of computing answers; guarded by its owner.
  private static final class Parts {
    private long count;
    private long inputNanos;
    private long inferNanos;
    private long outputNanos;

    void add(Meter meter, long times) {
      count += times;
      inputNanos += meter.nanos(Stage.TOKENIZE);
      inferNanos += meter.runNanos();
      outputNanos += meter.nanos(Stage.ENCODE);
    }

    Compute sum() {
      return new Compute(count, inputNanos, inferNanos, outputNanos);
    }
  }
}
