package dev.pilotlight.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Reads and makes attributes of items.
public final class Attributes {
  private Attributes() {}

  /// A number.
  public static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  /// A text that an item must have.
  ///
  /// @throws IllegalStateException without it, naming the attribute
  public static String text(Map<String, AttributeValue> item, String name) {
    String text = textOrNull(item, name);
    if (text == null) {
      throw damaged(item, name);
    }
    return text;
  }

  /// A text that an item may have; null without it.
  public static @Nullable String textOrNull(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null ? null : value.s();
  }

  /// A whole number that an item must have.
  ///
  /// @throws IllegalStateException without it, naming the attribute
  /// @throws NumberFormatException if it is not whole
  public static long whole(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    String number = value == null ? null : value.n();
    if (number == null) {
      throw damaged(item, name);
    }
    return Long.parseLong(number);
  }

  /// The failure that an item has no valid attribute of a name.
  public static IllegalStateException damaged(Map<String, AttributeValue> item, String name) {
    return new IllegalStateException(
        "the item %s has no valid attribute %s".formatted(textOrNull(item, "pk"), name));
  }
}
