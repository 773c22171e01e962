package dev.pilotlight.local.gateway;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.LocalAccount;
import dev.pilotlight.local.template.Routes;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;

/// Turns an HTTP request into API Gateway's event for an HTTP API, payload format 2.0.
///
/// What its documentation leaves open is as captures of real events show it: `rawPath` is decoded
/// (and ends at a decoded `?`), `rawQueryString` is not; cookies are not among the headers; a body
/// without a content type is base64. So is one that is not the UTF-8 that its content type
/// promises.
final class HttpEvent {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  /// Between the client and the gateway only; and the cookies, which have their own field.
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

  private static final Set<String> TEXT =
      Set.of("application/json", "application/javascript", "application/xml");

  private final Request request;
  private final byte[] body;
  private final Routes.Match match;
  private final String requestId;
  private final String traceId;

  private HttpEvent(
      Request request, byte[] body, Routes.Match match, String requestId, String traceId) {
    this.request = request;
    this.body = body;
    this.match = match;
    this.requestId = requestId;
    this.traceId = traceId;
  }

  /// The event as JSON.
  static byte[] of(
      Request request, byte[] body, Routes.Match match, String requestId, String traceId) {
    HttpEvent event = new HttpEvent(request, body, match, requestId, traceId);
    return Json.write(2048 + body.length * 4 / 3, event::write);
  }

  /// The path as the function sees it.
  static String rawPath(Request request) {
    String path = decoded(request.getHttpURI().getPath().replace("+", "%2B"));
    int mark = path.indexOf('?');
    return mark < 0 ? path : path.substring(0, mark);
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("version", "2.0");
    json.writeStringField("routeKey", match.route().key());
    json.writeStringField("rawPath", rawPath(request));
    String query = request.getHttpURI().getQuery();
    json.writeStringField("rawQueryString", query == null ? "" : query);
    writeCookies(json);
    writeMap(json, "headers", headers());
    if (query != null && !query.isEmpty()) {
      writeMap(json, "queryStringParameters", parameters(query));
    }
    writeContext(json);
    if (!match.pathParameters().isEmpty()) {
      writeMap(json, "pathParameters", match.pathParameters());
    }
    writeBody(json);
    json.writeEndObject();
  }

  private void writeCookies(JsonGenerator json) throws IOException {
    List<String> cookies = new ArrayList<>();
    for (String line : request.getHeaders().getValuesList("cookie")) {
      for (String cookie : line.split(";", -1)) {
        cookies.add(cookie.strip());
      }
    }
    if (!cookies.isEmpty()) {
      json.writeArrayFieldStart("cookies");
      for (String cookie : cookies) {
        json.writeString(cookie);
      }
      json.writeEndArray();
    }
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    for (HttpField field : request.getHeaders()) {
      String name = field.getLowerCaseName();
      if (!NOT_PASSED_ON.contains(name)) {
        String value = field.getValue() == null ? "" : field.getValue();
        headers.merge(name, value, (first, second) -> first + "," + second);
      }
    }
    headers.put("content-length", Integer.toString(body.length));
    headers.put("x-amzn-trace-id", traceId);
    headers.merge(
        "x-forwarded-for", Request.getRemoteAddr(request), (first, own) -> first + ", " + own);
    headers.put("x-forwarded-port", Integer.toString(Request.getLocalPort(request)));
    headers.put("x-forwarded-proto", "http");
    return headers;
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.merge(decoded(name), decoded(value), (first, second) -> first + "," + second);
      }
    }
    return parameters;
  }

  private void writeContext(JsonGenerator json) throws IOException {
    Instant now = Instant.now();
    String host = Request.getServerName(request);
    String agent = request.getHeaders().get("user-agent");
    json.writeObjectFieldStart("requestContext");
    json.writeStringField("accountId", LocalAccount.ID);
    json.writeStringField("apiId", "local");
    json.writeStringField("domainName", host == null ? Ports.HOST : host);
    json.writeStringField("domainPrefix", "local");
    json.writeObjectFieldStart("http");
    json.writeStringField("method", request.getMethod());
    json.writeStringField("path", rawPath(request));
    json.writeStringField("protocol", request.getConnectionMetaData().getProtocol());
    json.writeStringField("sourceIp", Request.getRemoteAddr(request));
    json.writeStringField("userAgent", agent == null ? "" : agent);
    json.writeEndObject();
    json.writeStringField("requestId", requestId);
    json.writeStringField("routeKey", match.route().key());
    json.writeStringField("stage", "$default");
    json.writeStringField("time", TIME.format(now));
    json.writeNumberField("timeEpoch", now.toEpochMilli());
    json.writeEndObject();
  }

  private void writeBody(JsonGenerator json) throws IOException {
    if (body.length == 0) {
      json.writeBooleanField("isBase64Encoded", false);
      return;
    }
    boolean text = isText() && isUtf8();
    if (text) {
      json.writeStringField("body", new String(body, StandardCharsets.UTF_8));
    } else {
      json.writeBinaryField("body", body);
    }
    json.writeBooleanField("isBase64Encoded", !text);
  }

  private boolean isText() {
    String type = request.getHeaders().get("content-type");
    if (type == null || request.getHeaders().contains("content-encoding")) {
      return false;
    }
    String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    String media = parts[0].strip();
    return media.startsWith("text/") || TEXT.contains(media);
  }

  /// A string of the event would have other bytes than the body.
  private boolean isUtf8() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void writeMap(JsonGenerator json, String name, Map<String, String> map)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : map.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // not encoded after all
    }
  }
}
