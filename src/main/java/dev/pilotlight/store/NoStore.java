package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Keeps nothing: for `PILOTLIGHT_STORE=off`, as in `sam local invoke`.
public final class NoStore implements ResultStore {

  @Override
  public Map<ResultKey, StoredResult> get(Collection<ResultKey> keys, Deadline deadline) {
    return Map.of();
  }

  @Override
  public StoredResult putIfAbsent(StoredResult result, Deadline deadline) {
    return result;
  }

  @Override
  public void putAll(Collection<StoredResult> results, Deadline deadline) {
    // nowhere to put them
  }

  @Override
  public void requireKeepable(StoredResult result) {
    // none is kept, and none is missed
  }

  @Override
  public Optional<StoredResult> find(ResultKey key, String tenant) {
    return Optional.empty();
  }

  @Override
  public Policy policy() {
    return Policy.OFF;
  }

  @Override
  public boolean isInS3(int valueBytes) {
    return false;
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
