package dev.pilotlight.store.direct;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.mark.Mark;
import dev.pilotlight.store.mark.MarkCalls;
import dev.pilotlight.store.mark.MarkOutcome;
import dev.pilotlight.store.mark.SdkMarks;
import dev.pilotlight.support.Utf8;
import dev.pilotlight.support.http.HttpAnswer;
import dev.pilotlight.support.json.JsonBytes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes marks by one signed request each; after anything but success and a failed condition, the
/// SDK makes the same call, as for [DirectCalls].
///
/// @param sdk the same calls by the SDK
record DirectMarks(DirectClient client, String table, SdkMarks sdk) implements MarkCalls {
  private static final String PUT = "PutItem";
  private static final int OK = 200;
  private static final int FRAME_BYTES = 1_024;

  /// Returns the calls as their interface, so that the interface does not load with [DirectClient].
  static MarkCalls of(DirectClient client, String table, SdkMarks sdk) {
    return new DirectMarks(client, table, sdk);
  }

  @Override
  public MarkOutcome put(Mark mark, Mark.Condition condition, long nowMillis, Deadline end) {
    return client.call(
        PUT,
        () -> {
          HttpAnswer answer = client.send(PUT, body(mark, condition, nowMillis), end, null);
          if (answer.status() == OK) {
            Answers.nothing(answer.body());
            return MarkOutcome.WRITTEN;
          }
          if (!Answers.isConditionFailed(answer)) {
            throw DirectCalls.failure(answer);
          }
          return MarkOutcome.exists(existing(mark, Answers.attributes(answer.body(), "Item")));
        },
        marks -> marks.put(mark, condition, nowMillis, end),
        _ -> sdk,
        table,
        end);
  }

  /// An answer to another request must never become this one's.
  private static @Nullable Mark existing(Mark asked, Map<String, Object> attributes)
      throws DirectFailure {
    if (attributes.isEmpty()) {
      return null;
    }
    Mark existing = Mark.of(attributes);
    if (!existing.id().equals(asked.id())) {
      throw new DirectFailure("an item of another key");
    }
    return existing;
  }

  private JsonBytes body(Mark mark, Mark.Condition condition, long nowMillis) {
    byte[] value = mark.value();
    int bytes = FRAME_BYTES + (value == null ? 0 : value.length / 3 * 4);
    JsonBytes json = new JsonBytes(bytes).object().field("TableName", table).name("Item");
    write(json, mark.attributes());
    json.field("ConditionExpression", condition.expression()).name("ExpressionAttributeValues");
    write(json, mark.values(condition, nowMillis));
    return json.field("ReturnValuesOnConditionCheckFailure", "ALL_OLD").endObject();
  }

  private static void write(JsonBytes json, Map<String, Object> attributes) {
    json.object();
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      json.name(attribute.getKey()).object();
      switch (attribute.getValue()) {
        case String text -> json.field("S", wellFormed(text));
        case byte[] value -> json.name("B").base64(value);
        default -> json.field("N", attribute.getValue().toString());
      }
      json.endObject();
    }
    json.endObject();
  }

  private static String wellFormed(String text) {
    if (!Utf8.isWellFormed(text)) {
      throw new IllegalArgumentException("half of a surrogate pair");
    }
    return text;
  }
}
