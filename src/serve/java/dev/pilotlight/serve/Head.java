package dev.pilotlight.serve;

import dev.pilotlight.protocol.http.HttpRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Converts Jetty's request as API Gateway does: it decodes the path once, joins repeated headers
/// and parameters with commas, and drops the headers of the connection. Headers never authenticate
/// the caller.
public final class Head {
  /// Headers between the client and the server alone, and the cookies, which have another field.
  private static final Set<String> NOT_PASSED_ON =
      Set.of(
          "connection",
          "cookie",
          "expect",
          "http2-settings",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final int ID_BYTES = 15;

  private Head() {}

  /// @param body as it was sent
  static HttpRequest of(Request request, byte[] body) {
    String query = request.getHttpURI().getQuery();
    return new HttpRequest(
        request.getMethod(),
        path(request),
        query(query),
        headers(request),
        body,
        false,
        Map.of(),
        id(),
        query == null ? "" : query);
  }

  /// The path, decoded; it ends at a decoded `?`.
  public static String path(Request request) {
    String sent = request.getHttpURI().getPath();
    String path = decoded(sent == null ? "/" : sent.replace("+", "%2B"));
    int mark = path.indexOf('?');
    return mark < 0 ? path : path.substring(0, mark);
  }

  /// The headers by their names in lower case.
  public static Map<String, String> headers(Request request) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (HttpField field : request.getHeaders()) {
      String name = field.getLowerCaseName();
      if (!NOT_PASSED_ON.contains(name)) {
        String value = field.getValue() == null ? "" : field.getValue();
        headers.merge(name, value, (first, second) -> first + "," + second);
      }
    }
    return headers;
  }

  /// The parameters of a query.
  ///
  /// @param sent null if there is none
  public static Map<String, String> query(@Nullable String sent) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (sent == null) {
      return parameters;
    }
    for (String pair : sent.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.merge(decoded(name), decoded(value), (first, second) -> first + "," + second);
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // not encoded after all
    }
  }

  private static String id() {
    byte[] random = new byte[ID_BYTES];
    ThreadLocalRandom.current().nextBytes(random);
    return Base64.getUrlEncoder().encodeToString(random);
  }
}
