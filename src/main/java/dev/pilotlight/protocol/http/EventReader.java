package dev.pilotlight.protocol.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.LambdaEvents.Format;
import dev.pilotlight.protocol.http.LambdaEvents.Incoming;
import dev.pilotlight.support.Utf8;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one event in one pass, with its fields in any order. It trusts API Gateway to write each
/// field once, but not with the right type: it notes a refusal for a field of a wrong type and
/// reads on. Not thread-safe.
final class EventReader {
  private static final int DEPTH_MAX = 64;
  private static final String DEFAULT_STAGE = "$default";
  private static final String LAMBDA_AUTHORIZER = "lambda";
  private static final String TRACE_ID = "x-amzn-trace-id";
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
  private final EventFields fields;
  private boolean http;
  private boolean rest;
  private @Nullable String httpMethod;
  private @Nullable String path;
  private @Nullable String rawPath;
  private @Nullable String rawQuery;
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
    this.fields = new EventFields(parser);
  }

  /// Reads an event.
  ///
  /// @param invocationId Lambda's own id, for requests that come without one
  /// @return empty for a ping that only keeps the environment warm
  /// @throws IllegalArgumentException if it is neither a ping nor an HTTP event
  static Optional<Incoming> read(byte[] event, String invocationId) {
    try (JsonParser parser = FACTORY.createParser(event)) {
      EventReader reader = new EventReader(parser);
      if (parser.nextToken() == JsonToken.START_OBJECT && reader.reads(event)) {
        return Optional.of(reader.incoming(invocationId));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("the event is not JSON", e);
    }
    if (WarmUp.isPing(event)) {
      return Optional.empty();
    }
    throw new IllegalArgumentException(
        "the event is not an HTTP request; accepted: API Gateway's HTTP API payload v2.0 and"
            + " REST API v1 events, and those of function URLs and load balancers");
  }

  /// Reads as far as the event is UTF-8; it ignores what follows the first byte that is not.
  ///
  /// @return whether it is an HTTP event
  private boolean reads(byte[] event) throws IOException {
    try {
      event();
    } catch (IOException e) {
      if ((!http && !rest) || Utf8.isValid(event)) {
        throw e;
      }
      fields.refuse(Refusal.invalid("body", "the event is not UTF-8; accepted: JSON in UTF-8"));
    }
    boolean complete =
        (rawPath != null && contextMethod != null) || (path != null && httpMethod != null);
    return complete || (fields.malformed() != null && (http || rest));
  }

  private Incoming incoming(String invocationId) {
    boolean asHttp = (rawPath != null && contextMethod != null) || (http && !rest);
    return asHttp
        ? incoming(
            Format.HTTP_API_V2,
            orEmpty(contextMethod),
            withoutStage(orEmpty(rawPath)),
            invocationId)
        : incoming(Format.REST_API_V1, orEmpty(httpMethod), orEmpty(path), invocationId);
  }

  private Incoming incoming(Format format, String method, String requestPath, String invocationId) {
    Map<String, String> allHeaders = multiValueHeaders.isEmpty() ? headers : multiValueHeaders;
    HttpRequest head =
        new HttpRequest(
            method,
            requestPath,
            multiValueQuery.isEmpty() ? query : multiValueQuery,
            allHeaders,
            new byte[0],
            false,
            authorizer,
            requestId.isEmpty() ? traceOr(allHeaders.get(TRACE_ID), invocationId) : requestId,
            format == Format.HTTP_API_V2 ? rawQuery : null);
    return new Incoming(format, head, body, base64, Optional.ofNullable(fields.malformed()));
  }

  /// A load balancer sends no request id, but a trace id.
  private static String traceOr(@Nullable String trace, String invocationId) {
    return trace != null && ResponseHeaders.isSaneTrace(trace) ? trace : invocationId;
  }

  private String withoutStage(String raw) {
    String prefix = "/" + stage;
    boolean prefixed = !stage.equals(DEFAULT_STAGE) && (raw + "/").startsWith(prefix + "/");
    return prefixed ? raw.substring(prefix.length()) : raw;
  }

  private void event() throws IOException {
    while (fields.next()) {
      String name = parser.currentName();
      switch (name) {
        case "rawPath" -> {
          http = true;
          rawPath = fields.string(name);
        }
        case "rawQueryString" -> rawQuery = fields.string(name);
        case "path" -> {
          rest = true;
          path = fields.string(name);
        }
        case "httpMethod" -> {
          rest = true;
          httpMethod = fields.string(name);
        }
        case "headers" -> headers = fields.values(name, true);
        case "multiValueHeaders" -> multiValueHeaders = fields.values(name, true);
        case "queryStringParameters" -> query = fields.values(name, false);
        case "multiValueQueryStringParameters" -> multiValueQuery = fields.values(name, false);
        case "requestContext" -> context();
        case "body" -> body = orEmpty(fields.string(name));
        case "isBase64Encoded" -> base64 = fields.bool(name);
        default -> parser.skipChildren();
      }
    }
  }

  private void context() throws IOException {
    if (!fields.opens("requestContext")) {
      return;
    }
    while (fields.next()) {
      String name = parser.currentName();
      switch (name) {
        case "http" -> contextMethod = contextMethod();
        case "requestId" -> requestId = orEmpty(fields.string("requestContext.requestId"));
        case "stage" -> stage = orEmpty(fields.string("requestContext.stage"));
        case "authorizer" -> authorizer();
        case "identity" -> identity();
        default -> parser.skipChildren();
      }
    }
  }

  private @Nullable String contextMethod() throws IOException {
    http = true;
    String method = null;
    if (fields.opens("requestContext.http")) {
      while (fields.next()) {
        if (parser.currentName().equals("method")) {
          method = fields.string("requestContext.http.method");
        } else {
          parser.skipChildren();
        }
      }
    }
    return method;
  }

  /// A REST API has the signer of the request here; an HTTP API has it in an authorizer `iam`.
  private void identity() throws IOException {
    if (!fields.opens("requestContext.identity")) {
      return;
    }
    while (fields.next()) {
      String name = parser.currentName();
      switch (name) {
        case "userArn" ->
            authorize("iam.userArn", fields.string("requestContext.identity.userArn"));
        case "cognitoIdentityId" ->
            authorize(
                "iam.cognitoIdentity.identityId",
                fields.string("requestContext.identity.cognitoIdentityId"));
        default -> parser.skipChildren();
      }
    }
  }

  private void authorize(String name, @Nullable String value) {
    if (value != null) {
      authorizer.put(name, value);
    }
  }

  private void authorizer() throws IOException {
    if (!fields.opens("requestContext.authorizer")) {
      return;
    }
    while (fields.next()) {
      String name = parser.currentName();
      int before = authorizer.size();
      flatten(name);
      if (name.equals(LAMBDA_AUTHORIZER) && authorizer.size() == before) {
        // it admitted the caller without a context, which is different from no authorizer
        authorizer.put(name, "");
      }
    }
  }

  /// Adds the value under the cursor to the authorizer's: objects by dotted names, arrays joined by
  /// spaces as OAuth writes scopes. An empty object becomes a name without value, because an
  /// authorizer without result is different from no authorizer.
  private void flatten(String name) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        boolean empty = true;
        while (fields.next()) {
          empty = false;
          flatten(name + "." + parser.currentName());
        }
        if (empty) {
          authorizer.put(name, "");
        }
      }
      case START_ARRAY -> authorizer.put(name, joinStrings());
      case VALUE_NULL -> {}
      default -> authorizer.put(name, parser.getText());
    }
  }

  private String joinStrings() throws IOException {
    StringBuilder all = new StringBuilder();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken().isScalarValue() && parser.currentToken() != JsonToken.VALUE_NULL) {
        all.append(all.isEmpty() ? "" : " ").append(parser.getText());
      } else {
        parser.skipChildren();
      }
    }
    return all.toString();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
