package dev.pilotlight.local.runtime;

import dev.pilotlight.local.support.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// An asynchronous event that was given up.
///
/// @param invokeCount how often the function was called with it
/// @param reason of the last attempt, in one line
/// @param json what Lambda sends to the function's on-failure destination
public record AsyncFailure(
    String function,
    String requestId,
    Condition condition,
    int invokeCount,
    String reason,
    String json) {
  private static final int SIZE_HINT = 1024;

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
    byte[] written =
        Json.write(
            SIZE_HINT,
            out -> {
              out.writeStartObject();
              out.writeStringField("version", "1.0");
              out.writeStringField("timestamp", Instant.now().toString());
              out.writeObjectFieldStart("requestContext");
              out.writeStringField("requestId", event.requestId());
              out.writeStringField("functionArn", Launch.arn(function) + ":$LATEST");
              out.writeStringField("condition", condition.text);
              out.writeNumberField("approximateInvokeCount", invokeCount);
              out.writeEndObject();
              out.writeFieldName("requestPayload");
              out.writeRawValue(text(event.event()));
              if (last instanceof Outcome.Failed failed) {
                out.writeObjectFieldStart("responseContext");
                out.writeNumberField("statusCode", 200);
                out.writeStringField("executedVersion", "$LATEST");
                out.writeStringField("functionError", "Unhandled");
                out.writeEndObject();
                out.writeFieldName("responsePayload");
                boolean valid = Json.valid(failed.payload());
                out.writeRawValue(valid ? text(failed.payload()) : "null");
              }
              out.writeEndObject();
            });
    return text(written);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
