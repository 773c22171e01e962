package dev.pilotlight.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The requests of the training: every path through the function that a first request may take.
///
/// @param model by name
record Requests(String model) {
  static final int ROUNDS = 20;

  private static final int ITEMS = 64;
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");

  /// One request; an empty body is a GET.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Call(String path, Map<String, String> headers, byte[] body) {}

  /// Misses, hits, both protocols, many items, health, metadata and errors.
  List<Call> round(int number) {
    String text = "a text of round " + number;
    String many =
        IntStream.range(0, ITEMS)
            .mapToObj(i -> "\"%s, item %d\"".formatted(text, i))
            .collect(Collectors.joining(",", "[", "]"));
    return List.of(
        embeddings(quoted(text), "float"),
        embeddings(quoted(text + " again"), "base64"),
        embeddings(quoted("a third " + text), "float"),
        embeddings(quoted(text), "base64"),
        embeddings(quoted(text), "float"),
        infer(text),
        infer(text),
        binary("binary, " + text),
        binary("binary, " + text),
        embeddings(number == 0 ? many : "[\"one\",\"two of %d\"]".formatted(number), "float"),
        get("/v2"),
        get("/v2/health/live"),
        get("/v2/health/ready"),
        get("/v2/models"),
        get("/v2/models/" + model),
        get("/v1/models"),
        get("/v1/results/unknown"),
        get("/unknown"),
        embeddings("\"\"", "float"),
        post("/v1/embeddings", "{\"model\":"),
        post("/v2/models/unknown/infer", "{\"inputs\":[]}"));
  }

  private Call embeddings(String input, String encoding) {
    return post(
        "/v1/embeddings",
        "{\"model\":\"%s\",\"input\":%s,\"encoding_format\":\"%s\"}"
            .formatted(model, input, encoding));
  }

  private Call infer(String text) {
    return post(
        "/v2/models/%s/infer".formatted(model),
        "{\"inputs\":[{\"name\":\"text\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[%s]}]}"
            .formatted(quoted(text)));
  }

  private Call binary(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    byte[] json =
        """
        {"parameters":{"binary_data_output":true},"inputs":[{"name":"text","shape":[1],\
        "datatype":"BYTES","parameters":{"binary_data_size":%d}}]}"""
            .formatted(Integer.BYTES + utf8.length)
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer body =
        ByteBuffer.allocate(json.length + Integer.BYTES + utf8.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(json)
            .putInt(utf8.length)
            .put(utf8);
    return new Call(
        "/v2/models/%s/infer".formatted(model),
        Map.of(
            "content-type",
            "application/octet-stream",
            "inference-header-content-length",
            Integer.toString(json.length)),
        body.array());
  }

  private static Call post(String path, String body) {
    return new Call(path, JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  private static Call get(String path) {
    return new Call(path, Map.of(), new byte[0]);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
