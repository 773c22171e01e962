package dev.pilotlight.store.rows;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The attributes of a row. An attribute of another type than the one asked for is a mistake of its
/// writer and never counts as absent: an expiry that cannot be read must not become none.
public final class Row {
  /// The value of an attribute whose type this package does not read.
  public static final Object OTHER = new Object();

  private final Map<String, Object> attributes;

  /// @param attributes a [String] for type S, a [Long] for N, a [Set] of strings for SS; a value of
  ///   another class, such as [#OTHER], for all others
  public Row(Map<String, Object> attributes) {
    this.attributes = Map.copyOf(attributes);
  }

  /// The value of an attribute of type N: a [Long], or [#OTHER] if it is not a whole number.
  ///
  /// @param digits as DynamoDB writes them
  public static Object wholeNumber(String digits) {
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      return OTHER;
    }
  }

  /// A text; null if there is none.
  ///
  /// @throws IllegalArgumentException if the attribute is of another type
  public @Nullable String text(String name) {
    Object value = attributes.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrong(name, "a text");
  }

  /// A whole number; null if there is none.
  ///
  /// @throws IllegalArgumentException as [#text]
  public @Nullable Long number(String name) {
    Object value = attributes.get(name);
    if (value == null || value instanceof Long) {
      return (Long) value;
    }
    throw wrong(name, "a whole number");
  }

  /// A set of texts; null if there is none.
  ///
  /// @throws IllegalArgumentException as [#text]
  public @Nullable Set<String> texts(String name) {
    Object value = attributes.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof Set<?> set)) {
      throw wrong(name, "a set of texts");
    }
    Set<String> texts = new HashSet<>();
    for (Object element : set) {
      texts.add((String) element);
    }
    return texts;
  }

  /// Whether this is the row of a key.
  public boolean has(RowKey key) {
    return key.pk().equals(attributes.get(RowKey.PK)) && key.sk().equals(attributes.get(RowKey.SK));
  }

  /// About the size of the row, for the cost of reading it.
  public int bytes() {
    int bytes = 0;
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      bytes += attribute.getKey().length() + length(attribute.getValue());
    }
    return bytes;
  }

  private static int length(Object value) {
    if (value instanceof Set<?> set) {
      int sum = 0;
      for (Object element : set) {
        sum += element.toString().length();
      }
      return sum;
    }
    return value instanceof String text ? text.length() : Long.BYTES;
  }

  private IllegalArgumentException wrong(String name, String accepted) {
    // the answer to an addition has no keys
    String row = attributes.get(RowKey.SK) instanceof String sort ? " of the row " + sort : "";
    return new IllegalArgumentException("attribute " + name + row + " is not " + accepted);
  }
}
