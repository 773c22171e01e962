package dev.pilotlight.batch.claim;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Reads and writes the attributes of a batch's item.
final class ItemAttributes {
  private ItemAttributes() {}

  static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  /// @throws IllegalArgumentException if the item has no such attribute, as for those below
  static String text(Map<String, AttributeValue> item, String name) {
    return attribute(item, name).s();
  }

  static long number(Map<String, AttributeValue> item, String name) {
    return Long.parseLong(attribute(item, name).n());
  }

  /// Items of earlier releases lack the attribute.
  static long numberOrZero(Map<String, AttributeValue> item, String name) {
    return item.containsKey(name) ? number(item, name) : 0;
  }

  static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      throw new IllegalArgumentException("a batch's item has no attribute " + name);
    }
    return value;
  }
}
