package dev.pilotlight.store;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Reads rows of which one attribute is damaged.
public final class DamagedRows {
  /// A type that no row has.
  private static final AttributeValue OTHER = AttributeValue.fromNul(true);

  private DamagedRows() {}

  /// Checks that a row is refused, by its key and the attribute, when an attribute has another
  /// type; and without it, unless it may be missing.
  ///
  /// @param row as it is written, with all attributes
  /// @param optional attributes that may be missing
  /// @param unread attributes that the reader does not need
  public static void areRefused(
      Map<String, AttributeValue> row,
      Set<String> optional,
      Set<String> unread,
      Function<Map<String, AttributeValue>, ?> read) {
    assertThatNoException().isThrownBy(() -> read.apply(row));
    for (String name : new TreeMap<>(row).keySet()) {
      Map<String, AttributeValue> other = new HashMap<>(row);
      other.put(name, OTHER);
      Map<String, AttributeValue> without = new HashMap<>(row);
      without.remove(name);
      if (unread.contains(name)) {
        assertThatNoException().isThrownBy(() -> read.apply(without));
        continue;
      }
      refused(other, name, read);
      if (optional.contains(name)) {
        assertThatNoException().as(name).isThrownBy(() -> read.apply(without));
      } else {
        refused(without, name, read);
      }
    }
  }

  private static void refused(
      Map<String, AttributeValue> row, String name, Function<Map<String, AttributeValue>, ?> read) {
    AttributeValue key = row.get("pk");
    String shown = key == null ? "without a key" : String.valueOf(key.s());
    assertThatIllegalStateException()
        .as(name)
        .isThrownBy(() -> read.apply(row))
        .withMessage("the item %s has no valid attribute %s", shown, name);
  }
}
