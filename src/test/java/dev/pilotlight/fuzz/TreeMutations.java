package dev.pilotlight.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Spoils the values of a request's JSON and leaves it JSON, so that a spoilt value gets past the
/// parser. The same seed gives the same changes.
final class TreeMutations {
  /// Values that a reader may take for something else.
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "[]",
          "{}",
          "[[]]",
          "[null]",
          "\"\"",
          "\"a\"",
          "\" \"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"" + "a ".repeat(300) + "\"",
          "0",
          "-0.0",
          "1",
          "2",
          "-1",
          "1.5",
          "1e400",
          "-1e-400",
          "2147483648",
          "9223372036854775807",
          "18446744073709551616",
          "[" + "1,".repeat(99) + "1]",
          "[\"a\",\"b\",\"a\"]",
          "[[\"a\",\"b\"]]",
          "[[1,2],[3]]");

  private final RandomGenerator random;
  private final List<String> names;

  /// @param good the names of their fields are put where others were
  TreeMutations(RandomGenerator random, List<TestRequest> good) {
    this.random = random;
    List<String> found = new ArrayList<>();
    for (TestRequest request : good) {
      if (isJson(request)) {
        collectNames(tree(request.body()), found);
      }
    }
    names = found.stream().distinct().toList();
  }

  private static boolean isJson(TestRequest request) {
    return request.body().length > 0 && request.body()[0] == '{';
  }

  private static void collectNames(JsonNode node, List<String> names) {
    node.fieldNames().forEachRemaining(names::add);
    node.forEach(child -> collectNames(child, names));
  }

  private static JsonNode tree(byte[] json) {
    try {
      return Harness.JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The request after one to three changes of its JSON.
  TestRequest changed(TestRequest request) {
    if (!isJson(request)) {
      return request;
    }
    JsonNode root = tree(request.body());
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      List<ContainerNode<?>> places = new ArrayList<>();
      collect(root, places);
      switch (places.get(random.nextInt(places.size()))) {
        case ObjectNode object -> change(object);
        case ArrayNode array -> change(array);
        default -> throw new IllegalStateException("neither object nor array");
      }
    }
    return request.withBody(TestRequest.utf8(root.toString()));
  }

  private static void collect(JsonNode node, List<ContainerNode<?>> places) {
    if (node instanceof ContainerNode<?> container) {
      places.add(container);
      node.forEach(child -> collect(child, places));
    }
  }

  private void change(ObjectNode object) {
    List<String> present = new ArrayList<>();
    object.fieldNames().forEachRemaining(present::add);
    if (present.isEmpty() || random.nextInt(5) == 0) {
      object.set(any(names), value());
      return;
    }
    String name = any(present);
    switch (random.nextInt(4)) {
      case 0 -> object.remove(name);
      case 1 -> object.set(any(names), object.get(name));
      case 2 -> object.set(nearMiss(name), object.get(name));
      default -> object.set(name, value());
    }
  }

  private String nearMiss(String name) {
    int at = random.nextInt(name.length());
    return name.substring(0, at) + name.substring(Math.min(name.length(), at + 1));
  }

  private void change(ArrayNode array) {
    if (array.isEmpty() || random.nextInt(4) == 0) {
      array.add(value());
      return;
    }
    int at = random.nextInt(array.size());
    switch (random.nextInt(3)) {
      case 0 -> array.remove(at);
      case 1 -> array.add(array.get(at));
      default -> array.set(at, value());
    }
  }

  private JsonNode value() {
    // as it is written: a number that no Java type holds would otherwise change on the way
    return JsonNodeFactory.instance.rawValueNode(new RawValue(any(VALUES)));
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /// A header that changes how a request is answered, with a value that may be wrong.
  Map.Entry<String, String> header() {
    return any(
        List.of(
            Map.entry("cache-control", "no-cache"),
            Map.entry("cache-control", "no-store, max-age=x"),
            Map.entry("accept-encoding", "gzip;q=0, *"),
            Map.entry("content-encoding", "gzip"),
            Map.entry("content-encoding", "br"),
            Map.entry("content-type", "text/plain"),
            Map.entry("if-none-match", "\"x\", *"),
            Map.entry("inference-header-content-length", "5")));
  }
}
