package dev.pilotlight.store.direct;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.rows.Row;
import dev.pilotlight.store.rows.RowKey;
import dev.pilotlight.store.rows.RowReads;
import dev.pilotlight.store.rows.SdkRows;
import dev.pilotlight.support.http.HttpAnswer;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/// Reads rows by one signed request; after anything but a whole answer the SDK makes the same call.
public final class DirectRows implements RowReads {
  private static final int OK = 200;
  private static final int FRAME_BYTES = 1_024;
  private static final String GET_ALL = "BatchGetItem";

  private final DirectClient client;
  private final Function<String, SdkRows> sdk;
  private final String table;

  DirectRows(DirectClient client, Function<String, SdkRows> sdk, String table) {
    this.client = client;
    this.sdk = sdk;
    this.table = table;
  }

  @Override
  public List<Row> read(List<RowKey> keys, Deadline end) {
    return client.call(
        GET_ALL, () -> direct(keys, end), rows -> rows.read(keys, end), sdk, table, end);
  }

  private List<Row> direct(List<RowKey> keys, Deadline end) throws IOException, DirectFailure {
    HttpAnswer answer = client.send(GET_ALL, body(keys), end, null);
    if (answer.status() != OK) {
      throw DirectCalls.failure(answer);
    }
    List<Row> rows = Answers.rows(answer.body(), table);
    for (Row row : rows) {
      requireAsked(keys, row);
    }
    return rows;
  }

  private JsonBytes body(List<RowKey> keys) {
    JsonBytes json = new JsonBytes(FRAME_BYTES).object().name("RequestItems").object();
    json.name(table).object().field("ConsistentRead", true).name("Keys").array();
    for (RowKey key : keys) {
      json.object().name(RowKey.PK).object().field("S", key.pk()).endObject();
      json.name(RowKey.SK).object().field("S", key.sk()).endObject().endObject();
    }
    return json.endArray().endObject().endObject().endObject();
  }

  /// An answer to another request must never admit a caller.
  private static void requireAsked(List<RowKey> keys, Row row) throws DirectFailure {
    for (RowKey key : keys) {
      if (row.has(key)) {
        return;
      }
    }
    throw new DirectFailure("a row of another key");
  }
}
