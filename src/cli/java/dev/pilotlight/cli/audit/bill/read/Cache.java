package dev.pilotlight.cli.audit.bill.read;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Turns repeated text into one object without making a string of it first. It holds a fixed number
/// of entries and forgets the older one of two that collide, so a bill with many resources does not
/// fill the heap.
final class Cache<T> {
  private static final int WAYS = 2;
  // longer ones are rare, and many would fill the heap
  private static final int MOST_CHARS = 1 << 12;

  private final Function<String, T> read;
  private final int mask;
  private final @Nullable Entry<T>[] entries;

  /// @param bits the logarithm of the number of entries
  /// @param read what a text stands for; may throw
  Cache(int bits, Function<String, T> read) {
    this.read = read;
    this.mask = (1 << bits) - WAYS;
    @SuppressWarnings({"unchecked", "rawtypes"})
    @Nullable Entry<T>[] array = new Entry[1 << bits];
    this.entries = array;
  }

  private static final class Entry<T> {
    private final String text;
    private final T value;
    private final int hash;

    private Entry(String text, T value, int hash) {
      this.text = text;
      this.value = value;
      this.hash = hash;
    }
  }

  /// The object of a part of an array.
  T get(char[] chars, int from, int length) {
    if (length > MOST_CHARS) {
      return read.apply(new String(chars, from, length));
    }
    int hash = hash(chars, from, length);
    int slot = slot(hash);
    for (int way = slot; way < slot + WAYS; way++) {
      Entry<T> entry = entries[way];
      if (entry != null && entry.hash == hash && same(entry.text, chars, from, length)) {
        return entry.value;
      }
    }
    return put(new String(chars, from, length), hash, slot);
  }

  /// The object of a string.
  T get(String text) {
    int hash = text.hashCode();
    int slot = slot(hash);
    for (int way = slot; way < slot + WAYS; way++) {
      Entry<T> entry = entries[way];
      if (entry != null && entry.hash == hash && entry.text.equals(text)) {
        return entry.value;
      }
    }
    return put(text, hash, slot);
  }

  private T put(String text, int hash, int slot) {
    Entry<T> entry = new Entry<>(text, read.apply(text), hash);
    entries[slot + 1] = entries[slot];
    entries[slot] = entry;
    return entry.value;
  }

  private int slot(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ (mixed >>> 15)) & mask;
  }

  // as String.hashCode
  private static int hash(char[] chars, int from, int length) {
    int hash = 0;
    for (int i = from; i < from + length; i++) {
      hash = 31 * hash + chars[i];
    }
    return hash;
  }

  private static boolean same(String text, char[] chars, int from, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != chars[from + i]) {
        return false;
      }
    }
    return true;
  }
}
