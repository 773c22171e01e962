package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.support.BackgroundTasks;
import dev.pilotlight.support.Breaker;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store with a circuit breaker: while DynamoDB does not answer, every call fails at once, and a
/// probe detects when it answers again.
///
/// A call opens the breaker if it failed by a time-out, a broken connection or an error of DynamoDB
/// itself, and DynamoDB answered no other call since this one began. A time-out counts only if
/// DynamoDB had at least the time of one attempt: a deadline that cuts a call short proves nothing,
/// nor does an upload to S3 that takes most of the budget. Throttling and refusals are answers and
/// do not open the breaker.
public final class GuardedStore implements ResultStore {
  /// How long callers wait for a probe, where they wait at all: a call in the same region takes 10
  /// ms, and 50 ms with a new connection.
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final DynamoStore store;
  private final LongSupplier lastRefusalNanos;
  private final BackgroundTasks background = new BackgroundTasks("pilotlight-store-probe");
  private final Breaker breaker;
  private final long attemptNanos;
  private volatile long lastSuccessNanos = System.nanoTime();

  /// @param lastRefusalNanos when DynamoDB last refused a call, on the clock of [System#nanoTime()]
  public GuardedStore(
      DynamoStore store, StoreSettings settings, LongSupplier lastRefusalNanos, Log log) {
    this.store = store;
    this.lastRefusalNanos = lastRefusalNanos;
    this.attemptNanos = attemptNanos(settings);
    Breaker.Server server =
        new Breaker.Server(
            "table",
            settings.table(),
            "DynamoDB does not answer; until it does, the table is neither read nor written",
            "DynamoDB answers again");
    this.breaker = new Breaker(server, this::probe, settings.probe(), background, false, log);
  }

  /// How long a silent DynamoDB was asked at least: a tenth less than the shortest time limit,
  /// since a call has the time that is left when it starts.
  private static long attemptNanos(StoreSettings settings) {
    long limit = Math.min(settings.read().toNanos(), settings.write().toNanos());
    return Math.min(settings.attempt().toNanos(), limit) / 10 * 9;
  }

  @Override
  public Map<ResultKey, StoredResult> get(
      Collection<ResultKey> keys, Deadline deadline, Meter meter, @Nullable Runnable onSent) {
    return call(() -> store.get(keys, deadline, meter, onSent));
  }

  @Override
  public StoredResult putIfAbsent(StoredResult result, Deadline deadline, Meter meter) {
    return call(() -> store.putIfAbsent(result, deadline, meter));
  }

  @Override
  public void putAll(Collection<StoredResult> results, Deadline deadline, Meter meter) {
    guarded(() -> store.putAll(results, deadline, meter));
  }

  @Override
  public void requireKeepable(StoredResult result) {
    store.requireKeepable(result);
  }

  @Override
  public Optional<StoredResult> find(ResultKey key, String tenant, Meter meter) {
    return call(() -> store.find(key, tenant, meter));
  }

  @Override
  public Policy policy() {
    return store.policy();
  }

  @Override
  public void prime() {
    guarded(store::prime);
  }

  @Override
  public void rehearse() {
    guarded(store::rehearse);
  }

  @Override
  public void close() {
    breaker.close();
    background.close();
  }

  private void guarded(Runnable call) {
    var _ =
        call(
            () -> {
              call.run();
              return true;
            });
  }

  @Override
  public <T> T call(Supplier<T> call) {
    if (!breaker.allows(PATIENCE)) {
      throw StoreException.logged("DynamoDB does not answer, and is not asked until it does", null);
    }
    long begun = System.nanoTime();
    try {
      T answer = call.get();
      lastSuccessNanos = System.nanoTime();
      breaker.succeeded();
      return answer;
    } catch (StoreException e) {
      if (e.isOutage(attemptNanos) && !answeredSince(begun)) {
        breaker.failed(e);
        throw StoreException.logged("DynamoDB does not answer", e);
      }
      throw e;
    }
  }

  private void probe() {
    long begun = System.nanoTime();
    try {
      store.probe();
    } catch (StoreException e) {
      if (!answeredSince(begun)) {
        throw e;
      }
    }
  }

  private boolean answeredSince(long begun) {
    return lastSuccessNanos - begun > 0 || lastRefusalNanos.getAsLong() - begun > 0;
  }
}
