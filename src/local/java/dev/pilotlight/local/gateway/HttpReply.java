package dev.pilotlight.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// An HTTP API's response, made of the function's answer: an object with `statusCode` is a response
/// (format 1.0 or 2.0), any other JSON is the body of a 200.
///
/// @param headers lower-case names, in order; one name may come several times
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpReply(int status, List<Header> headers, byte[] body) {
  record Header(String name, String value) {}

  private static final String CONTENT_TYPE = "content-type";
  private static final String DETAIL = "detail=";

  /// Headers of the connection, which the gateway sets itself.
  private static final Set<String> NOT_PASSED_ON =
      Set.of("connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade");

  /// @throws IllegalArgumentException if it is malformed; an HTTP API answers 500 then
  static HttpReply of(byte[] payload) {
    JsonNode answer =
        Json.read(payload)
            .orElseThrow(() -> new IllegalArgumentException("the answer is not JSON"));
    if (!answer.has("statusCode")) {
      byte[] body = answer.isTextual() ? utf8(answer.asText()) : payload;
      return new HttpReply(200, List.of(new Header(CONTENT_TYPE, "application/json")), body);
    }
    int status = answer.path("statusCode").isInt() ? answer.path("statusCode").asInt() : -1;
    require(status >= 200 && status <= 599, "statusCode is not from 200 to 599");
    return new HttpReply(status, headers(answer), body(answer));
  }

  /// The cache that answered, by the header `Cache-Status` (RFC 9211): its `detail`, else its name;
  /// `miss` if none of them did; `-` without the header.
  String cacheTier() {
    Optional<Header> status =
        headers.stream().filter(header -> header.name().equals("cache-status")).findFirst();
    if (status.isEmpty()) {
      return "-";
    }
    for (String cache : status.get().value().split(",", -1)) {
      List<String> parameters = Stream.of(cache.split(";", -1)).map(String::strip).toList();
      if (parameters.contains("hit")) {
        return parameters.stream()
            .filter(parameter -> parameter.startsWith(DETAIL))
            .map(parameter -> parameter.substring(DETAIL.length()).replace("\"", ""))
            .findFirst()
            .orElse(parameters.getFirst());
      }
    }
    return "miss";
  }

  private static List<Header> headers(JsonNode answer) {
    List<Header> headers = new ArrayList<>();
    for (String kind : List.of("headers", "multiValueHeaders")) {
      JsonNode given = answer.path(kind);
      require(given.isObject() || isNone(given), "the headers are not an object");
      given.properties().forEach(header -> add(header.getKey(), header.getValue(), headers));
    }
    add("set-cookie", answer.path("cookies"), headers);
    if (headers.stream().noneMatch(header -> header.name().equals(CONTENT_TYPE))) {
      headers.add(new Header(CONTENT_TYPE, "text/plain;charset=UTF-8"));
    }
    return List.copyOf(headers);
  }

  /// @param values one, or an array of them
  private static void add(String name, JsonNode values, List<Header> headers) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (JsonNode value : values.isArray() ? values : List.of(values)) {
      require(value.isValueNode() || value.isMissingNode(), name + " is not a string");
      boolean clean = value.asText().chars().noneMatch(c -> c < ' ' && c != '\t');
      require(clean && !lower.isEmpty(), name + " is not a header");
      if (!NOT_PASSED_ON.contains(lower) && !isNone(value)) {
        headers.add(new Header(lower, value.asText()));
      }
    }
  }

  private static byte[] body(JsonNode answer) {
    JsonNode body = answer.path("body");
    require(body.isTextual() || isNone(body), "the body is not a string");
    byte[] bytes = isNone(body) ? new byte[0] : utf8(body.asText());
    // a malformed body is an IllegalArgumentException, too
    return answer.path("isBase64Encoded").asBoolean() ? Base64.getDecoder().decode(bytes) : bytes;
  }

  private static boolean isNone(JsonNode value) {
    return value.isNull() || value.isMissingNode();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
