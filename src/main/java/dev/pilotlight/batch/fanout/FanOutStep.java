package dev.pilotlight.batch.fanout;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A step of the state machine, as it invokes the function:
/// `{"fanOut":{"step":"plan","execution":"<ARN>","event":{…}}}`.
public sealed interface FanOutStep {
  /// The state machine's run, which has the batch until it ends.
  String execution();

  /// Cuts an object into shards.
  ///
  /// @param event of S3 or EventBridge
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Plan(String execution, byte[] event) implements FanOutStep {}

  /// Answers a shard.
  record Answer(String execution, String batch, Shard shard) implements FanOutStep {}

  /// Joins the output of all shards.
  record Publish(String execution, String batch) implements FanOutStep {}

  /// Ends the batch because a step, or the execution, failed.
  ///
  /// @param batch empty if the plan or the execution failed: then the event names it
  /// @param event that started the execution; empty if the plan succeeded, or if it is too long
  /// @param error the name of the failure, such as a class
  /// @param cause what the failed invocation answered
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Fail(String execution, String batch, byte[] event, String error, String cause)
      implements FanOutStep {}

  /// Reads the function's event: a step, or the end of an execution that failed ([ExecutionEnded]).
  /// Empty if it is another event.
  ///
  /// @throws IllegalArgumentException in one line if the step cannot be read
  static Optional<FanOutStep> read(byte[] event) {
    return step(event).or(() -> ExecutionEnded.read(event));
  }

  private static Optional<FanOutStep> step(byte[] event) {
    Reader reader = new Reader(event);
    try {
      return JsonReader.read("event", event, 0, event.length, reader::document);
    } catch (Refusal refusal) {
      if (reader.found) {
        throw new IllegalArgumentException(
            "the step of the state machine cannot be read: " + refusal.message(), refusal);
      }
      return Optional.empty();
    }
  }

  /// Not thread-safe.
  final class Reader {
    private static final byte[] NONE = {};

    private final byte[] bytes;
    private boolean found;
    private String step = "";
    private String execution = "";
    private String batch = "";
    private byte[] event = NONE;
    private @Nullable Shard shard;
    private String error = "";
    private String cause = "";

    private Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    private Optional<FanOutStep> document(JsonReader json) throws IOException {
      if (json.token() != JsonToken.START_OBJECT) {
        json.skip();
        return Optional.empty();
      }
      json.object(
          name -> {
            if (name.equals("fanOut")) {
              found = true;
              json.object(field -> field(json, field));
            } else {
              json.skip();
            }
          });
      return found ? Optional.of(step()) : Optional.empty();
    }

    private void field(JsonReader json, String name) throws IOException {
      switch (name) {
        case "step" -> step = json.string();
        case "execution" -> execution = json.text("the execution's ARN");
        case "batch" -> batch = json.isNull() ? "" : json.text("a batch's id");
        case "event" -> event(json);
        case "shard" -> shard = Shard.read(json);
        case "error" ->
            json.object(
                part -> {
                  switch (part) {
                    case "Error" -> error = json.isNull() ? "" : json.string();
                    case "Cause" -> cause = json.isNull() ? "" : json.string();
                    default -> json.skip();
                  }
                });
        default -> json.skip();
      }
    }

    private void event(JsonReader json) throws IOException {
      if (json.token() != JsonToken.START_OBJECT) {
        json.skip();
        return;
      }
      int start = json.start();
      json.skip();
      event = Arrays.copyOfRange(bytes, start, json.end());
    }

    private FanOutStep step() {
      required("execution", !execution.isEmpty());
      return switch (step) {
        case "plan" -> {
          required("event", event.length > 0);
          yield new Plan(execution, event);
        }
        case "shard" -> {
          required("batch", !batch.isEmpty());
          if (shard == null) {
            throw missing("shard");
          }
          yield new Answer(execution, batch, shard);
        }
        case "publish" -> {
          required("batch", !batch.isEmpty());
          yield new Publish(execution, batch);
        }
        case "fail" -> {
          required("batch or event", !batch.isEmpty() || event.length > 0);
          yield new Fail(execution, batch, event, error, cause);
        }
        default ->
            throw Refusal.invalid(
                "fanOut.step",
                "fanOut.step is '%s'; accepted: plan, shard, publish and fail".formatted(step));
      };
    }

    private static void required(String name, boolean isThere) {
      if (!isThere) {
        throw missing(name);
      }
    }

    private static Refusal missing(String name) {
      return Refusal.invalid("fanOut", "fanOut has no " + name);
    }
  }

  /// The reason in what a failed invocation answered: its `errorMessage`, or all of it.
  static String reason(String cause) {
    byte[] json = cause.getBytes(StandardCharsets.UTF_8);
    try {
      return JsonReader.read(
          "cause",
          json,
          0,
          json.length,
          reader -> {
            String[] message = {cause};
            reader.object(
                name -> {
                  if (name.equals("errorMessage") && !reader.isNull()) {
                    message[0] = reader.string();
                  } else {
                    reader.skip();
                  }
                });
            return message[0];
          });
    } catch (Refusal refusal) {
      return cause;
    }
  }
}
