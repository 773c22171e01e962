package dev.pilotlight.store;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Calls by the AWS SDK, with its retries.
///
/// Every call has a time-out for each attempt and one for all attempts. The SDK cannot interrupt
/// its HTTP client, so a call may exceed its deadline by one attempt.
public final class SdkCalls implements DynamoCalls {
  private final Supplier<DynamoDbClient> client;
  private final String table;
  private final BulkCalls bulk;

  /// @param client called with the first call, because making the client takes long
  public SdkCalls(Supplier<DynamoDbClient> client, String table) {
    this.client = client;
    this.table = table;
    this.bulk = new BulkCalls(client, table);
  }

  @Override
  public Optional<TableItem> get(ResultKey key, Deadline end, @Nullable Runnable onSent) {
    runIfAny(onSent);
    GetItemRequest get =
        GetItemRequest.builder()
            .tableName(table)
            .key(Items.key(key))
            .consistentRead(false)
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    Map<String, AttributeValue> item = DynamoCall.make(() -> client.get().getItem(get)).item();
    return item.isEmpty() ? Optional.empty() : Optional.of(Items.item(item));
  }

  @Override
  public List<TableItem> getAll(List<ResultKey> keys, Deadline end, @Nullable Runnable onSent) {
    runIfAny(onSent);
    return getAll(keys, 0, end);
  }

  /// As [DynamoCalls#getAll], after attempts that did not process these keys.
  public List<TableItem> getAll(List<ResultKey> keys, int attempts, Deadline end) {
    List<Map<String, AttributeValue>> asked = new ArrayList<>(keys.size());
    for (ResultKey key : keys) {
      asked.add(Items.key(key));
    }
    List<TableItem> items = new ArrayList<>();
    for (var found : DynamoCall.make(() -> bulk.get(asked, attempts, end))) {
      items.add(Items.item(found));
    }
    return items;
  }

  @Override
  public Optional<TableItem> find(ResultKey key, String tenant, Deadline end) {
    QueryRequest query =
        QueryRequest.builder()
            .tableName(table)
            .keyConditionExpression("#key = :key")
            .filterExpression("#tenant = :tenant")
            .expressionAttributeNames(Map.of("#key", TableItem.KEY, "#tenant", TableItem.TENANT))
            .expressionAttributeValues(Map.of(":key", fromS(key.id()), ":tenant", fromS(tenant)))
            .consistentRead(true)
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    List<Map<String, AttributeValue>> items =
        DynamoCall.make(() -> client.get().query(query)).items();
    return items.isEmpty() ? Optional.empty() : Optional.of(Items.item(items.getFirst()));
  }

  /// Before the call: the SDK does not report when it has sent a request.
  private static void runIfAny(@Nullable Runnable onSent) {
    if (onSent != null) {
      onSent.run();
    }
  }

  @Override
  public void put(TableItem item, Deadline end) {
    PutItemRequest put = put(Items.of(item), end).build();
    var _ = DynamoCall.make(() -> client.get().putItem(put));
  }

  @Override
  public PutOutcome putIfAbsent(TableItem item, long now, Deadline end) {
    PutItemRequest put =
        put(Items.of(item), end)
            .conditionExpression(TableItem.ABSENT_OR_EXPIRED)
            .expressionAttributeValues(Map.of(":now", Items.number(now)))
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
            .build();
    try {
      var _ = DynamoCall.make(() -> client.get().putItem(put));
      return PutOutcome.WRITTEN;
    } catch (ConditionalCheckFailedException e) {
      return PutOutcome.exists(e.item().isEmpty() ? null : Items.item(e.item()));
    }
  }

  @Override
  public void putAll(List<TableItem> items, Deadline end) {
    putAll(items, 0, end);
  }

  /// As [DynamoCalls#putAll], after attempts that did not process these items.
  public void putAll(List<TableItem> items, int attempts, Deadline end) {
    List<WriteRequest> writes = new ArrayList<>(items.size());
    for (TableItem item : items) {
      writes.add(WriteRequest.builder().putRequest(put -> put.item(Items.of(item))).build());
    }
    var _ =
        DynamoCall.make(
            () -> {
              bulk.write(writes, attempts, end);
              return true;
            });
  }

  @Override
  public void putRefused(ResultKey absent, Deadline end) {
    PutItemRequest put = put(Items.key(absent), end).conditionExpression(TableItem.EXISTS).build();
    try {
      var _ = DynamoCall.make(() -> client.get().putItem(put));
    } catch (ConditionalCheckFailedException e) {
      // expected
    }
  }

  private PutItemRequest.Builder put(Map<String, AttributeValue> item, Deadline end) {
    return PutItemRequest.builder()
        .tableName(table)
        .item(item)
        .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)));
  }
}
