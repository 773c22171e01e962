package dev.pilotlight.protocol.form;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.support.Utf8;
import dev.pilotlight.support.json.JsonBytes;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Turns the `GET` form of a request, whose fields are in the query, into the same request by
/// `POST`, so that both have the same answer. The parameters have the names of the body's fields.
///
/// The query is read as the client sent it (`application/x-www-form-urlencoded`: a plus is a
/// space). Nothing is ignored: an unknown or repeated parameter, a value of another type and
/// invalid percent-encoding are refused.
public final class QueryBody {
  /// The most characters of a query.
  static final int CHARS_MAX = 4096;

  private enum Type {
    TEXT,
    NUMBER,
    FLAG
  }

  private static final String QUERY = "query";
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,9}");
  private static final int HEX = 16;
  private static final int ESCAPE_CHARS = 3;

  private static final Map<String, Type> OF_EMBEDDINGS =
      fields(
          "model", Type.TEXT,
          "input", Type.TEXT,
          "encoding_format", Type.TEXT,
          "dimensions", Type.NUMBER,
          "truncate", Type.FLAG,
          "prompt_name", Type.TEXT,
          "input_type", Type.TEXT);

  private static final Map<String, Type> OF_LABELS =
      fields(
          "model", Type.TEXT,
          "inputs", Type.TEXT,
          "top_k", Type.NUMBER,
          "raw_scores", Type.FLAG,
          "truncate", Type.FLAG,
          "truncation_direction", Type.TEXT);

  private QueryBody() {}

  private static Map<String, Type> fields(Object... namesAndTypes) {
    Map<String, Type> fields = new TreeMap<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      fields.put((String) namesAndTypes[i], (Type) namesAndTypes[i + 1]);
    }
    return fields;
  }

  private static Map<String, Type> fields(Route target) {
    return target instanceof Route.Embeddings ? OF_EMBEDDINGS : OF_LABELS;
  }

  /// The parameter names in alphabetical order.
  ///
  /// @param target as for [#toPost]
  public static List<String> names(Route target) {
    return List.copyOf(fields(target).keySet());
  }

  /// Converts the request to its `POST` form. Drops `idempotency-key`, because `GET` is idempotent,
  /// and `user-agent`, so that all clients get the same answer.
  ///
  /// @param target the route by `POST`: of embeddings, or of labels
  /// @throws Refusal INVALID, naming the parameter; TOO_LARGE
  public static HttpRequest toPost(HttpRequest request, Route target) {
    String query = request.rawQuery();
    if (query == null) {
      throw Refusal.invalid(
          QUERY,
          "the event has no raw query; accepted: POST, or a request by an HTTP API or a function"
              + " URL");
    }
    if (query.length() > CHARS_MAX) {
      throw Refusal.tooLarge(
          QUERY,
          "the query has %d characters; accepted: up to %d, and longer texts by POST"
              .formatted(query.length(), CHARS_MAX));
    }
    if (request.body().length > 0) {
      throw Refusal.invalid("body", "a GET request has a body; accepted: none, or POST");
    }
    byte[] body = body(query, fields(target));
    Map<String, String> headers = new HashMap<>(request.headers());
    headers.remove("idempotency-key");
    headers.remove("user-agent");
    headers.put("content-type", "application/json");
    return new HttpRequest(
        "POST",
        request.path(),
        Map.of(),
        headers,
        body,
        true,
        request.authorizer(),
        request.requestId(),
        "");
  }

  private static byte[] body(String query, Map<String, Type> fields) {
    Set<String> given = new HashSet<>();
    JsonBytes json = new JsonBytes().object();
    for (String part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = part.indexOf('=');
      String name = decode(equals < 0 ? part : part.substring(0, equals));
      Type type = fields.get(name);
      if (type == null) {
        String shown = name.isEmpty() ? "an empty name" : Text.shorten(name);
        throw Refusal.invalid(
            name.isEmpty() ? QUERY : shown,
            shown + " is not a parameter; accepted: " + String.join(", ", fields.keySet()));
      }
      String value = equals < 0 ? "" : decode(part.substring(equals + 1));
      if (!given.add(name)) {
        throw Refusal.invalid(name, name + " occurs twice; accepted: one value, or POST");
      }
      write(json, name, value, type);
    }
    return json.endObject().toByteArray();
  }

  private static void write(JsonBytes json, String name, String value, Type type) {
    switch (type) {
      case TEXT -> json.field(name, value);
      case NUMBER -> {
        if (!NUMBER.matcher(value).matches()) {
          throw wrong(name, value, "a whole number");
        }
        json.field(name, Long.parseLong(value));
      }
      case FLAG -> {
        if (!value.equals("true") && !value.equals("false")) {
          throw wrong(name, value, "true or false");
        }
        json.field(name, value.equals("true"));
      }
    }
  }

  private static Refusal wrong(String name, String value, String accepted) {
    return Refusal.invalid(
        name, "%s is '%s'; accepted: %s".formatted(name, Text.shorten(value), accepted));
  }

  /// @throws Refusal INVALID for an escape that is not one, and for bytes that are not UTF-8
  private static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(escaped(text, i));
        i += ESCAPE_CHARS - 1;
      } else if (c > ' ' && c <= '~') {
        bytes.write(c == '+' ? ' ' : c);
      } else {
        throw malformed();
      }
    }
    return Utf8.decode(bytes.toByteArray()).orElseThrow(QueryBody::malformed);
  }

  private static int escaped(String text, int at) {
    if (at + ESCAPE_CHARS > text.length()) {
      throw malformed();
    }
    int high = Character.digit(text.charAt(at + 1), HEX);
    int low = Character.digit(text.charAt(at + 2), HEX);
    if (high < 0 || low < 0) {
      throw malformed();
    }
    return high * HEX + low;
  }

  private static Refusal malformed() {
    return Refusal.invalid(
        QUERY, "the query is not percent-encoded UTF-8; accepted: as encodeURIComponent writes it");
  }
}
