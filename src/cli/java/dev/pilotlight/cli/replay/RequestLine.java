package dev.pilotlight.cli.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Reads a line of the form `{"method": "POST", "path": "/v1/embeddings", "headers": {…}, "body":
/// …}`. A body that is a string is sent as it is, an object or array as JSON; `body_base64` holds
/// bytes.
final class RequestLine {
  static final String FORM =
      "{\"method\": \"POST\", \"path\": \"/v1/embeddings\", \"headers\": {…}, \"body\": …}, or"
          + " body_base64 instead of body";
  static final Set<String> FIELDS = Set.of("method", "path", "headers", "body", "body_base64");

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private String method = "";
  private String path = "";
  private final Map<String, String> headers = new HashMap<>();
  private byte[] body = new byte[0];
  private boolean hasBody;
  private int credentials;

  /// A wrong line, without its place.
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1;

    Wrong(String reason) {
      super(reason);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /// How many headers with credentials were left out.
  int credentials() {
    return credentials;
  }

  /// @throws Wrong with the reason and the accepted form
  RecordedRequest parse(int number, String line) throws Wrong {
    try (JsonParser json = FACTORY.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new Wrong("is not a JSON object; accepted: " + FORM);
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        var _ = json.nextToken();
        field(name, json);
      }
      if (json.nextToken() != null) {
        throw new Wrong("has more after the object; accepted: one object a line");
      }
    } catch (IOException e) {
      throw new Wrong("is not valid JSON; accepted: " + FORM);
    }
    if (method.isEmpty() || path.isEmpty()) {
      String missing = method.isEmpty() ? "method" : "path";
      throw new Wrong("lacks \"%s\"; accepted: %s".formatted(missing, FORM));
    }
    return new RecordedRequest(number, method, path, headers, body);
  }

  private void field(String name, JsonParser json) throws IOException, Wrong {
    switch (name) {
      case "method" -> method = AccessLine.method(text(name, json));
      case "path" -> path = AccessLine.path(text(name, json));
      case "headers" -> headers(json);
      case "body", "body_base64" -> {
        if (hasBody) {
          throw new Wrong("has both body and body_base64; accepted: one of them");
        }
        hasBody = true;
        body = name.equals("body") ? body(json) : base64(text(name, json));
      }
      default ->
          throw new Wrong("has the unknown field \"%s\"; accepted: %s".formatted(name, FORM));
    }
  }

  private static String text(String name, JsonParser json) throws IOException, Wrong {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new Wrong("has a \"%s\" that is not a string; accepted: %s".formatted(name, FORM));
    }
    return json.getText();
  }

  private void headers(JsonParser json) throws IOException, Wrong {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new Wrong("has headers that are not an object of strings");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName().toLowerCase(Locale.ROOT);
      if (json.nextToken() != JsonToken.VALUE_STRING
          || !HeaderRules.isHeader(name, json.getText())) {
        throw new Wrong(
            "has a header that HTTP does not allow; accepted: names and one-line values");
      }
      if (HeaderRules.isCredential(name)) {
        credentials++;
      } else if (!HeaderRules.isOfClient(name)) {
        headers.put(name, json.getText());
      }
    }
  }

  private static byte[] body(JsonParser json) throws IOException, Wrong {
    JsonToken token = json.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      return json.getText().getBytes(StandardCharsets.UTF_8);
    }
    if (token != JsonToken.START_OBJECT && token != JsonToken.START_ARRAY) {
      throw new Wrong("has a body that is neither a string nor an object nor an array");
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator copy = FACTORY.createGenerator(text)) {
      copy.copyCurrentStructureExact(json);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] base64(String text) throws Wrong {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new Wrong("has a body_base64 that is not base64");
    }
  }
}
