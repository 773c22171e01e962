package dev.pilotlight.store.packed;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import java.util.LinkedHashMap;
import java.util.Map;

/// Collects the results of consecutive lines for one pack. Not thread-safe.
public final class PackBuilder {
  /// The index of so many results has 0.9 MB, which one look-up by id reads.
  static final int RESULTS_MAX = 16_384;

  static final long BYTES_MAX = 8L * 1024 * 1024;

  private final String batch;
  private final String tenant;
  private final Map<ResultKey, StoredResult> results = new LinkedHashMap<>();
  private long bytes;
  private long lastLine;

  /// A pack to put.
  ///
  /// @param key of its object
  public record Ready(String key, Pack pack) {}

  /// @param tenant the owner of the results
  /// @param place of the batch: [dev.pilotlight.domain.packed.PackedId]
  public PackBuilder(String tenant, String place) {
    this.batch = PackKeys.ofBatch(tenant, place);
    this.tenant = tenant;
  }

  /// The number of full packs that so many results make.
  ///
  /// @param bytes of their values
  public static long packsMax(long results, long bytes) {
    return results / RESULTS_MAX + bytes / BYTES_MAX;
  }

  /// Adds a result, unless it is there already.
  ///
  /// @param line not less than in earlier calls
  public void add(long line, StoredResult result) {
    lastLine = line;
    if (results.putIfAbsent(result.key(), result) == null) {
      bytes += result.value().length;
    }
  }

  /// Whether the pack has a result already; then it also holds it for this line.
  public boolean covers(long line, ResultKey key) {
    boolean there = results.containsKey(key);
    lastLine = there ? line : lastLine;
    return there;
  }

  /// Whether the pack is full.
  public boolean isFull() {
    return results.size() >= RESULTS_MAX || bytes >= BYTES_MAX;
  }

  public boolean isEmpty() {
    return results.isEmpty();
  }

  /// Makes the pack of what was added, and begins the next one.
  public Ready take() {
    Pack pack = Pack.of(tenant, results.values());
    results.clear();
    bytes = 0;
    return new Ready(PackKeys.next(batch, lastLine, pack.indexBytes()), pack);
  }
}
