package dev.pilotlight.store;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Reads and makes attributes of items. An attribute of another type than the one asked for is
/// damage and never counts as absent. Every method that reads throws an [IllegalStateException]
/// that names the item and the attribute if the attribute is of another type; if an item must have
/// it, also without it.
public final class Attributes {
  private static final String KEY = "pk";

  private Attributes() {}

  /// A number.
  public static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  /// A text that an item must have.
  public static String text(Map<String, AttributeValue> item, String name) {
    return required(item, name, textOrNull(item, name));
  }

  /// A text that an item may have; empty without it.
  public static String textOrEmpty(Map<String, AttributeValue> item, String name) {
    String text = textOrNull(item, name);
    return text == null ? "" : text;
  }

  /// A text that an item may have; null without it.
  public static @Nullable String textOrNull(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null ? null : required(item, name, value.s());
  }

  /// A whole number that an item must have.
  public static long whole(Map<String, AttributeValue> item, String name) {
    return required(item, name, wholeOrNull(item, name));
  }

  /// A whole number that an item may have; 0 without it.
  public static long wholeOrZero(Map<String, AttributeValue> item, String name) {
    Long number = wholeOrNull(item, name);
    return number == null ? 0 : number;
  }

  /// A whole number that an item may have; null without it.
  public static @Nullable Long wholeOrNull(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      return null;
    }
    String digits = required(item, name, value.n());
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      throw damaged(item, name);
    }
  }

  /// Bytes that an item must have; not a copy.
  public static byte[] bytes(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return required(item, name, value == null ? null : value.b()).asByteArrayUnsafe();
  }

  /// A set of texts (type SS) that an item may have; empty without it.
  public static Set<String> texts(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      return Set.of();
    }
    if (!value.hasSs()) {
      throw damaged(item, name);
    }
    return Set.copyOf(value.ss());
  }

  /// The texts of a list (type L) that an item may have; null without it.
  public static @Nullable Set<String> listedTexts(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      return null;
    }
    if (!value.hasL()) {
      throw damaged(item, name);
    }
    Set<String> texts = new LinkedHashSet<>();
    for (AttributeValue each : value.l()) {
      texts.add(required(item, name, each.s()));
    }
    return texts;
  }

  /// The texts of a map (type M) that an item may have, by their names; empty without it.
  public static Map<String, String> textsByName(Map<String, AttributeValue> item, String name) {
    Map<String, String> texts = new HashMap<>();
    if (item.containsKey(name)) {
      map(item, name).forEach((key, value) -> texts.put(key, required(item, name, value.s())));
    }
    return texts;
  }

  /// A map (type M) that an item must have.
  public static Map<String, AttributeValue> map(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null || !value.hasM()) {
      throw damaged(item, name);
    }
    return value.m();
  }

  /// The constant of an enum whose name an item must have.
  public static <E extends Enum<E>> E constant(
      Map<String, AttributeValue> item, String name, Class<E> type) {
    String text = text(item, name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text)) {
        return constant;
      }
    }
    throw damaged(item, name);
  }

  private static <T> T required(Map<String, AttributeValue> item, String name, @Nullable T value) {
    if (value == null) {
      throw damaged(item, name);
    }
    return value;
  }

  /// The failure that an item has no valid attribute of a name.
  public static IllegalStateException damaged(Map<String, AttributeValue> item, String name) {
    return damaged(item, name, null);
  }

  /// As [#damaged(Map, String)], with what is wrong.
  public static IllegalStateException damaged(
      Map<String, AttributeValue> item, String name, @Nullable Throwable cause) {
    AttributeValue key = item.get(KEY);
    AttributeValue sort = item.get("sk");
    String row = key == null ? "without a key" : String.valueOf(key.s());
    return new IllegalStateException(
        "the item %s%s has no valid attribute %s"
            .formatted(row, sort == null ? "" : ", " + sort.s(), name),
        cause);
  }
}
