package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.support.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run of a definition. After a failure it stays at the failed state; calling [#run] again
/// redrives it. Runs on one thread at a time.
final class Walk {
  /// Maximum size of the input or output of a state.
  private static final int BYTES_MAX = 256 * 1024;

  /// The services that all walks of a machine share.
  ///
  /// @param firstPause caps the first pause of retriers, and waits
  /// @param out receives progress lines
  record Means(Calls calls, Duration firstPause, Consumer<String> out) {}

  private final Definition definition;
  private final String id;
  private final Means means;
  private final JsonNode first;
  private String at;
  private JsonNode input;
  private @Nullable Items items;
  private boolean done;

  /// @param id of the execution
  Walk(Definition definition, String id, JsonNode input, Means means) {
    this.definition = definition;
    this.id = id;
    this.means = means;
    first = input;
    at = definition.startAt();
    this.input = input;
  }

  /// The current state.
  String at() {
    return at;
  }

  boolean isDone() {
    return done;
  }

  /// Continues at the current state.
  ///
  /// @return the output of the last state
  /// @throws StatesError if a state fails; the walk stays there
  JsonNode run() throws StatesError, InterruptedException {
    while (true) {
      State state = definition.state(at);
      JsonNode output = limited(output(state));
      items = null;
      Optional<String> next =
          state instanceof State.Choice choice
              ? Optional.of(chosen(choice, output))
              : state.leadsTo().stream().findFirst();
      input = output;
      if (next.isEmpty()) {
        done = true;
        return output;
      }
      at = next.get();
    }
  }

  private JsonNode output(State state) throws StatesError, InterruptedException {
    return switch (state) {
      case State.Task task -> with(task.resultField(), called(task));
      case State.EachItem each -> {
        eachItem(each);
        yield input;
      }
      case State.Choice _ -> input;
      case State.Wait wait -> {
        pause(wait);
        yield input;
      }
      case State.Succeed(boolean empties) -> empties ? Json.object() : input;
      case State.Fail(String error, String cause) -> throw new StatesError(error, cause);
    };
  }

  /// The input with a result as one of its fields.
  private JsonNode with(String field, JsonNode result) throws StatesError {
    if (!(input instanceof ObjectNode object)) {
      throw new StatesError("States.ResultPathMatchFailure", "the input takes no field " + field);
    }
    ObjectNode output = object.deepCopy();
    output.set(field, result);
    return output;
  }

  private void pause(State.Wait wait) throws StatesError, InterruptedException {
    long seconds =
        wait.seconds()
            .find(new Scope(input, context()))
            .filter(JsonNode::isIntegralNumber)
            .map(JsonNode::longValue)
            .filter(number -> number >= 0)
            .orElseThrow(
                () ->
                    new StatesError(
                        StatesError.RUNTIME,
                        "%s: no number of seconds is at %s".formatted(at, wait.seconds())));
    Duration pause = Duration.ofSeconds(seconds);
    Thread.sleep(pause.compareTo(means.firstPause()) < 0 ? pause : means.firstPause());
  }

  private String chosen(State.Choice choice, JsonNode value) throws StatesError {
    for (State.Rule rule : choice.rules()) {
      JsonNode found =
          rule.variable()
              .find(new Scope(value, context()))
              .orElseThrow(
                  () ->
                      new StatesError(
                          StatesError.RUNTIME,
                          "%s: there is nothing at %s".formatted(at, rule.variable())));
      if (found.isTextual() && found.textValue().equals(rule.equal())) {
        return rule.next();
      }
    }
    return choice.fallback();
  }

  private JsonNode called(State.Task task) throws StatesError, InterruptedException {
    Scope scope = new Scope(input, context());
    JsonNode parameters = limited(task.function().fill(scope));
    String function = parameters.path("FunctionName").asText();
    int[] earlier = new int[task.retriers().size()];
    while (true) {
      try {
        ObjectNode result = Json.object().put("StatusCode", 200);
        JsonNode payload = parameters.path("Payload");
        result.set("Payload", means.calls().invoke(function, payload, task.timeout()));
        return task.selector().fill(new Scope(limited(result), scope.context()));
      } catch (StatesError error) {
        Thread.sleep(pause(task, error, earlier));
      }
    }
  }

  /// The pause before a retry.
  ///
  /// @param earlier number of retries by retrier; the method adds one
  /// @throws StatesError if no retrier has a retry left
  private Duration pause(State.Task task, StatesError error, int[] earlier) throws StatesError {
    for (int i = 0; i < earlier.length; i++) {
      Retrier retrier = task.retriers().get(i);
      if (retrier.takes(error.name())) {
        if (earlier[i] == retrier.attempts()) {
          break;
        }
        means.out().accept("%s again after %s".formatted(at, error.name()));
        return retrier.pause(earlier[i]++, means.firstPause());
      }
    }
    throw error;
  }

  private void eachItem(State.EachItem each) throws StatesError, InterruptedException {
    if (items == null) {
      JsonNode object = each.object().fill(new Scope(input, context()));
      List<JsonNode> read =
          means.calls().items(object.path("Bucket").asText(), object.path("Key").asText());
      items = Items.of(each, id, read, this::itemInput, means);
    }
    items.run();
  }

  private JsonNode itemInput(State.EachItem each, int index, JsonNode item) throws StatesError {
    ObjectNode context = context();
    context.putObject("Map").putObject("Item").put("Index", index).set("Value", item);
    return limited(each.selector().fill(new Scope(input, context)));
  }

  private ObjectNode context() {
    ObjectNode context = Json.object();
    context.putObject("Execution").put("Id", id).set("Input", first);
    context.putObject("State").put("Name", at);
    return context;
  }

  private static JsonNode limited(JsonNode value) throws StatesError {
    int bytes = Json.bytes(value).length;
    if (bytes > BYTES_MAX) {
      throw new StatesError(
          "States.DataLimitExceeded", "%,d bytes; accepted: %,d".formatted(bytes, BYTES_MAX));
    }
    return value;
  }
}
