package dev.pilotlight.batch.fanout;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// The EventBridge event for an execution of the state machine that failed, was stopped or timed
/// out. No state catches an error, because Step Functions redrives only states whose errors were
/// not caught; so this event is the step [FanOutStep.Fail].
///
/// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
///
/// The step has the input of the execution as its event; that is empty if it is too long for this
/// event.
final class ExecutionEnded {
  private static final String TYPE = "Step Functions Execution Status Change";
  private static final Set<String> WITHOUT_ANSWERS = Set.of("FAILED", "TIMED_OUT", "ABORTED");

  private ExecutionEnded() {}

  /// Reads the function's event; empty if it is another one.
  ///
  /// @throws IllegalArgumentException in one line if it is such an event and names no execution, or
  ///   one that runs or has succeeded
  static Optional<FanOutStep.Fail> read(byte[] event) {
    Reader ended = new Reader();
    try {
      return JsonReader.read("event", event, 0, event.length, ended::document);
    } catch (Refusal refusal) {
      if (ended.type.equals(TYPE)) {
        throw new IllegalArgumentException(
            "the event about an execution cannot be read: " + refusal.message(), refusal);
      }
      return Optional.empty();
    }
  }

  /// Not thread-safe.
  private static final class Reader {
    private String type = "";
    private String execution = "";
    private String status = "";
    private String input = "";
    private String error = "";
    private String cause = "";

    private Optional<FanOutStep.Fail> document(JsonReader json) throws IOException {
      if (json.token() != JsonToken.START_OBJECT) {
        json.skip();
        return Optional.empty();
      }
      json.object(
          name -> {
            switch (name) {
              case "detail-type" ->
                  type = json.token() == JsonToken.VALUE_STRING ? json.string() : "";
              case "detail" -> {
                if (json.token() == JsonToken.START_OBJECT) {
                  json.object(field -> detail(json, field));
                } else {
                  json.skip();
                }
              }
              default -> json.skip();
            }
          });
      return type.equals(TYPE) ? Optional.of(step()) : Optional.empty();
    }

    /// Fields of other events' details are other things, so only texts are read.
    private void detail(JsonReader json, String name) throws IOException {
      if (json.token() != JsonToken.VALUE_STRING) {
        json.skip();
        return;
      }
      String text = json.string();
      switch (name) {
        case "executionArn" -> execution = text;
        case "status" -> status = text;
        case "input" -> input = text;
        case "error" -> error = text;
        case "cause" -> cause = text;
        default -> {}
      }
    }

    private FanOutStep.Fail step() {
      if (execution.isEmpty()) {
        throw Refusal.invalid("detail", "detail has no executionArn");
      }
      if (!WITHOUT_ANSWERS.contains(status)) {
        throw Refusal.invalid(
            "detail.status",
            "detail.status is '%s'; accepted: FAILED, TIMED_OUT and ABORTED"
                .formatted(Text.shorten(status)));
      }
      boolean named = !error.isEmpty();
      return new FanOutStep.Fail(
          execution,
          "",
          input.getBytes(StandardCharsets.UTF_8),
          named ? error : "States." + status,
          named ? cause : "the execution ended as " + status);
    }
  }
}
