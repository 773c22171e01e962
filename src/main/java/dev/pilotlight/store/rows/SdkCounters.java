package dev.pilotlight.store.rows;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.Budget;
import dev.pilotlight.store.DynamoCall;
import dev.pilotlight.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/// Adds by the AWS SDK, without its retries; lists with them.
public final class SdkCounters implements RowCounters {
  private static final int SERVER_ERROR = 500;

  private final Supplier<DynamoDbClient> client;
  private final String table;

  /// @param client called with the first call, because making the client takes long
  public SdkCounters(Supplier<DynamoDbClient> client, String table) {
    this.client = client;
    this.table = table;
  }

  @Override
  public @Nullable Row add(
      RowKey key, Map<String, Long> numbers, String mark, long expires, Deadline end) {
    if (end.passed()) {
      TimeoutException late = new TimeoutException();
      throw StoreException.timeout("no time was left for a write to DynamoDB", late, 0);
    }
    Transmission transmission = new Transmission();
    Addition addition = Addition.of(numbers);
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(Addition.MARK_VALUE, fromS(mark));
    values.put(Addition.EXPIRES_VALUE, fromN(Long.toString(expires)));
    addition.values().forEach((name, value) -> values.put(name, fromN(Long.toString(value))));
    UpdateItemRequest update =
        UpdateItemRequest.builder()
            .tableName(table)
            .key(Map.of(RowKey.PK, fromS(key.pk()), RowKey.SK, fromS(key.sk())))
            .updateExpression(addition.expression())
            .conditionExpression(Addition.CONDITION)
            .expressionAttributeNames(addition.names())
            .expressionAttributeValues(values)
            .returnValues(ReturnValue.UPDATED_NEW)
            .overrideConfiguration(
                o ->
                    o.apiCallTimeout(Budget.left(end))
                        .addPlugin(
                            client ->
                                client.overrideConfiguration(
                                    once ->
                                        once.retryStrategy(AwsRetryStrategy.doNotRetry())
                                            .addExecutionInterceptor(transmission))))
            .build();
    try {
      return DynamoCall.make(() -> SdkRows.row(once(update, transmission)));
    } catch (ConditionalCheckFailedException e) {
      return null; // it was made before
    }
  }

  /// @throws UncertainWrite for a failure after which DynamoDB may have made the write
  private Map<String, AttributeValue> once(UpdateItemRequest update, Transmission transmission) {
    try {
      return client.get().updateItem(update).attributes();
    } catch (SdkServiceException e) {
      if (e.statusCode() >= SERVER_ERROR) {
        throw new UncertainWrite(e);
      }
      throw e;
    } catch (SdkException e) {
      if (transmission.mayHaveReached(e)) {
        throw new UncertainWrite(e);
      }
      throw e;
    }
  }

  @Override
  public List<Row> range(String pk, String first, String last, Deadline end) {
    QueryRequest query =
        QueryRequest.builder()
            .tableName(table)
            .keyConditionExpression("#pk = :pk AND #sk BETWEEN :first AND :last")
            .expressionAttributeNames(Map.of("#pk", RowKey.PK, "#sk", RowKey.SK))
            .expressionAttributeValues(
                Map.of(
                    ":pk", fromS(pk),
                    ":first", fromS(first.isEmpty() ? " " : first),
                    ":last", fromS(last)))
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    List<Row> rows = new ArrayList<>();
    return DynamoCall.make(
        () -> {
          client.get().queryPaginator(query).items().forEach(item -> rows.add(SdkRows.row(item)));
          return rows;
        });
  }
}
