package dev.pilotlight.store.rows;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.BulkCalls;
import dev.pilotlight.store.DynamoCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Reads rows by the AWS SDK, with its retries.
public final class SdkRows implements RowReads {
  private final BulkCalls calls;

  /// @param client called with the first call, because making the client takes long
  public SdkRows(Supplier<DynamoDbClient> client, String table) {
    calls = new BulkCalls(client, table);
  }

  @Override
  public List<Row> read(List<RowKey> keys, Deadline end) {
    List<Map<String, AttributeValue>> asked = new ArrayList<>(keys.size());
    for (RowKey key : keys) {
      asked.add(Map.of(RowKey.PK, fromS(key.pk()), RowKey.SK, fromS(key.sk())));
    }
    List<Row> rows = new ArrayList<>();
    for (var item : DynamoCall.make(() -> calls.getConsistently(asked, end))) {
      rows.add(row(item));
    }
    return rows;
  }

  static Row row(Map<String, AttributeValue> item) {
    Map<String, Object> attributes = new HashMap<>();
    item.forEach((name, value) -> attributes.put(name, value(value)));
    return new Row(attributes);
  }

  private static Object value(AttributeValue value) {
    if (value.s() != null) {
      return value.s();
    }
    if (value.n() != null) {
      return Row.wholeNumber(value.n());
    }
    return value.hasSs() ? Set.copyOf(value.ss()) : Row.OTHER;
  }
}
