package dev.pilotlight.store.direct;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.Pointer;
import dev.pilotlight.store.TableItem;
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

  JsonText get(ResultKey key) {
    JsonText json = named(FRAME_BYTES).raw(",\"Key\":");
    return key(json, key).raw(",\"ConsistentRead\":false}");
  }

  JsonText getAll(List<ResultKey> keys) {
    JsonText json = requestItems(FRAME_BYTES + keys.size() * KEY_BYTES).raw("{\"Keys\":[");
    for (int i = 0; i < keys.size(); i++) {
      key(i == 0 ? json : json.raw(","), keys.get(i));
    }
    return json.raw("]}}}");
  }

  JsonText put(TableItem item) {
    return item(named(bytes(item)).raw(",\"Item\":"), item).raw("}");
  }

  JsonText putIfAbsent(TableItem item, long now) {
    return item(named(bytes(item)).raw(",\"Item\":"), item)
        .raw(",\"ConditionExpression\":\"" + TableItem.ABSENT_OR_EXPIRED)
        .raw("\",\"ExpressionAttributeValues\":{\":now\":{\"N\":\"" + now + "\"}}")
        .raw(",\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"}");
  }

  JsonText putRefused(ResultKey absent) {
    return key(named(FRAME_BYTES).raw(",\"Item\":"), absent)
        .raw(",\"ConditionExpression\":\"" + TableItem.EXISTS + "\"}");
  }

  JsonText putAll(List<TableItem> items) {
    int bytes = 0;
    for (TableItem item : items) {
      bytes += bytes(item);
    }
    JsonText json = requestItems(bytes).raw("[");
    for (int i = 0; i < items.size(); i++) {
      item(
              json.raw(i == 0 ? "{\"PutRequest\":{\"Item\":" : ",{\"PutRequest\":{\"Item\":"),
              items.get(i))
          .raw("}}");
    }
    return json.raw("]}}");
  }

  private JsonText named(int bytes) {
    return new JsonText(bytes).raw("{\"TableName\":").string(table);
  }

  private JsonText requestItems(int bytes) {
    return new JsonText(bytes).raw("{\"RequestItems\":{").string(table).raw(":");
  }

  private static int bytes(TableItem item) {
    byte[] value = item.value();
    return FRAME_BYTES + (value == null ? 0 : value.length / 3 * 4);
  }

  private static JsonText key(JsonText json, ResultKey key) {
    return json.raw("{\"pk\":{\"S\":\"").raw(key.id()).raw("\"}}");
  }

  private static JsonText item(JsonText json, TableItem item) {
    json.raw("{\"pk\":{\"S\":\"").raw(item.key().id()).raw("\"}");
    json.raw(",\"tenant\":{\"S\":").string(item.tenant());
    json.raw("},\"model\":{\"S\":").string(item.model());
    json.raw("},\"version\":{\"S\":").string(item.version());
    json.raw("},\"created\":{\"N\":\"").raw(Long.toString(item.created()));
    json.raw("\"},\"expires_at\":{\"N\":\"").raw(Long.toString(item.expires())).raw("\"}");
    byte[] value = item.value();
    if (value != null) {
      json.raw(",\"value\":{\"B\":").base64(value).raw("}");
    }
    Pointer pointer = item.pointer();
    if (pointer != null) {
      json.raw(",\"s3_key\":{\"S\":").string(pointer.key());
      json.raw("},\"bytes\":{\"N\":\"").raw(Long.toString(pointer.bytes()));
      json.raw("\"},\"sha256\":{\"B\":").base64(pointer.sha256()).raw("}");
    }
    return json.raw("}");
  }
}
