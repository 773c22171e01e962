package dev.pilotlight.store.direct;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.Pointer;
import dev.pilotlight.store.TableItem;
import dev.pilotlight.support.Utf8;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// The bodies of requests to DynamoDB.
///
/// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html
final class Bodies {
  private static final int FRAME_BYTES = 1_024;
  private static final int KEY_BYTES = 64;

  private final String table;

  Bodies(String table) {
    this.table = table;
  }

  JsonBytes get(ResultKey key) {
    return key(named(FRAME_BYTES).name("Key"), key).field("ConsistentRead", false).endObject();
  }

  JsonBytes getAll(List<ResultKey> keys) {
    JsonBytes json = requestItems(FRAME_BYTES + keys.size() * KEY_BYTES);
    json.object().name("Keys").array();
    for (ResultKey key : keys) {
      key(json, key);
    }
    return json.endArray().endObject().endObject().endObject();
  }

  JsonBytes put(TableItem item) {
    return item(named(bytes(item)).name("Item"), item).endObject();
  }

  JsonBytes putIfAbsent(TableItem item, long now) {
    JsonBytes json = item(named(bytes(item)).name("Item"), item);
    json.field("ConditionExpression", TableItem.ABSENT_OR_EXPIRED);
    number(json.name("ExpressionAttributeValues").object(), ":now", now).endObject();
    return json.field("ReturnValuesOnConditionCheckFailure", "ALL_OLD").endObject();
  }

  JsonBytes putRefused(ResultKey absent) {
    return key(named(FRAME_BYTES).name("Item"), absent)
        .field("ConditionExpression", TableItem.EXISTS)
        .endObject();
  }

  JsonBytes putAll(List<TableItem> items) {
    int bytes = 0;
    for (TableItem item : items) {
      bytes += bytes(item);
    }
    JsonBytes json = requestItems(bytes).array();
    for (TableItem item : items) {
      json.object().name("PutRequest").object().name("Item");
      item(json, item).endObject().endObject();
    }
    return json.endArray().endObject().endObject();
  }

  private JsonBytes named(int bytes) {
    return new JsonBytes(bytes).object().field("TableName", wellFormed(table));
  }

  private JsonBytes requestItems(int bytes) {
    return new JsonBytes(bytes).object().name("RequestItems").object().name(wellFormed(table));
  }

  private static int bytes(TableItem item) {
    byte[] value = item.value();
    return FRAME_BYTES + (value == null ? 0 : value.length / 3 * 4);
  }

  private static JsonBytes key(JsonBytes json, ResultKey key) {
    return text(json.object(), "pk", key.id()).endObject();
  }

  private static JsonBytes item(JsonBytes json, TableItem item) {
    text(json.object(), "pk", item.key().id());
    text(json, "tenant", item.tenant());
    text(json, "model", item.model());
    text(json, "version", item.version());
    number(json, "created", item.created());
    number(json, "expires_at", item.expires());
    byte[] value = item.value();
    if (value != null) {
      binary(json, "value", value);
    }
    Pointer pointer = item.pointer();
    if (pointer != null) {
      text(json, "s3_key", pointer.key());
      number(json, "bytes", pointer.bytes());
      binary(json, "sha256", pointer.sha256());
    }
    return json.endObject();
  }

  private static JsonBytes text(JsonBytes json, String name, String value) {
    return json.name(name).object().field("S", wellFormed(value)).endObject();
  }

  private static JsonBytes number(JsonBytes json, String name, long value) {
    return json.name(name).object().field("N", Long.toString(value)).endObject();
  }

  private static void binary(JsonBytes json, String name, byte[] value) {
    json.name(name).object().name("B").base64(value).endObject();
  }

  /// @throws IllegalArgumentException if the text has half of a surrogate pair, which would be
  ///   stored as a question mark
  private static String wellFormed(String text) {
    if (!Utf8.isWellFormed(text)) {
      throw new IllegalArgumentException("half of a surrogate pair");
    }
    return text;
  }
}
