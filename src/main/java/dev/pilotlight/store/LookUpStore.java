package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads results of another store, and writes none.
///
/// @param store is not closed with this one
public record LookUpStore(ResultStore store) implements ResultStore {
  @Override
  public Map<ResultKey, StoredResult> get(
      Collection<ResultKey> keys, Deadline deadline, Meter meter, @Nullable Runnable onSent) {
    return store.get(keys, deadline, meter, onSent);
  }

  @Override
  public StoredResult putIfAbsent(StoredResult result, Deadline deadline, Meter meter) {
    return result;
  }

  @Override
  public void putAll(Collection<StoredResult> results, Deadline deadline, Meter meter) {
    // no result is kept
  }

  @Override
  public void requireKeepable(StoredResult result) {
    // no result is kept
  }

  @Override
  public Optional<StoredResult> find(ResultKey key, String tenant, Meter meter) {
    return store.find(key, tenant, meter);
  }

  @Override
  public <T> T call(Supplier<T> call) {
    return store.call(call);
  }

  @Override
  public Policy policy() {
    return store.policy();
  }

  @Override
  public void prime() {
    store.prime();
  }

  @Override
  public void rehearse() {
    store.prime();
  }
}
