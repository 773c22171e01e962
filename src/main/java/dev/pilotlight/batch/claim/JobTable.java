package dev.pilotlight.batch.claim;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.store.rows.RowAddition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// The calls to DynamoDB. Thread-safe.
///
/// Every write is conditional on the item before it, so that a write which arrives after later ones
/// changes nothing. A write whose response was lost is retried; if the first attempt had succeeded,
/// the item already has the owner and the beat of the write.
final class JobTable {
  /// Limit of one call with the SDK's own attempts.
  static final Duration CALL_MAX = Duration.ofSeconds(6);

  private static final int DELETES_MAX = 25;

  /// DynamoDB reserves `owner` and other words, so all names are written as `#name`.
  private static final String ABSENT = "attribute_not_exists(#pk)";

  private static final String UNCHANGED = "#owner = :before AND #beat = :beaten";

  private final Supplier<DynamoDbClient> client;
  private final String table;

  JobTable(Supplier<DynamoDbClient> client, String table) {
    this.client = client;
    this.table = table;
  }

  Optional<JobItem> read(String batchId, Retries retries) {
    return JobItem.of(get("read a batch's item", JobItem.key(batchId), retries));
  }

  /// A row, by a strongly consistent read; without attributes if there is none.
  Map<String, AttributeValue> get(String what, Map<String, AttributeValue> key, Retries retries) {
    GetItemRequest get =
        GetItemRequest.builder()
            .tableName(table)
            .key(key)
            .consistentRead(true)
            .overrideConfiguration(o -> o.apiCallTimeout(CALL_MAX))
            .build();
    return call(what, () -> client.get().getItem(get), retries).item();
  }

  /// Writes a row, whether there is one or not.
  void put(String what, Map<String, AttributeValue> row, Retries retries) {
    PutItemRequest put =
        PutItemRequest.builder()
            .tableName(table)
            .item(row)
            .overrideConfiguration(o -> o.apiCallTimeout(CALL_MAX))
            .build();
    var _ = call(what, () -> client.get().putItem(put), retries);
  }

  /// Replaces an item by that of a new owner, unless it has changed since it was read.
  ///
  /// @param before empty if there was none
  /// @return the item that the table holds now: `next`, or another writer's
  Optional<JobItem> replace(Optional<JobItem> before, JobItem next, Retries retries) {
    PutItemRequest.Builder put =
        PutItemRequest.builder()
            .tableName(table)
            .item(next.attributes())
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
            .overrideConfiguration(o -> o.apiCallTimeout(CALL_MAX));
    before.ifPresentOrElse(
        item ->
            put.conditionExpression(UNCHANGED)
                .expressionAttributeNames(Map.of("#owner", JobItem.OWNER, "#beat", JobItem.BEAT))
                .expressionAttributeValues(
                    Map.of(
                        ":before", fromS(item.hold().owner()),
                        ":beaten", fromN(Long.toString(item.hold().beat())))),
        () -> put.conditionExpression(ABSENT).expressionAttributeNames(Map.of("#pk", JobItem.KEY)));
    PutItemRequest request = put.build();
    try {
      var _ = call("claim " + next.version(), () -> client.get().putItem(request), retries);
      return Optional.of(next);
    } catch (ConditionalCheckFailedException e) {
      return JobItem.of(e.item());
    }
  }

  /// Writes as the owner.
  ///
  /// @param next with the claim's owner and a higher beat than any write before
  /// @param changes the attributes to write, with `beat`
  /// @return false if another owner has the item
  /// @throws BatchException.Unavailable if the item was deleted
  boolean update(JobItem next, Map<String, AttributeValue> changes, Retries retries) {
    Change change = Change.of(table, next, changes);
    try {
      var _ =
          call("update " + next.version(), () -> client.get().updateItem(change.alone()), retries);
      return true;
    } catch (ConditionalCheckFailedException e) {
      return isSameWrite(next, e.item(), e);
    }
  }

  /// As [#update(JobItem, Map, Retries)], in one transaction with additions to other rows: all of
  /// them are made, or none.
  ///
  /// @param additions none, or less than 100
  boolean update(
      JobItem next,
      Map<String, AttributeValue> changes,
      List<RowAddition> additions,
      Retries retries) {
    if (additions.isEmpty()) {
      return update(next, changes, retries);
    }
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(Change.of(table, next, changes).inTransaction());
    additions.forEach(addition -> writes.add(Transactions.write(addition)));
    TransactWriteItemsRequest request =
        TransactWriteItemsRequest.builder()
            .transactItems(writes)
            .overrideConfiguration(o -> o.apiCallTimeout(CALL_MAX))
            .build();
    String what = "update %s and its tenant's counters".formatted(next.version());
    return call(
        what,
        () -> {
          try {
            var _ = client.get().transactWriteItems(request);
            return true;
          } catch (TransactionCanceledException e) {
            CancellationReason first = Transactions.first(e);
            return isSameWrite(next, first.item(), e);
          }
        },
        retries);
  }

  /// Deletes items, whether they are there or not.
  void delete(List<String> ids, Retries retries) {
    for (int from = 0; from < ids.size(); from += DELETES_MAX) {
      Map<String, List<WriteRequest>> left =
          Map.of(
              table,
              ids.subList(from, Math.min(ids.size(), from + DELETES_MAX)).stream()
                  .map(id -> DeleteRequest.builder().key(JobItem.key(id)).build())
                  .map(delete -> WriteRequest.builder().deleteRequest(delete).build())
                  .toList());
      while (!left.isEmpty()) {
        Map<String, List<WriteRequest>> now = left;
        left = call("delete shards' items", () -> deleteSome(now), retries);
      }
    }
  }

  /// @return what DynamoDB has left
  private Map<String, List<WriteRequest>> deleteSome(Map<String, List<WriteRequest>> writes) {
    Map<String, List<WriteRequest>> left =
        client
            .get()
            .batchWriteItem(
                write ->
                    write
                        .requestItems(writes)
                        .overrideConfiguration(o -> o.apiCallTimeout(CALL_MAX)))
            .unprocessedItems();
    if (left.equals(writes)) {
      throw RetryableException.create("DynamoDB deleted none of the items", null);
    }
    return left;
  }

  /// Whether the item has the write already, because the response to an earlier attempt was lost.
  private boolean isSameWrite(
      JobItem next, Map<String, AttributeValue> item, DynamoDbException failure) {
    JobItem there =
        JobItem.of(item)
            .orElseThrow(
                () ->
                    new BatchException.Unavailable(
                        "the item of %s is gone from %s".formatted(next.version(), table),
                        failure));
    return there.hold().isSameWrite(next.hold());
  }

  /// Makes a call to DynamoDB; [Retries] tries it again.
  private <T> T call(String what, Supplier<T> call, Retries retries) {
    return retries.call(
        what,
        () -> {
          try {
            return call.get();
          } catch (DynamoDbException e) {
            throw failure(what, e);
          }
        });
  }

  /// DynamoDB names every error; an error without a name is a truncated response.
  private RuntimeException failure(String what, DynamoDbException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return switch (code) {
      case null -> RetryableException.create("DynamoDB's answer broke off", e);
      case "ResourceNotFoundException", "AccessDeniedException" ->
          new BatchException.Misconfigured(
              "DynamoDB does not let this function %s in the table %s: %s"
                  .formatted(what, table, code),
              e);
      default -> e;
    };
  }
}
