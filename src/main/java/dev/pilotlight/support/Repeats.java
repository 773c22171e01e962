package dev.pilotlight.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Counts repetitions of a failure within a time window, so that a failure of every request is one
/// line a window. It keeps [#FAILURES_MAX] different failures at most and evicts the oldest with
/// its count. Thread-safe.
final class Repeats {
  static final Duration WINDOW = Duration.ofSeconds(10);
  static final int FAILURES_MAX = 64;

  /// A repeated failure.
  ///
  /// @param line the fields of its last occurrence, without its stack
  /// @param count its occurrences since its last line
  record Repeated(Map<String, Object> line, long count) {}

  private static final class Entry {
    private long begun;
    private long count;
    private Map<String, Object> line = Map.of();

    private Entry(long begun) {
      this.begun = begun;
    }
  }

  private final LongSupplier nanoTime;
  private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
  private volatile boolean empty = true;

  Repeats(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// Counts an occurrence, or starts its window.
  ///
  /// @param failure equal for equal failures
  /// @param line its fields, without its stack
  /// @return null if the occurrence was counted; else the counts to write before its line
  synchronized @Nullable List<Repeated> take(String failure, Map<String, Object> line) {
    Entry entry = entries.get(failure);
    if (entry != null && !isOver(entry)) {
      entry.count++;
      entry.line = line;
      return null;
    }
    List<Repeated> due = new ArrayList<>();
    entries.remove(failure);
    if (entry != null) {
      add(due, entry);
    }
    if (entries.size() == FAILURES_MAX) {
      add(due, entries.pollFirstEntry().getValue());
    }
    entries.put(failure, new Entry(nanoTime.getAsLong()));
    empty = false;
    return due;
  }

  /// Removes the counts of windows that are over.
  ///
  /// @param all also the counts of other windows
  List<Repeated> due(boolean all) {
    return empty ? List.of() : takeDue(all);
  }

  private synchronized List<Repeated> takeDue(boolean all) {
    List<Repeated> due = new ArrayList<>();
    entries
        .values()
        .removeIf(
            entry -> {
              boolean over = isOver(entry);
              if (over || all) {
                add(due, entry);
              }
              return over;
            });
    empty = entries.isEmpty();
    return due;
  }

  private static void add(List<Repeated> due, Entry entry) {
    if (entry.count > 0) {
      due.add(new Repeated(entry.line, entry.count));
      entry.count = 0;
    }
  }

  private boolean isOver(Entry entry) {
    return nanoTime.getAsLong() - entry.begun >= WINDOW.toNanos();
  }
}
