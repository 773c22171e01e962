package dev.pilotlight.local.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.local.support.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an HTTP API makes of a function's answer: an object with `statusCode` is a response (format
/// 1.0 or 2.0), any other JSON is the body of a 200.
///
/// @param headers lower-case names, in order; one name may come several times
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpReply(int status, List<Header> headers, byte[] body) {
  record Header(String name, String value) {}

  private static final int NO_STATUS = 0;

  /// The connection's own business, which the gateway sets itself.
  private static final Set<String> NOT_PASSED_ON =
      Set.of("connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade");

  /// @throws IllegalArgumentException if it is malformed; an HTTP API answers 500 then
  static HttpReply of(byte[] payload) {
    Parts parts = new Parts();
    try (JsonParser parser = Json.FACTORY.createParser(payload)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        parts.read(parser);
      }
      if (parts.status == NO_STATUS) {
        return inferred(payload);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("the answer is not JSON", e);
    }
    return parts.reply();
  }

  /// The first header of that name.
  @Nullable String header(String name) {
    for (Header header : headers) {
      if (header.name().equals(name)) {
        return header.value();
      }
    }
    return null;
  }

  private static HttpReply inferred(byte[] payload) throws IOException {
    if (!Json.valid(payload)) {
      throw new IllegalArgumentException("the answer is not JSON");
    }
    byte[] body = payload;
    try (JsonParser parser = Json.FACTORY.createParser(payload)) {
      if (parser.nextToken() == JsonToken.VALUE_STRING) {
        body = parser.getText().getBytes(StandardCharsets.UTF_8);
      }
    }
    return new HttpReply(200, List.of(new Header("content-type", "application/json")), body);
  }

  /// The fields as they are read.
  private static final class Parts {
    private final List<Header> headers = new ArrayList<>();
    private int status = NO_STATUS;
    private boolean base64;
    private byte[] body = {};

    void read(JsonParser parser) throws IOException {
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        switch (name) {
          case "statusCode" -> status = status(parser, token);
          case "headers" -> readHeaders(parser, token);
          case "multiValueHeaders" -> readHeaders(parser, token);
          case "cookies" -> readValues(parser, token, "set-cookie");
          case "body" -> readBody(parser, token);
          case "isBase64Encoded" -> base64 = token == JsonToken.VALUE_TRUE;
          default -> parser.skipChildren();
        }
      }
    }

    HttpReply reply() {
      byte[] bytes = body;
      if (base64) {
        bytes = Base64.getDecoder().decode(body); // IllegalArgumentException says what is wrong
      }
      if (headers.stream().noneMatch(header -> header.name().equals("content-type"))) {
        headers.add(new Header("content-type", "text/plain;charset=UTF-8"));
      }
      return new HttpReply(status, List.copyOf(headers), bytes);
    }

    private static int status(JsonParser parser, JsonToken token) throws IOException {
      int status = token == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : -1;
      if (status < 200 || status > 599) {
        throw new IllegalArgumentException("statusCode is not from 200 to 599");
      }
      return status;
    }

    private void readHeaders(JsonParser parser, JsonToken token) throws IOException {
      if (token == JsonToken.VALUE_NULL) {
        return;
      }
      expect(token == JsonToken.START_OBJECT, "the headers are not an object");
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        readValues(parser, parser.nextToken(), name);
      }
    }

    private void readValues(JsonParser parser, JsonToken token, String name) throws IOException {
      if (token == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          add(name, parser);
        }
      } else {
        add(name, parser);
      }
    }

    private void add(String name, JsonParser parser) throws IOException {
      expect(parser.currentToken().isScalarValue(), name + " is not a string");
      String value = parser.getText();
      String lower = name.toLowerCase(Locale.ROOT);
      boolean clean = value.chars().noneMatch(c -> c < ' ' && c != '\t');
      expect(clean && !lower.isEmpty(), name + " is not a header");
      if (!NOT_PASSED_ON.contains(lower) && parser.currentToken() != JsonToken.VALUE_NULL) {
        headers.add(new Header(lower, value));
      }
    }

    private void readBody(JsonParser parser, JsonToken token) throws IOException {
      if (token == JsonToken.VALUE_NULL) {
        return;
      }
      expect(token == JsonToken.VALUE_STRING, "the body is not a string");
      body = parser.getText().getBytes(StandardCharsets.UTF_8);
    }

    private static void expect(boolean condition, String otherwise) {
      if (!condition) {
        throw new IllegalArgumentException(otherwise);
      }
    }
  }
}
