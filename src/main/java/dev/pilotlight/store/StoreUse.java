package dev.pilotlight.store;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.support.Cost;
import java.util.Collection;
import java.util.Optional;

/// Counts the DynamoDB capacity and the S3 requests that successful calls used, by the sizes of
/// items ([ItemSize]).
///
/// @param itemBytesMax larger values are in S3
record StoreUse(int itemBytesMax) {
  /// Counts an eventually consistent read.
  void read(int asked, Collection<StoredResult> found, Meter meter) {
    meter.read((asked - found.size()) * Cost.halfReads(0));
    for (StoredResult result : found) {
      meter.read(Cost.halfReads(itemBytes(result)));
      meter.objects(0, objects(result));
    }
  }

  /// Counts a consistent read, which takes twice the capacity.
  void readConsistently(Optional<StoredResult> found, Meter meter) {
    meter.read(2 * Cost.halfReads(found.map(this::itemBytes).orElse(0)));
    found.ifPresent(result -> meter.objects(0, objects(result)));
  }

  void wrote(Collection<StoredResult> results, Meter meter) {
    for (StoredResult result : results) {
      meter.wrote(Cost.writes(itemBytes(result)));
      meter.objects(objects(result), 0);
    }
  }

  private int objects(StoredResult result) {
    return isLarge(result) ? 1 : 0;
  }

  private boolean isLarge(StoredResult result) {
    return result.value().length > itemBytesMax;
  }

  private int itemBytes(StoredResult result) {
    return ItemSize.of(
        result.value().length, isLarge(result), result.tenant(), result.model(), result.version());
  }
}
