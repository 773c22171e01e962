package dev.pilotlight.cache;

import dev.pilotlight.domain.ResultKey;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Results in this process, bounded by bytes; the least recently used are evicted.
///
/// Thread-safe. One lock suffices: it is held for well under a microsecond, since values are
/// neither copied nor decoded. Callers must not change the arrays.
public final class MemoryTier {
  /// Overhead of an entry: key, record, map node and array header on a 64-bit JVM.
  static final int OVERHEAD_BYTES = 240;

  private static final int CAPACITY_FIRST = 64;
  private static final float LOAD_FACTOR = 0.75f;
  private static final boolean BY_ACCESS = true;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(byte[] value, long expiresNanos) {
    long bytes() {
      return OVERHEAD_BYTES + (long) value.length;
    }
  }

  private final long bytesMax;
  private final LongSupplier nanoClock;
  private final Map<ResultKey, Entry> entries =
      new LinkedHashMap<>(CAPACITY_FIRST, LOAD_FACTOR, BY_ACCESS);
  private long bytes;

  /// @param bytesMax limit of the values with their overhead; 0 keeps nothing
  public MemoryTier(long bytesMax) {
    this(bytesMax, System::nanoTime);
  }

  MemoryTier(long bytesMax, LongSupplier nanoClock) {
    this.bytesMax = bytesMax;
    this.nanoClock = nanoClock;
  }

  /// An empty tier of the same size.
  public MemoryTier emptyCopy() {
    return new MemoryTier(bytesMax, nanoClock);
  }

  public synchronized byte @Nullable [] get(ResultKey key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      return null;
    }
    if (entry.expiresNanos - nanoClock.getAsLong() <= 0) {
      remove(key);
      return null;
    }
    return entry.value;
  }

  /// Replaces the existing value. A value that is larger than the whole tier is not kept.
  public synchronized void put(ResultKey key, byte[] value, Duration timeToLive) {
    remove(key);
    Entry entry = new Entry(value, nanoClock.getAsLong() + timeToLive.toNanos());
    if (entry.bytes() > bytesMax || !timeToLive.isPositive()) {
      return;
    }
    entries.put(key, entry);
    bytes += entry.bytes();
    Iterator<Entry> eldest = entries.values().iterator();
    while (bytes > bytesMax) {
      bytes -= eldest.next().bytes();
      eldest.remove();
    }
  }

  synchronized long bytes() {
    return bytes;
  }

  private void remove(ResultKey key) {
    Entry entry = entries.remove(key);
    if (entry != null) {
      bytes -= entry.bytes();
    }
  }
}
