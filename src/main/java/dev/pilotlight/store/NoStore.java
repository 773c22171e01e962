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

/// The store for `PILOTLIGHT_STORE=off`, as in `sam local invoke`: it keeps nothing.
public final class NoStore implements ResultStore {
  @Override
  public Map<ResultKey, StoredResult> get(
      Collection<ResultKey> keys, Deadline deadline, Meter meter, @Nullable Runnable onSent) {
    return Map.of();
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
    return Optional.empty();
  }

  @Override
  public <T> T call(Supplier<T> call) {
    throw new IllegalStateException("there is no table");
  }

  @Override
  public Policy policy() {
    return Policy.OFF;
  }

  @Override
  public void prime() {
    // nothing to reach
  }

  @Override
  public void rehearse() {
    // nothing to reach
  }
}
