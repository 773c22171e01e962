package dev.pilotlight.store;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.ResultKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Converts [TableItem]s to the SDK's attributes and back.
final class Items {
  private Items() {}

  static Map<String, AttributeValue> key(ResultKey key) {
    return Map.of(TableItem.KEY, fromS(key.id()));
  }

  static Map<String, AttributeValue> of(TableItem item) {
    Map<String, AttributeValue> attributes = new HashMap<>(key(item.key()));
    attributes.put(TableItem.TENANT, fromS(item.tenant()));
    attributes.put(TableItem.MODEL, fromS(item.model()));
    attributes.put(TableItem.VERSION, fromS(item.version()));
    attributes.put(TableItem.CREATED, number(item.created()));
    attributes.put(TableItem.EXPIRES, number(item.expires()));
    byte[] value = item.value();
    if (value != null) {
      attributes.put(TableItem.VALUE, fromB(SdkBytes.fromByteArrayUnsafe(value)));
    }
    Pointer pointer = item.pointer();
    if (pointer != null) {
      attributes.put(TableItem.S3_KEY, fromS(pointer.key()));
      attributes.put(TableItem.BYTES, number(pointer.bytes()));
      attributes.put(TableItem.SHA_256, fromB(SdkBytes.fromByteArrayUnsafe(pointer.sha256())));
    }
    return attributes;
  }

  /// @throws IllegalArgumentException if a number or the key is not valid
  static TableItem item(Map<String, AttributeValue> attributes) {
    return new TableItem(
        new ResultKey(text(attributes, TableItem.KEY)),
        text(attributes, TableItem.TENANT),
        text(attributes, TableItem.MODEL),
        text(attributes, TableItem.VERSION),
        number(attributes, TableItem.CREATED),
        number(attributes, TableItem.EXPIRES),
        bytes(attributes, TableItem.VALUE),
        pointer(attributes));
  }

  private static @Nullable Pointer pointer(Map<String, AttributeValue> attributes) {
    byte[] sha256 = bytes(attributes, TableItem.SHA_256);
    return !attributes.containsKey(TableItem.S3_KEY) || sha256 == null
        ? null
        : new Pointer(
            text(attributes, TableItem.S3_KEY), number(attributes, TableItem.BYTES), sha256);
  }

  static AttributeValue number(long value) {
    return fromN(Long.toString(value));
  }

  private static String text(Map<String, AttributeValue> attributes, String name) {
    AttributeValue value = attributes.get(name);
    return value == null || value.s() == null ? "" : value.s();
  }

  private static long number(Map<String, AttributeValue> attributes, String name) {
    AttributeValue value = attributes.get(name);
    return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
  }

  private static byte @Nullable [] bytes(Map<String, AttributeValue> attributes, String name) {
    AttributeValue value = attributes.get(name);
    return value == null || value.b() == null ? null : value.b().asByteArrayUnsafe();
  }
}
