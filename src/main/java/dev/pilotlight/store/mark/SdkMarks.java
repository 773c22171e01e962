package dev.pilotlight.store.mark;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.Budget;
import dev.pilotlight.store.DynamoCall;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/// Calls by the AWS SDK, with its retries.
///
/// @param client called with the first call, because making the client takes long
public record SdkMarks(Supplier<DynamoDbClient> client, String table) implements MarkCalls {
  /// Returns this object as its interface, so that the interface does not load with
  /// [dev.pilotlight.store.client.Clients].
  public MarkCalls calls() {
    return this;
  }

  @Override
  public MarkOutcome put(Mark mark, Mark.Condition condition, long nowMillis, Deadline end) {
    PutItemRequest put =
        PutItemRequest.builder()
            .tableName(table)
            .item(converted(mark.attributes()))
            .conditionExpression(condition.expression())
            .expressionAttributeValues(converted(mark.values(condition, nowMillis)))
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    try {
      var _ = DynamoCall.make(() -> client.get().putItem(put));
      return MarkOutcome.WRITTEN;
    } catch (ConditionalCheckFailedException e) {
      return MarkOutcome.exists(e.item().isEmpty() ? null : Mark.of(read(e.item())));
    }
  }

  private static Map<String, AttributeValue> converted(Map<String, Object> values) {
    Map<String, AttributeValue> attributes = new HashMap<>();
    values.forEach((name, value) -> attributes.put(name, converted(value)));
    return attributes;
  }

  private static AttributeValue converted(Object value) {
    return switch (value) {
      case String text -> fromS(text);
      case byte[] bytes -> fromB(SdkBytes.fromByteArrayUnsafe(bytes));
      default -> fromN(value.toString());
    };
  }

  private static Map<String, Object> read(Map<String, AttributeValue> attributes) {
    Map<String, Object> values = new HashMap<>();
    attributes.forEach(
        (name, value) -> {
          if (value.s() != null) {
            values.put(name, value.s());
          } else if (value.n() != null) {
            values.put(name, Long.parseLong(value.n()));
          } else if (value.b() != null) {
            values.put(name, value.b().asByteArrayUnsafe());
          }
        });
    return values;
  }
}
