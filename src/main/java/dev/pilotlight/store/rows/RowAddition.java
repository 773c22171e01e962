package dev.pilotlight.store.rows;

import java.util.Map;

/// Numbers that a transaction adds to a row; an absent row or attribute counts as 0. The row's mark
/// stays as it is: a call that set it may still be repeated.
///
/// @param numbers by the attributes' names; may be none
/// @param expires when the table may drop the row, in seconds since 1970
public record RowAddition(String table, RowKey key, Map<String, Long> numbers, long expires) {
  public RowAddition {
    numbers = Map.copyOf(numbers);
  }
}
