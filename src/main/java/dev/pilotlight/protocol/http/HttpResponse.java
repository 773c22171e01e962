package dev.pilotlight.protocol.http;

import java.util.LinkedHashMap;
import java.util.Map;

/// An HTTP response, before it becomes an event.
///
/// @param headers names in lower case, in sending order
/// @param body UTF-8 text unless `binary`; callers do not change it
/// @param binary whether the event must carry the body in base64
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpResponse(int status, Map<String, String> headers, byte[] body, boolean binary) {
  public static final String CONTENT_TYPE = "content-type";
  public static final String JSON = "application/json";

  /// The first status of a caller's mistake.
  public static final int CLIENT_ERROR = 400;

  /// The first status of a failure of ours.
  public static final int SERVER_ERROR = 500;

  public static HttpResponse json(int status, byte[] body) {
    return new HttpResponse(status, Map.of(CONTENT_TYPE, JSON), body, false);
  }

  /// The same response with one more header, which replaces one of its name.
  public HttpResponse with(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new HttpResponse(status, all, body, binary);
  }

  /// The same response with more headers, which replace those of their names.
  public HttpResponse with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new HttpResponse(status, all, body, binary);
  }

  HttpResponse withBody(byte[] newBody, boolean newBinary) {
    return new HttpResponse(status, headers, newBody, newBinary);
  }
}
