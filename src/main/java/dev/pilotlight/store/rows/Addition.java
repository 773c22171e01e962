package dev.pilotlight.store.rows;

import java.util.LinkedHashMap;
import java.util.Map;

/// The expressions of an addition. All names are written as `#name`, because DynamoDB reserves many
/// words.
///
/// @param expression of the update
/// @param names the attributes' names by their places
/// @param values the numbers by their places
public record Addition(String expression, Map<String, String> names, Map<String, Long> values) {
  public static final String MARK_VALUE = ":mark";
  public static final String EXPIRES_VALUE = ":expires";

  /// An addition that has been made already is not made again.
  public static final String CONDITION = "attribute_not_exists(#mark) OR #mark <> :mark";

  private static final String SET_MARK = "SET #mark = :mark, #expires = :expires";
  private static final String SET = "SET #expires = :expires";

  /// Makes the expressions for numbers.
  ///
  /// @param numbers by the attributes' names; may be none
  public static Addition of(Map<String, Long> numbers) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("#mark", RowCounters.MARK);
    return of(SET_MARK, names, numbers);
  }

  /// As [#of(Map)], without the mark, for a transaction.
  public static Addition unmarked(Map<String, Long> numbers) {
    return of(SET, new LinkedHashMap<>(), numbers);
  }

  private static Addition of(String set, Map<String, String> names, Map<String, Long> numbers) {
    names.put("#expires", RowCounters.EXPIRES);
    Map<String, Long> values = new LinkedHashMap<>();
    StringBuilder expression = new StringBuilder(set);
    for (Map.Entry<String, Long> number : numbers.entrySet()) {
      int place = values.size();
      expression.append(place == 0 ? " ADD #n" : ", #n").append(place).append(" :n").append(place);
      names.put("#n" + place, number.getKey());
      values.put(":n" + place, number.getValue());
    }
    return new Addition(expression.toString(), names, values);
  }
}
