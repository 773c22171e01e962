package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A function and objects that a test decides about.
final class FakeCalls implements Calls {
  /// The behaviour of the function.
  interface Function {
    String answer(JsonNode payload) throws StatesError, InterruptedException;
  }

  final List<String> payloads = new CopyOnWriteArrayList<>();
  final List<String> out = new CopyOnWriteArrayList<>();
  private final Function function;
  private final String items;

  FakeCalls(String items, Function function) {
    this.items = items;
    this.function = function;
  }

  Walk walk(String definition, String input) {
    return new Walk(
        Definition.parse("Machine", definition),
        "arn:aws:states:us-east-1:123456789012:execution:Machine:1",
        Json.read(input).orElseThrow(),
        new Walk.Means(this, Duration.ofMillis(1), out::add));
  }

  @Override
  public JsonNode invoke(String name, JsonNode payload, Duration timeout)
      throws StatesError, InterruptedException {
    payloads.add(payload.toString());
    return Json.read(function.answer(payload)).orElseThrow();
  }

  @Override
  public List<JsonNode> items(String bucket, String key) throws StatesError {
    if (!key.equals("plan")) {
      throw new StatesError("States.ItemReaderFailed", "there is no " + bucket + "/" + key);
    }
    List<JsonNode> found = new ArrayList<>();
    Json.read(items).orElseThrow().forEach(found::add);
    return found;
  }
}
