package dev.pilotlight.batch.claim;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.batch.claim.JobItem.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/// A write of a batch's owner to the batch's item, on condition that it still is the owner and has
/// not made a later write.
///
/// @param names of attributes, by their places in the expression
/// @param values by their places
record Change(
    String table,
    Map<String, AttributeValue> key,
    String expression,
    Map<String, String> names,
    Map<String, AttributeValue> values) {
  private static final Duration CALL_MAX = JobTable.CALL_MAX;
  private static final String STILL_MINE = "#owner = :me AND #state = :running AND #beat < :beat";
  private static final ReturnValuesOnConditionCheckFailure OLD =
      ReturnValuesOnConditionCheckFailure.ALL_OLD;

  /// @param next with the claim's owner and a higher beat than any write before
  /// @param changes the attributes to write, with `beat`
  static Change of(String table, JobItem next, Map<String, AttributeValue> changes) {
    SetExpression set = SetExpression.of(changes);
    Map<String, String> names = new HashMap<>(set.names());
    Map<String, AttributeValue> values = new HashMap<>(set.values());
    names.put("#owner", JobItem.OWNER);
    names.put("#state", JobItem.STATE);
    values.put(":me", fromS(next.hold().owner()));
    values.put(":running", fromS(State.RUNNING.name()));
    return new Change(table, JobItem.key(next.job().id()), set.expression(), names, values);
  }

  /// The call that makes it alone.
  UpdateItemRequest alone() {
    return UpdateItemRequest.builder()
        .tableName(table)
        .key(key)
        .updateExpression(expression)
        .conditionExpression(STILL_MINE)
        .expressionAttributeNames(names)
        .expressionAttributeValues(values)
        .returnValuesOnConditionCheckFailure(OLD)
        .overrideConfiguration(o -> o.apiCallTimeout(CALL_MAX))
        .build();
  }

  TransactWriteItem inTransaction() {
    Update update =
        Update.builder()
            .tableName(table)
            .key(key)
            .updateExpression(expression)
            .conditionExpression(STILL_MINE)
            .expressionAttributeNames(names)
            .expressionAttributeValues(values)
            .returnValuesOnConditionCheckFailure(OLD)
            .build();
    return TransactWriteItem.builder().update(update).build();
  }
}
