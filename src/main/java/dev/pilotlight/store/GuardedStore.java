package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
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

/// A store behind a breaker: while DynamoDB is away, every call fails at once, and a probe finds
/// out when it is back.
///
/// A call opens the breaker if it ended by a time-out, a broken connection or an error of DynamoDB
/// itself, and DynamoDB answered no call since this one began. Throttling is an answer, and so is a
/// refusal; neither opens it.
public final class GuardedStore implements ResultStore {
  /// For a probe, where callers wait for one: a call in the same region takes 10 ms, one that makes
  /// a connection first 50 ms.
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
    this.attemptNanos = settings.attempt().toNanos();
    Breaker.Server server =
        new Breaker.Server(
            "table",
            settings.table(),
            "DynamoDB does not answer; until it does, the table is neither read nor written",
            "DynamoDB answers again");
    this.breaker = new Breaker(server, this::probe, settings.probe(), background, false, log);
  }

  @Override
  public Map<ResultKey, StoredResult> get(Collection<ResultKey> keys, Deadline deadline) {
    return guarded(() -> store.get(keys, deadline));
  }

  @Override
  public StoredResult putIfAbsent(StoredResult result, Deadline deadline) {
    return guarded(() -> store.putIfAbsent(result, deadline));
  }

  @Override
  public void putAll(Collection<StoredResult> results, Deadline deadline) {
    guarded(() -> store.putAll(results, deadline));
  }

  @Override
  public void requireKeepable(StoredResult result) {
    store.requireKeepable(result);
  }

  @Override
  public Optional<StoredResult> find(ResultKey key, String tenant) {
    return guarded(() -> store.find(key, tenant));
  }

  @Override
  public Policy policy() {
    return store.policy();
  }

  @Override
  public boolean isInS3(int valueBytes) {
    return store.isInS3(valueBytes);
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
        guarded(
            () -> {
              call.run();
              return true;
            });
  }

  private <T> T guarded(Supplier<T> call) {
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
      if (isOutage(e, System.nanoTime() - begun) && !answeredSince(begun)) {
        breaker.failed(e);
        throw StoreException.logged("DynamoDB does not answer", e);
      }
      throw e;
    }
  }

  /// A call that a caller's deadline cut short says nothing of DynamoDB.
  private boolean isOutage(StoreException failure, long nanos) {
    return failure.isOutage() && !(failure.isTimeout() && nanos < attemptNanos);
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
