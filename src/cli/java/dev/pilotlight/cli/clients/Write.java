package dev.pilotlight.cli.clients;

import dev.pilotlight.support.json.JsonBytes;
import java.util.LinkedHashMap;
import java.util.Map;

/// One write of a transaction: all writes of it are made, or none.
///
/// @param kind `Put`, `Update` or `ConditionCheck`
/// @param item the item, or for an update its key
/// @param set the attributes that an update changes
/// @param condition in DynamoDB's syntax; `#` and `:` precede the names and values of `equal`
/// @param equal what attributes must be
record Write(
    String kind,
    Map<String, Object> item,
    Map<String, Object> set,
    String condition,
    Map<String, Object> equal) {
  private static final String GENERATION = "generation";

  /// Writes an item that must not exist.
  static Write create(Item item) {
    return new Write("Put", item.attributes(), Map.of(), "attribute_not_exists(pk)", Map.of());
  }

  /// Changes attributes of an item that must exist.
  static Write update(String pk, String sk, Map<String, Object> set) {
    return new Write("Update", key(pk, sk), set, "attribute_exists(pk)", Map.of());
  }

  /// Requires that there is no item of the keys.
  static Write requireNone(String pk, String sk) {
    return new Write("ConditionCheck", key(pk, sk), Map.of(), "attribute_not_exists(pk)", Map.of());
  }

  /// Requires that a tenant is of a state and a generation, which is 0 where its item has none.
  static Write requireTenant(String pk, String state, long generation) {
    return ofTenant("ConditionCheck", key(pk, "tenant"), state, generation);
  }

  /// Writes a tenant's item in place of one of a state and a generation.
  static Write replaceTenant(Item item, String state, long generation) {
    return ofTenant("Put", item.attributes(), state, generation);
  }

  private static Write ofTenant(
      String kind, Map<String, Object> item, String state, long generation) {
    Map<String, Object> equal = new LinkedHashMap<>();
    equal.put("state", state);
    equal.put(GENERATION, generation);
    String none = generation == 0 ? " OR attribute_not_exists(#generation)" : "";
    String condition = "#state = :state AND (#generation = :generation" + none + ")";
    return new Write(kind, item, Map.of(), condition, equal);
  }

  /// The same write under one more condition.
  Write unless(String name, Object value) {
    Map<String, Object> both = new LinkedHashMap<>(equal);
    both.put(name, value);
    return new Write(kind, item, set, condition + " AND #%1$s <> :%1$s".formatted(name), both);
  }

  static Map<String, Object> key(String pk, String sk) {
    Map<String, Object> key = new LinkedHashMap<>();
    key.put("pk", pk);
    key.put("sk", sk);
    return key;
  }

  void write(JsonBytes json, String table) {
    json.object().name(kind).object().field("TableName", table);
    Item.write(json.name(kind.equals("Put") ? "Item" : "Key"), item);
    Map<String, Object> values = new LinkedHashMap<>();
    equal.forEach((name, value) -> values.put(":" + name, value));
    if (!set.isEmpty()) {
      StringBuilder expression = new StringBuilder("SET ");
      set.forEach(
          (name, value) -> {
            expression.append(expression.length() > 4 ? ", " : "");
            expression.append('#').append(name).append(" = :new_").append(name);
            values.put(":new_" + name, value);
          });
      json.field("UpdateExpression", expression.toString());
    }
    json.field("ConditionExpression", condition);
    if (!values.isEmpty()) {
      json.name("ExpressionAttributeNames").object();
      Map<String, Object> names = new LinkedHashMap<>(equal);
      names.putAll(set);
      names.keySet().forEach(name -> json.field("#" + name, name));
      json.endObject();
      Item.write(json.name("ExpressionAttributeValues"), values);
    }
    json.endObject().endObject();
  }
}
