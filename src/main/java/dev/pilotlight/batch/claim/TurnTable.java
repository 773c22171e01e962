package dev.pilotlight.batch.claim;

import static dev.pilotlight.store.Attributes.number;
import static dev.pilotlight.store.Attributes.text;
import static dev.pilotlight.store.Attributes.textOrEmpty;
import static dev.pilotlight.store.Attributes.whole;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.store.Attributes;
import dev.pilotlight.store.rows.RowKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/// The rows of [Turns] in the table of clients. All reads are strongly consistent. Thread-safe.
///
/// - `batches#<tenant>`, `slot#<number>`: `batch` S, the id of the batch that has the slot; `until`
///   N, to which time in ms since 1970 it is kept for a batch that was woken or handed over, and
///   minus the time at which it began once it has; `waiting` S, the row of a batch that was woken.
/// - `batches#<tenant>`, `wait#<ms since 1970>#<batch's id>`: `batch` S, one that waits; `version`
///   M, its object as in [JobItem], which rows of earlier releases lack.
/// - `batches#`, `<tenant>`: a tenant with batches that wait, or waited lately.
final class TurnTable {
  /// A tenant stays listed for so long after its last batch began to wait, or was found waiting.
  static final Duration LISTED = Duration.ofDays(7);

  private static final Duration CALL_MAX = JobTable.CALL_MAX;
  private static final String PARTITION = "batches#";
  private static final String SLOT = "slot#";
  private static final String WAIT = "wait#";
  private static final String BATCH = "batch";
  private static final String VERSION = "version";
  private static final String UNTIL = "until";
  private static final String WAITING = "waiting";
  private static final String EXPIRES = "expires_at";

  /// Sorts after every character of a sort key.
  private static final String END = "~";

  /// Sorts before every character of a sort key.
  private static final String FIRST = " ";

  private final Supplier<DynamoDbClient> client;
  private final String name;

  TurnTable(Supplier<DynamoDbClient> client, String name) {
    this.client = client;
    this.name = name;
  }

  /// A slot of a tenant.
  ///
  /// @param batch the id of the batch that has it; empty if none has had it yet
  /// @param untilMillis kept until then for that batch, which was woken or handed over; negative
  ///   once it has begun, another number each time; 0 if none has had it yet
  /// @param waiting the sort key of that batch's row, if it was woken; empty once it has begun
  record Slot(int number, String batch, long untilMillis, String waiting) {}

  /// A batch that waits.
  ///
  /// @param row its sort key
  /// @param version empty in rows of earlier releases
  record Waiting(String row, String batch, Optional<ObjectVersion> version) {}

  List<Slot> slots(String tenant, Retries retries) {
    List<Slot> slots = new ArrayList<>();
    for (Map<String, AttributeValue> row :
        query(PARTITION + tenant, SLOT, SLOT + END, 0, retries)) {
      slots.add(
          new Slot(
              Integer.parseInt(text(row, RowKey.SK).substring(SLOT.length())),
              text(row, BATCH),
              whole(row, UNTIL),
              textOrEmpty(row, WAITING)));
    }
    return slots;
  }

  /// The batches that have waited longest, the first one first. A batch may have several rows.
  ///
  /// @param after the row after which they begin; empty for the first one
  /// @param most rows; 0 for all
  List<Waiting> waiting(String tenant, String after, int most, Retries retries) {
    List<Waiting> waiting = new ArrayList<>();
    String first = after.isEmpty() ? WAIT : after + FIRST;
    for (Map<String, AttributeValue> row :
        query(PARTITION + tenant, first, WAIT + END, most, retries)) {
      Optional<ObjectVersion> version =
          row.containsKey(VERSION) ? Optional.of(version(row)) : Optional.empty();
      waiting.add(new Waiting(text(row, RowKey.SK), text(row, BATCH), version));
    }
    return waiting;
  }

  List<String> tenants(Retries retries) {
    List<String> tenants = new ArrayList<>();
    for (Map<String, AttributeValue> row : query(PARTITION, FIRST, END, 0, retries)) {
      tenants.add(text(row, RowKey.SK));
    }
    return tenants;
  }

  /// Replaces a slot, unless it has changed.
  ///
  /// @return false if it has
  boolean replace(String tenant, Slot before, Slot next, Retries retries) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":batch", fromS(next.batch));
    values.put(":until", number(next.untilMillis));
    values.put(":waiting", fromS(next.waiting));
    String unchanged = "attribute_not_exists(#pk)";
    Map<String, String> names =
        new HashMap<>(Map.of("#batch", BATCH, "#until", UNTIL, "#waiting", WAITING));
    if (before.batch.isEmpty()) {
      names.put("#pk", RowKey.PK);
    } else {
      unchanged = "#batch = :was AND #until = :wasUntil";
      values.put(":was", fromS(before.batch));
      values.put(":wasUntil", number(before.untilMillis));
    }
    // a repeated attempt finds what the first one wrote
    String condition =
        "(" + unchanged + ") OR (#batch = :batch AND #until = :until AND #waiting = :waiting)";
    UpdateItemRequest update =
        UpdateItemRequest.builder()
            .tableName(name)
            .key(key(tenant, SLOT + next.number))
            .updateExpression("SET #batch = :batch, #until = :until, #waiting = :waiting")
            .conditionExpression(condition)
            .expressionAttributeNames(names)
            .expressionAttributeValues(values)
            .overrideConfiguration(o -> o.apiCallTimeout(CALL_MAX))
            .build();
    try {
      var _ = retries.call("give a slot", () -> client.get().updateItem(update));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  /// Frees a slot, if the same batch still has it.
  void free(String tenant, Slot slot, Retries retries) {
    DeleteItemRequest delete =
        DeleteItemRequest.builder()
            .tableName(name)
            .key(key(tenant, SLOT + slot.number))
            .conditionExpression("#batch = :batch AND #until = :until")
            .expressionAttributeNames(Map.of("#batch", BATCH, "#until", UNTIL))
            .expressionAttributeValues(
                Map.of(":batch", fromS(slot.batch), ":until", number(slot.untilMillis)))
            .overrideConfiguration(o -> o.apiCallTimeout(CALL_MAX))
            .build();
    try {
      var _ = retries.call("free a slot", () -> client.get().deleteItem(delete));
    } catch (ConditionalCheckFailedException e) {
      // another batch has it
    }
  }

  /// Has a batch wait. Its tenant must be listed.
  ///
  /// @param sinceMillis its place among those that wait
  void wait(String tenant, ObjectVersion version, long sinceMillis, Retries retries) {
    String batchId = version.batchId();
    String row = "%s%013d#%s".formatted(WAIT, sinceMillis, batchId);
    AttributeValue object = AttributeValue.fromM(JobItem.attributes(version));
    write(key(tenant, row), Map.of(BATCH, fromS(batchId), VERSION, object), retries);
  }

  void list(String tenant, long nowMillis, Retries retries) {
    long expires = nowMillis / 1_000 + LISTED.toSeconds();
    Map<String, AttributeValue> key = Map.of(RowKey.PK, fromS(PARTITION), RowKey.SK, fromS(tenant));
    write(key, Map.of(EXPIRES, number(expires)), retries);
  }

  void forget(String tenant, String row, Retries retries) {
    DeleteItemRequest delete =
        DeleteItemRequest.builder()
            .tableName(name)
            .key(key(tenant, row))
            .overrideConfiguration(o -> o.apiCallTimeout(CALL_MAX))
            .build();
    var _ = retries.call("forget a wait", () -> client.get().deleteItem(delete));
  }

  private void write(
      Map<String, AttributeValue> key, Map<String, AttributeValue> row, Retries retries) {
    SetExpression set = SetExpression.of(row);
    UpdateItemRequest update =
        UpdateItemRequest.builder()
            .tableName(name)
            .key(key)
            .updateExpression(set.expression())
            .expressionAttributeNames(set.names())
            .expressionAttributeValues(set.values())
            .overrideConfiguration(o -> o.apiCallTimeout(CALL_MAX))
            .build();
    var _ = retries.call("have a batch wait", () -> client.get().updateItem(update));
  }

  /// @param most rows; 0 for all
  private List<Map<String, AttributeValue>> query(
      String partition, String first, String last, int most, Retries retries) {
    QueryRequest.Builder query =
        QueryRequest.builder()
            .tableName(name)
            .consistentRead(true)
            .keyConditionExpression("#pk = :pk AND #sk BETWEEN :first AND :last")
            .expressionAttributeNames(Map.of("#pk", RowKey.PK, "#sk", RowKey.SK))
            .expressionAttributeValues(
                Map.of(":pk", fromS(partition), ":first", fromS(first), ":last", fromS(last)))
            .overrideConfiguration(o -> o.apiCallTimeout(CALL_MAX));
    if (most > 0) {
      QueryRequest one = query.limit(most).build();
      return retries.call("read waiting batches", () -> client.get().query(one).items());
    }
    QueryRequest all = query.build();
    return retries.call(
        "read waiting batches", () -> client.get().queryPaginator(all).items().stream().toList());
  }

  private static Map<String, AttributeValue> key(String tenant, String row) {
    return Map.of(RowKey.PK, fromS(PARTITION + tenant), RowKey.SK, fromS(row));
  }

  private static ObjectVersion version(Map<String, AttributeValue> row) {
    try {
      return JobItem.version(Attributes.map(row, VERSION));
    } catch (IllegalStateException e) {
      throw Attributes.damaged(row, VERSION, e);
    }
  }
}
