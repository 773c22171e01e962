package dev.pilotlight.batch.claim;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.store.rows.Addition;
import dev.pilotlight.store.rows.RowAddition;
import dev.pilotlight.store.rows.RowKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/// The transactions of a checkpoint with counters.
final class Transactions {
  private static final String CONDITION = "ConditionalCheckFailed";
  private static final String INVALID = "ValidationError";

  private Transactions() {}

  /// An addition, on no condition: the first write of the transaction has it.
  static TransactWriteItem write(RowAddition addition) {
    Addition expressions = Addition.unmarked(addition.numbers());
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(Addition.EXPIRES_VALUE, fromN(Long.toString(addition.expires())));
    expressions
        .values()
        .forEach((place, number) -> values.put(place, fromN(Long.toString(number))));
    RowKey key = addition.key();
    Update update =
        Update.builder()
            .tableName(addition.table())
            .key(Map.of(RowKey.PK, fromS(key.pk()), RowKey.SK, fromS(key.sk())))
            .updateExpression(expressions.expression())
            .expressionAttributeNames(expressions.names())
            .expressionAttributeValues(values)
            .build();
    return TransactWriteItem.builder().update(update).build();
  }

  /// The reason of the first write of a transaction that was cancelled, if its condition failed.
  ///
  /// @throws RetryableException if the cause may pass: another write to one of the items, or
  ///   throttling
  /// @throws TransactionCanceledException for a call that DynamoDB never takes
  static CancellationReason first(TransactionCanceledException cancelled) {
    List<CancellationReason> reasons = cancelled.cancellationReasons();
    if (!reasons.isEmpty() && CONDITION.equals(reasons.getFirst().code())) {
      return reasons.getFirst();
    }
    if (reasons.stream().anyMatch(reason -> INVALID.equals(reason.code()))) {
      throw cancelled;
    }
    throw RetryableException.create("the transaction met another write", cancelled);
  }
}
