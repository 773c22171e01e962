package dev.pilotlight.local.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.pilotlight.local.support.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// An asynchronous event, or a message of a queue, that failed for good.
///
/// @param requestId of the event; empty for a message, which gets a new one with each delivery
/// @param invokeCount how often the function was called with it
/// @param reason of the last attempt, in one line
/// @param json the record that Lambda sends to the function's on-failure destination; or the
///   message, which the dead-letter queue gets without a reason
public record AsyncFailure(
    String function,
    String requestId,
    Condition condition,
    int invokeCount,
    String reason,
    String json) {
  /// Why there was no further attempt.
  public enum Condition {
    /// The function failed as often as it may.
    RETRIES_EXHAUSTED("RetriesExhausted"),
    /// The event would have been too old.
    EVENT_AGE_EXCEEDED("EventAgeExceeded");

    private final String text;

    Condition(String text) {
      this.text = text;
    }
  }

  /// @param last how the last attempt ended
  static AsyncFailure of(
      String function, Invocation event, Condition condition, int invokeCount, Outcome last) {
    return new AsyncFailure(
        function,
        event.requestId(),
        condition,
        invokeCount,
        reason(last),
        record(function, event, condition, invokeCount, last));
  }

  /// @param body of the message
  /// @param last how the last attempt ended
  static AsyncFailure ofMessage(
      String function, byte[] body, Condition condition, int invokeCount, Outcome last) {
    return new AsyncFailure(function, "", condition, invokeCount, reason(last), text(body));
  }

  private static String reason(Outcome last) {
    return switch (last) {
      case Outcome.Answered _ -> throw new IllegalArgumentException("it did not fail");
      case Outcome.Rejected rejected -> rejected.type() + ": " + rejected.message();
      case Outcome.Failed failed -> {
        String type = Json.field(failed.payload(), "errorType", "error");
        String message = Json.field(failed.payload(), "errorMessage", "no reason given");
        yield type + ": " + message.lines().findFirst().orElse("");
      }
    };
  }

  /// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  private static String record(
      String function, Invocation event, Condition condition, int invokeCount, Outcome last) {
    ObjectNode record = Json.object();
    record.put("version", "1.0").put("timestamp", Instant.now().toString());
    record
        .putObject("requestContext")
        .put("requestId", event.requestId())
        .put("functionArn", Launch.arn(function) + ":$LATEST")
        .put("condition", condition.text)
        .put("approximateInvokeCount", invokeCount);
    record.putRawValue("requestPayload", new RawValue(text(event.event())));
    if (last instanceof Outcome.Failed failed) {
      record
          .putObject("responseContext")
          .put("statusCode", 200)
          .put("executedVersion", "$LATEST")
          .put("functionError", "Unhandled");
      boolean valid = Json.isValid(failed.payload());
      record.putRawValue("responsePayload", new RawValue(valid ? text(failed.payload()) : "null"));
    }
    return text(Json.bytes(record));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
