package dev.pilotlight.cli.audit.bill.read;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A [Cache] for UTF-8, eight bytes at a time.
final class ByteCache<T> {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  // longer ones are rare, and many would fill the heap
  private static final int MOST_BYTES = 1 << 12;
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private final Function<String, T> read;
  private final int mask;
  private final @Nullable Entry<T>[] entries;

  /// @param bits the logarithm of the number of entries
  /// @param read what a text stands for; may throw
  ByteCache(int bits, Function<String, T> read) {
    this.read = read;
    this.mask = (1 << bits) - 2;
    @SuppressWarnings({"unchecked", "rawtypes"})
    @Nullable Entry<T>[] array = new Entry[1 << bits];
    this.entries = array;
  }

  private static final class Entry<T> {
    private final byte[] bytes;
    private final T value;
    private final long hash;

    private Entry(byte[] bytes, T value, long hash) {
      this.bytes = bytes;
      this.value = value;
      this.hash = hash;
    }

    private boolean is(long otherHash, byte[] other, int from, int to) {
      return hash == otherHash && Arrays.equals(bytes, 0, bytes.length, other, from, to);
    }
  }

  /// The object of a part of an array.
  T get(byte[] bytes, int from, int to) {
    if (to - from > MOST_BYTES) {
      return read.apply(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }
    long hash = hash(bytes, from, to);
    int slot = (int) (hash >>> 40) & mask;
    Entry<T> entry = entries[slot];
    if (entry != null && entry.is(hash, bytes, from, to)) {
      return entry.value;
    }
    Entry<T> older = entries[slot + 1];
    if (older != null && older.is(hash, bytes, from, to)) {
      return older.value;
    }
    byte[] copy = Arrays.copyOfRange(bytes, from, to);
    T value = read.apply(new String(copy, StandardCharsets.UTF_8));
    entries[slot + 1] = entry;
    entries[slot] = new Entry<>(copy, value, hash);
    return value;
  }

  /// A number that differs for different bytes.
  private static long hash(byte[] bytes, int from, int to) {
    long hash = (long) to - from;
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      hash = (hash ^ (long) LONG.get(bytes, at)) * PRIME;
      hash ^= hash >>> 32;
    }
    for (; at < to; at++) {
      hash = (hash ^ bytes[at]) * PRIME;
    }
    hash ^= hash >>> 29;
    return hash * PRIME;
  }
}
