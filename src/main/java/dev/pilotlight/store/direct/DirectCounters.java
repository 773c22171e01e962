package dev.pilotlight.store.direct;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.rows.Addition;
import dev.pilotlight.store.rows.Row;
import dev.pilotlight.store.rows.RowCounters;
import dev.pilotlight.store.rows.RowKey;
import dev.pilotlight.store.rows.SdkCounters;
import dev.pilotlight.store.rows.UncertainWrite;
import dev.pilotlight.support.http.HttpAnswer;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Adds by one signed request. The SDK makes the same call only after a failure that shows that
/// DynamoDB has not made it; the SDK also lists rows.
public final class DirectCounters implements RowCounters {
  private static final int OK = 200;
  private static final int SERVER_ERROR = 500;
  private static final int FRAME_BYTES = 2_048;
  private static final String UPDATE = "UpdateItem";

  private final DirectClient client;
  private final Function<String, SdkCounters> sdk;
  private final String table;

  DirectCounters(DirectClient client, Function<String, SdkCounters> sdk, String table) {
    this.client = client;
    this.sdk = sdk;
    this.table = table;
  }

  @Override
  public @Nullable Row add(
      RowKey key, Map<String, Long> numbers, String mark, long expires, Deadline end) {
    JsonBytes body = body(key, Addition.of(numbers), mark, expires);
    boolean[] sent = new boolean[1];
    try {
      HttpAnswer answer = client.send(UPDATE, body, end, () -> sent[0] = true);
      if (answer.status() >= SERVER_ERROR) {
        throw new UncertainWrite(DirectCalls.failure(answer));
      }
      if (answer.status() == OK) {
        return new Row(Answers.attributes(answer.body(), "Attributes"));
      }
      if (Answers.isConditionFailed(answer)) {
        return null; // it was made before
      }
    } catch (IOException | IllegalArgumentException e) {
      if (sent[0]) {
        throw new UncertainWrite(e);
      }
    }
    return sdk.apply(table).add(key, numbers, mark, expires, end);
  }

  @Override
  public List<Row> range(String pk, String first, String last, Deadline end) {
    return sdk.apply(table).range(pk, first, last, end);
  }

  private JsonBytes body(RowKey key, Addition addition, String mark, long expires) {
    JsonBytes json = new JsonBytes(FRAME_BYTES).object().field("TableName", table);
    json.name("Key").object();
    text(json, RowKey.PK, key.pk());
    text(json, RowKey.SK, key.sk()).endObject();
    json.field("UpdateExpression", addition.expression());
    json.field("ConditionExpression", Addition.CONDITION);
    json.name("ExpressionAttributeNames").object();
    addition.names().forEach(json::field);
    json.endObject().name("ExpressionAttributeValues").object();
    text(json, Addition.MARK_VALUE, mark);
    number(json, Addition.EXPIRES_VALUE, expires);
    addition.values().forEach((name, value) -> number(json, name, value));
    return json.endObject().field("ReturnValues", "UPDATED_NEW").endObject();
  }

  private static JsonBytes text(JsonBytes json, String name, String value) {
    return json.name(name).object().field("S", value).endObject();
  }

  private static void number(JsonBytes json, String name, long value) {
    json.name(name).object().field("N", Long.toString(value)).endObject();
  }
}
