package dev.pilotlight.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.pilotlight.protocol.LambdaEvents.Format;
import dev.pilotlight.protocol.LambdaEvents.Incoming;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one event in one pass, whatever the order of its fields. Trusts API Gateway to write each
/// field once. Not thread-safe.
final class EventReader {
  private static final int DEPTH_MAX = 64;
  private static final String DEFAULT_STAGE = "$default";
  private static final String LAMBDA_AUTHORIZER = "lambda";
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  // Lambda bounds the event
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final JsonParser parser;
  private @Nullable String httpMethod;
  private @Nullable String path;
  private @Nullable String rawPath;
  private @Nullable String contextMethod;
  private String stage = DEFAULT_STAGE;
  private String requestId = "";
  private String body = "";
  private boolean base64;
  private Map<String, String> headers = Map.of();
  private Map<String, String> multiValueHeaders = Map.of();
  private Map<String, String> query = Map.of();
  private Map<String, String> multiValueQuery = Map.of();
  private final Map<String, String> authorizer = new LinkedHashMap<>();

  private EventReader(JsonParser parser) {
    this.parser = parser;
  }

  /// @throws IllegalArgumentException if it is not an HTTP event
  static Incoming read(byte[] event) {
    try (JsonParser parser = FACTORY.createParser(event)) {
      EventReader reader = new EventReader(parser);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw notHttp();
      }
      reader.event();
      return reader.incoming();
    } catch (IOException e) {
      throw new IllegalArgumentException("the event is not JSON", e);
    }
  }

  private Incoming incoming() {
    if (rawPath != null && contextMethod != null) {
      return incoming(Format.HTTP_API_V2, contextMethod, withoutStage(rawPath));
    }
    if (path != null && httpMethod != null) {
      return incoming(Format.REST_API_V1, httpMethod, path);
    }
    throw notHttp();
  }

  private Incoming incoming(Format format, String method, String requestPath) {
    HttpRequest head =
        new HttpRequest(
            method,
            requestPath,
            multiValueQuery.isEmpty() ? query : multiValueQuery,
            multiValueHeaders.isEmpty() ? headers : multiValueHeaders,
            new byte[0],
            authorizer,
            requestId);
    return new Incoming(format, head, body, base64);
  }

  private String withoutStage(String raw) {
    String prefix = "/" + stage;
    boolean prefixed = !stage.equals(DEFAULT_STAGE) && (raw + "/").startsWith(prefix + "/");
    return prefixed ? raw.substring(prefix.length()) : raw;
  }

  private static IllegalArgumentException notHttp() {
    return new IllegalArgumentException(
        "the event is not an HTTP request; accepted: API Gateway's HTTP API payload v2.0 and"
            + " REST API v1 events");
  }

  private void event() throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "rawPath" -> rawPath = scalar();
        case "path" -> path = scalar();
        case "httpMethod" -> httpMethod = scalar();
        case "headers" -> headers = values(true);
        case "multiValueHeaders" -> multiValueHeaders = values(true);
        case "queryStringParameters" -> query = values(false);
        case "multiValueQueryStringParameters" -> multiValueQuery = values(false);
        case "requestContext" -> context();
        case "body" -> body = orEmpty(scalar());
        case "isBase64Encoded" -> base64 = parser.currentToken() == JsonToken.VALUE_TRUE;
        default -> parser.skipChildren();
      }
    }
  }

  private void context() throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "http" -> contextMethod = values(false).get("method");
        case "requestId" -> requestId = orEmpty(scalar());
        case "stage" -> stage = orEmpty(scalar());
        case "authorizer" -> flatten("");
        case "identity" -> iam(values(false).get("userArn"));
        default -> parser.skipChildren();
      }
    }
  }

  /// Reads an object of strings, or of arrays of strings that are joined by commas.
  private Map<String, String> values(boolean lowerCase) throws IOException {
    Map<String, String> values = new HashMap<>();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return values;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      String value = parser.currentToken() == JsonToken.START_ARRAY ? joined(",") : scalar();
      if (value != null) {
        values.merge(
            lowerCase ? name.toLowerCase(Locale.ROOT) : name, value, (a, b) -> a + "," + b);
      }
    }
    return values;
  }

  /// Adds the value under the cursor to the authorizer's: objects by dotted names, arrays joined by
  /// spaces as OAuth writes scopes.
  private void flatten(String name) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String inner = parser.currentName();
          parser.nextToken();
          int before = authorizer.size();
          flatten(name.isEmpty() ? inner : name + "." + inner);
          if (name.isEmpty() && inner.equals(LAMBDA_AUTHORIZER) && authorizer.size() == before) {
            // it let the caller in and said nothing of it; that is not the same as no authorizer
            authorizer.put(inner, "");
          }
        }
      }
      case START_ARRAY -> authorizer.put(name, joined(" "));
      case VALUE_NULL -> {}
      default -> authorizer.put(name, parser.getText());
    }
  }

  /// A REST API tells here who signed the request, where an HTTP API has an authorizer `iam`.
  private void iam(@Nullable String userArn) {
    if (userArn != null) {
      authorizer.put("iam.userArn", userArn);
    }
  }

  private String joined(String separator) throws IOException {
    StringBuilder all = new StringBuilder();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String value = scalar();
      if (value != null) {
        all.append(all.isEmpty() ? "" : separator).append(value);
      }
    }
    return all.toString();
  }

  /// The value under the cursor as text; null for null, objects and arrays.
  private @Nullable String scalar() throws IOException {
    if (parser.currentToken().isScalarValue() && parser.currentToken() != JsonToken.VALUE_NULL) {
      return parser.getText();
    }
    parser.skipChildren();
    return null;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
