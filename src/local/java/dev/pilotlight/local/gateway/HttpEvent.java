package dev.pilotlight.local.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.LocalAccount;
import dev.pilotlight.local.template.Routes;
import dev.pilotlight.serve.Head;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.server.Request;

/// Turns an HTTP request into API Gateway's event for an HTTP API, payload format 2.0.
///
/// Where the documentation is silent, it does as captured events do: `rawPath` is decoded (and ends
/// at a decoded `?`), `rawQueryString` is not; cookies are not among the headers; a body without a
/// content type is base64, and so is a body that is not UTF-8 although its content type is a
/// text's.
final class HttpEvent {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

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
    return Json.bytes(new HttpEvent(request, body, match, requestId, traceId).json());
  }

  private ObjectNode json() {
    ObjectNode json = Json.object();
    String query = request.getHttpURI().getQuery();
    json.put("version", "2.0")
        .put("routeKey", match.route().key())
        .put("rawPath", Head.path(request))
        .put("rawQueryString", query == null ? "" : query);
    addCookies(json);
    headers().forEach(json.putObject("headers")::put);
    if (query != null && !query.isEmpty()) {
      Head.query(query).forEach(json.putObject("queryStringParameters")::put);
    }
    addContext(json.putObject("requestContext"));
    if (!match.pathParameters().isEmpty()) {
      match.pathParameters().forEach(json.putObject("pathParameters")::put);
    }
    addBody(json);
    return json;
  }

  private void addCookies(ObjectNode json) {
    for (String line : request.getHeaders().getValuesList("cookie")) {
      ArrayNode cookies = json.withArrayProperty("cookies");
      for (String cookie : line.split(";", -1)) {
        cookies.add(cookie.strip());
      }
    }
  }

  private Map<String, String> headers() {
    Map<String, String> headers = Head.headers(request);
    headers.put("content-length", Integer.toString(body.length));
    headers.put("x-amzn-trace-id", traceId);
    headers.merge(
        "x-forwarded-for", Request.getRemoteAddr(request), (first, own) -> first + ", " + own);
    headers.put("x-forwarded-port", Integer.toString(Request.getLocalPort(request)));
    headers.put("x-forwarded-proto", "http");
    return headers;
  }

  private void addContext(ObjectNode context) {
    Instant now = Instant.now();
    String host = Request.getServerName(request);
    String agent = request.getHeaders().get("user-agent");
    context
        .put("accountId", LocalAccount.ID)
        .put("apiId", "local")
        .put("domainName", host == null ? Ports.HOST : host)
        .put("domainPrefix", "local")
        .putObject("http")
        .put("method", request.getMethod())
        .put("path", Head.path(request))
        .put("protocol", request.getConnectionMetaData().getProtocol())
        .put("sourceIp", Request.getRemoteAddr(request))
        .put("userAgent", agent == null ? "" : agent);
    context
        .put("requestId", requestId)
        .put("routeKey", match.route().key())
        .put("stage", "$default")
        .put("time", TIME.format(now))
        .put("timeEpoch", now.toEpochMilli());
  }

  private void addBody(ObjectNode json) {
    boolean binary = body.length > 0 && !(isText() && isUtf8());
    if (binary) {
      json.put("body", body); // in base64
    } else if (body.length > 0) {
      json.put("body", new String(body, StandardCharsets.UTF_8));
    }
    json.put("isBase64Encoded", binary);
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

  /// Whether a JSON string can hold the body unchanged.
  private boolean isUtf8() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
