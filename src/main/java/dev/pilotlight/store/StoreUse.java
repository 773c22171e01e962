package dev.pilotlight.store;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.support.Cost;
import java.util.Collection;
import java.util.Optional;

/// Notes what calls to a store took of DynamoDB's capacity and of S3, by the sizes of items
/// ([ItemSize]). Attempts that failed are not counted.
///
/// @param store that was called; nothing is counted if it keeps nothing
public record StoreUse(ResultStore store, Meter meter) {
  /// After [ResultStore#get].
  public void read(int asked, Collection<StoredResult> found) {
    if (store.policy() == Policy.OFF) {
      return;
    }
    meter.read((asked - found.size()) * Cost.halfReads(0));
    for (StoredResult result : found) {
      meter.read(Cost.halfReads(itemBytes(result)));
      meter.objects(0, objects(result.value().length));
    }
  }

  /// After [ResultStore#find], whose reads take twice as much.
  public void found(Optional<StoredResult> result) {
    if (store.policy() == Policy.OFF) {
      return;
    }
    meter.read(2 * Cost.halfReads(result.map(this::itemBytes).orElse(0)));
    result.ifPresent(it -> meter.objects(0, objects(it.value().length)));
  }

  /// After [ResultStore#putIfAbsent] or [ResultStore#putAll].
  public void wrote(Collection<StoredResult> results) {
    if (store.policy() == Policy.OFF) {
      return;
    }
    for (StoredResult result : results) {
      meter.wrote(Cost.writes(itemBytes(result)));
      meter.objects(objects(result.value().length), 0);
    }
  }

  private int objects(int valueBytes) {
    return store.isInS3(valueBytes) ? 1 : 0;
  }

  private int itemBytes(StoredResult result) {
    int value = result.value().length;
    return ItemSize.of(
        value, store.isInS3(value), result.tenant(), result.model(), result.version());
  }
}
