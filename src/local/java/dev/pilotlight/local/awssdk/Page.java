package dev.pilotlight.local.awssdk;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One page of a listing, in the order of keys.
///
/// @param prefixes the common prefixes of keys with the delimiter
/// @param next the last key or prefix of this page; null if there are no more
record Page(List<String> keys, List<String> prefixes, @Nullable String next) {

  /// @param delimiter empty for none
  /// @param after the key or the prefix after which the page begins; empty for the start
  /// @param max keys and prefixes together
  record Query(String prefix, String delimiter, String after, int max) {
    Query(@Nullable String prefix, @Nullable String delimiter, @Nullable String after, int max) {
      this.prefix = Objects.requireNonNullElse(prefix, "");
      this.delimiter = Objects.requireNonNullElse(delimiter, "");
      this.after = Objects.requireNonNullElse(after, "");
      this.max = max;
    }

    /// The key itself, or its common prefix.
    private String row(String key) {
      return rollsUp(key)
          ? key.substring(0, key.indexOf(delimiter, prefix.length()) + delimiter.length())
          : key;
    }

    private boolean rollsUp(String key) {
      return !delimiter.isEmpty() && key.indexOf(delimiter, prefix.length()) >= 0;
    }

    private <T> NavigableMap<String, T> rest(NavigableMap<String, T> all) {
      return Keys.BY_UTF_8.compare(after, prefix) < 0
          ? all.tailMap(prefix, true)
          : all.tailMap(after, false);
    }
  }

  static <T> Page of(NavigableMap<String, T> all, Predicate<T> shown, Query query) {
    List<String> keys = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    String last = query.after();
    for (var entry : query.rest(all).entrySet()) {
      String key = entry.getKey();
      if (!key.startsWith(query.prefix())) {
        break;
      }
      String row = query.row(key);
      if (!shown.test(entry.getValue()) || row.equals(last)) {
        continue;
      }
      if (keys.size() + prefixes.size() == query.max()) {
        return new Page(keys, prefixes, query.max() == 0 ? null : last);
      }
      (query.rollsUp(key) ? prefixes : keys).add(row);
      last = row;
    }
    return new Page(keys, prefixes, null);
  }
}
