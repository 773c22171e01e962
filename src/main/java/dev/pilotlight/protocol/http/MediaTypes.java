package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.json.Text;
import java.util.Locale;

/// Checks the content types of requests with a body. An absent content type is accepted: Triton's
/// Java client sends none.
public final class MediaTypes {
  public static final String INFERENCE_HEADER_LENGTH = "inference-header-content-length";
  public static final String OCTETS = "application/octet-stream";

  private MediaTypes() {}

  /// Requires JSON.
  ///
  /// @throws Refusal UNSUPPORTED_MEDIA_TYPE
  public static void requireJson(HttpRequest request) {
    requireJson(request, HttpResponse.JSON);
  }

  /// Requires JSON where the caller has found that the body has no other accepted type.
  ///
  /// @param accepted all accepted types, for the refusal
  /// @throws Refusal UNSUPPORTED_MEDIA_TYPE
  public static void requireJson(HttpRequest request, String accepted) {
    if (!isJson(request)) {
      throw unsupported(request, accepted);
    }
  }

  /// Requires JSON, or octets with the binary tensor extension's header.
  ///
  /// @throws Refusal UNSUPPORTED_MEDIA_TYPE
  public static void requireInfer(HttpRequest request) {
    boolean binary =
        request.header(INFERENCE_HEADER_LENGTH).isPresent() && type(request).equals(OCTETS);
    if (!binary && !isJson(request)) {
      throw unsupported(
          request,
          "%s, or %s with the header %s"
              .formatted(HttpResponse.JSON, OCTETS, INFERENCE_HEADER_LENGTH));
    }
  }

  private static boolean isJson(HttpRequest request) {
    String type = type(request);
    return (type.isEmpty() || type.equals(HttpResponse.JSON)) && isUtf8(header(request));
  }

  // other parameters have no meaning for JSON and are accepted
  private static boolean isUtf8(String header) {
    for (String piece : header.toLowerCase(Locale.ROOT).split(";", -1)) {
      String parameter = piece.strip();
      if (parameter.startsWith("charset=")) {
        String charset = parameter.substring("charset=".length()).replace("\"", "");
        return charset.equals("utf-8") || charset.equals("utf8") || charset.equals("us-ascii");
      }
    }
    return true;
  }

  /// The media type without its parameters, in lower case; empty if the request declares none.
  public static String type(HttpRequest request) {
    String header = header(request);
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /// The content type as far as a body's meaning depends on it: that of JSON does not depend on the
  /// parameters, that of a form does. Empty if the request declares none.
  public static String meaning(HttpRequest request) {
    String type = type(request);
    return type.equals(HttpResponse.JSON) ? type : header(request).strip();
  }

  private static String header(HttpRequest request) {
    return request.header(HttpResponse.CONTENT_TYPE).orElse("");
  }

  private static Refusal unsupported(HttpRequest request, String accepted) {
    return Refusal.of(
        Reason.UNSUPPORTED_MEDIA_TYPE,
        HttpResponse.CONTENT_TYPE,
        "content-type is '%s'; accepted: %s (UTF-8)"
            .formatted(Text.shorten(header(request)), accepted));
  }
}
