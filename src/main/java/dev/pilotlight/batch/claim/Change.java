package dev.pilotlight.batch.claim;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.batch.claim.JobItem.State;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
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
    Map<String, String> names = new HashMap<>();
    Map<String, AttributeValue> values = new HashMap<>();
    changes.forEach(
        (name, value) -> {
          names.put("#" + name, name);
          values.put(":" + name, value);
        });
    names.put("#owner", JobItem.OWNER);
    names.put("#state", JobItem.STATE);
    values.put(":me", fromS(next.hold().owner()));
    values.put(":running", fromS(State.RUNNING.name()));
    return new Change(table, JobItem.key(next.job().id()), set(changes), names, values);
  }

  private static String set(Map<String, AttributeValue> changes) {
    return changes.keySet().stream()
        .sorted(Comparator.naturalOrder())
        .map(name -> "#%s = :%s".formatted(name, name))
        .collect(Collectors.joining(", ", "SET ", ""));
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
