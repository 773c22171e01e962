package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.aws.Asked;
import dev.pilotlight.cli.aws.AwsCalls;
import dev.pilotlight.cli.aws.AwsCalls.Call;
import dev.pilotlight.cli.aws.Rows;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;

/// One DynamoDB table. Every read is strongly consistent.
///
/// @param name of the table
public record Table(AwsCalls calls, String region, String name) {
  private static final String CONDITION = "ConditionalCheckFailed";
  private static final int DELETES_PER_CALL = 25;
  private static final int READS_PER_CALL = 100;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int REFUSED_MAX = 8;

  /// A page of a scan.
  ///
  /// @param next where the next page begins; null after the last one
  record Page(List<Item> items, @Nullable Object next) {}

  /// Reads an item by its keys.
  Optional<Item> get(String pk, String sk) throws Refused {
    JsonBytes body = named();
    Item.write(body.name("Key"), Write.key(pk, sk));
    JsonFile answer = call("GetItem", body.field("ConsistentRead", true).endObject());
    return answer.value("Item").map(Item::read);
  }

  /// Reads items by `pk` and returns the existing ones by key.
  public Map<String, Item> getAll(List<String> keys) throws Refused {
    Map<String, Item> found = new LinkedHashMap<>();
    List<String> left = new ArrayList<>(keys);
    int refused = 0;
    while (!left.isEmpty()) {
      List<String> chunk = List.copyOf(left.subList(0, Math.min(READS_PER_CALL, left.size())));
      JsonBytes body = new JsonBytes().object().name("RequestItems").object().name(name).object();
      body.field("ConsistentRead", true).name("Keys").array();
      chunk.forEach(key -> Item.write(body, Map.of("pk", key)));
      JsonFile answer = call("BatchGetItem", body.endArray().endObject().endObject().endObject());
      if (answer.value("Responses").orElse(Map.of()) instanceof Map<?, ?> tables) {
        Rows.of(new JsonFile("Responses", tables), name)
            .forEach(row -> found.put(Item.read(row).text("pk"), Item.read(row)));
      }
      List<String> unread = unread(answer);
      left.subList(0, chunk.size()).clear();
      left.addAll(unread);
      refused = unread.size() == chunk.size() ? refused + 1 : 0;
      if (refused > 0) {
        pause(refused);
      }
    }
    return found;
  }

  private List<String> unread(JsonFile answer) {
    List<String> keys = new ArrayList<>();
    if (answer.value("UnprocessedKeys").orElse(Map.of()) instanceof Map<?, ?> tables
        && tables.get(name) instanceof Map<?, ?> asked
        && asked.get("Keys") instanceof List<?> each) {
      each.forEach(key -> keys.add(Item.read(key).text("pk")));
    }
    return keys;
  }

  /// Reads all items of a partition whose sort key begins with a text, in order.
  List<Item> query(String pk, String skPrefix) throws Refused {
    List<Item> items = new ArrayList<>();
    Optional<Object> next = Optional.empty();
    do {
      JsonBytes body = named().field("ConsistentRead", true);
      Map<String, Object> values = new LinkedHashMap<>();
      values.put(":pk", pk);
      String condition = "pk = :pk";
      if (!skPrefix.isEmpty()) {
        condition += " AND begins_with(sk, :sk)";
        values.put(":sk", skPrefix);
      }
      body.field("KeyConditionExpression", condition);
      Item.write(body.name("ExpressionAttributeValues"), values);
      start(body, next.orElse(null));
      JsonFile answer = call("Query", body.endObject());
      Rows.of(answer, "Items").forEach(row -> items.add(Item.read(row)));
      next = answer.value("LastEvaluatedKey");
    } while (next.isPresent());
    return items;
  }

  /// Reads one page of the whole table.
  ///
  /// @param filter in DynamoDB's syntax
  /// @param from where it begins; null for the beginning
  Page scan(
      String filter, Map<String, String> names, Map<String, Object> values, @Nullable Object from)
      throws Refused {
    JsonBytes body = named().field("ConsistentRead", true).field("FilterExpression", filter);
    body.name("ExpressionAttributeNames").object();
    names.forEach(body::field);
    body.endObject();
    Item.write(body.name("ExpressionAttributeValues"), values);
    start(body, from);
    JsonFile answer = call("Scan", body.endObject());
    List<Item> items = new ArrayList<>();
    Rows.of(answer, "Items").forEach(row -> items.add(Item.read(row)));
    return new Page(items, answer.value("LastEvaluatedKey").orElse(null));
  }

  /// Reads all items of a sort key, by a scan of the whole table.
  List<Item> all(String sk) throws Refused {
    List<Item> items = new ArrayList<>();
    Object from = null;
    do {
      Page page = scan("#sk = :sk", Map.of("#sk", "sk"), Map.of(":sk", sk), from);
      items.addAll(page.items());
      from = page.next();
    } while (from != null);
    return items;
  }

  private static void start(JsonBytes body, @Nullable Object from) {
    if (from != null) {
      Item.write(body.name("ExclusiveStartKey"), Item.read(from).attributes());
    }
  }

  /// Makes all writes or none.
  ///
  /// @return false if a condition was not met
  boolean transact(Write... writes) throws Refused {
    JsonBytes body = new JsonBytes().object();
    // so that an attempt after one whose answer was lost is not another transaction
    body.field("ClientRequestToken", UUID.randomUUID().toString()).name("TransactItems").array();
    for (Write write : writes) {
      write.write(body, name);
    }
    Asked<JsonFile> asked = ask("TransactWriteItems", body.endArray().endObject());
    if (asked instanceof Asked.Unknown<JsonFile>(String reason)) {
      if (reason.contains(CONDITION)) {
        return false;
      }
      throw new Refused("dynamodb: " + reason);
    }
    return true;
  }

  /// Writes an item, and replaces one with its keys.
  public void put(Item item) throws Refused {
    JsonBytes body = named();
    Item.write(body.name("Item"), item.attributes());
    var _ = call("PutItem", body.endObject());
  }

  /// Deletes items.
  ///
  /// @param keys the attributes that are the keys
  void delete(List<Item> items, String... keys) throws Refused {
    List<Object> left = new ArrayList<>();
    for (Item item : items) {
      Map<String, Object> key = new LinkedHashMap<>();
      for (String each : keys) {
        key.put(each, item.text(each));
      }
      left.add(key);
    }
    int refused = 0;
    while (!left.isEmpty()) {
      List<Object> chunk = left.subList(0, Math.min(DELETES_PER_CALL, left.size()));
      JsonBytes body = new JsonBytes().object().name("RequestItems").object().name(name).array();
      for (Object key : chunk) {
        Item.write(
            body.object().name("DeleteRequest").object().name("Key"),
            new Item(asMap(key)).attributes());
        body.endObject().endObject();
      }
      JsonFile answer = call("BatchWriteItem", body.endArray().endObject().endObject());
      int asked = chunk.size();
      chunk.clear();
      List<Object> again = unprocessed(answer);
      left.addAll(again);
      refused = again.size() == asked ? refused + 1 : 0;
      if (!again.isEmpty()) {
        pause(refused);
      }
    }
  }

  /// @param refused how many calls in a row did nothing
  private void pause(int refused) throws Refused {
    if (refused > REFUSED_MAX) {
      throw new Refused("dynamodb: the table %s is throttled; try again later".formatted(name));
    }
    try {
      Thread.sleep(PAUSE.multipliedBy(1L << refused));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted");
    }
  }

  private List<Object> unprocessed(JsonFile answer) {
    List<Object> keys = new ArrayList<>();
    if (answer.value("UnprocessedItems").orElse(Map.of()) instanceof Map<?, ?> tables
        && tables.get(name) instanceof List<?> requests) {
      for (Object request : requests) {
        if (request instanceof Map<?, ?> one
            && one.get("DeleteRequest") instanceof Map<?, ?> delete) {
          keys.add(Item.read(delete.get("Key")).attributes());
        }
      }
    }
    return keys;
  }

  @SuppressWarnings("unchecked") // only maps of this class are in the list
  private static Map<String, Object> asMap(Object key) {
    return (Map<String, Object>) key;
  }

  private JsonBytes named() {
    return new JsonBytes().object().field("TableName", name);
  }

  private JsonFile call(String operation, JsonBytes body) throws Refused {
    return switch (ask(operation, body)) {
      case Asked.Known<JsonFile>(JsonFile answer) -> answer;
      case Asked.Unknown<JsonFile>(String reason) ->
          throw new Refused("dynamodb: " + reason + " (" + operation + " in " + name + ")");
    };
  }

  private Asked<JsonFile> ask(String operation, JsonBytes body) {
    Map<String, String> headers =
        Map.of(
            "content-type",
            "application/x-amz-json-1.0",
            "x-amz-target",
            "DynamoDB_20120810." + operation);
    String json = new String(body.toByteArray(), StandardCharsets.UTF_8);
    return calls.askJson(
        new Call(
            SdkHttpMethod.POST,
            "dynamodb",
            region,
            Call.aws("dynamodb." + region),
            "/",
            headers,
            json));
  }
}
