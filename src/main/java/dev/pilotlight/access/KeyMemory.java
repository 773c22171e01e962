package dev.pilotlight.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys that this environment has read, by their digests: those that were valid, and those that
/// were not. Both are bounded, and the least recently used go first. Thread-safe.
final class KeyMemory {
  private static final int KNOWN_MAX = 10_000;
  private static final int REFUSED_MAX = 1_000;
  private static final int CAPACITY = 16;
  private static final float LOAD = 0.75f;

  private final Map<String, KnownKey> known = bounded(KNOWN_MAX);
  private final Map<String, Moment> refused = bounded(REFUSED_MAX);

  private static <V> Map<String, V> bounded(int max) {
    return new LinkedHashMap<>(CAPACITY, LOAD, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > max;
      }
    };
  }

  /// The key that was valid when it was last read, however long ago; null if none was.
  synchronized @Nullable KnownKey known(String digest) {
    return known.get(digest);
  }

  synchronized void keep(String digest, KnownKey key) {
    known.put(digest, key);
    refused.remove(digest);
  }

  /// Whether the key was not valid at a read within the time.
  synchronized boolean isRefused(String digest, Duration time, Moment now) {
    Moment read = refused.get(digest);
    return read != null && read.isWithin(time, now);
  }

  synchronized void refuse(String digest, Moment read) {
    known.remove(digest);
    refused.put(digest, read);
  }

  synchronized int refusedCount() {
    return refused.size();
  }
}
