package dev.pilotlight.protocol.http;

import dev.pilotlight.support.Sha256;
import java.util.Map;

/// Lets clients revalidate an answer that they have (RFC 9110, 13.1.2): the answer gets an `ETag`,
/// and a request whose `If-None-Match` has that tag is answered 304, without a body.
///
/// The tag is a digest of the body before it is compressed, so it changes if another result
/// replaces the one of the same id. It is weak, because the compressed and the plain form have the
/// same tag.
public final class EntityTags {
  private static final int OK = 200;
  static final int NOT_MODIFIED = 304;
  private static final String ETAG = "etag";
  private static final String IF_NONE_MATCH = "if-none-match";
  private static final String WEAK = "W/";
  private static final char QUOTE = '"';

  /// A client may keep the answer and asks before it uses it again; nobody else may keep it.
  private static final String REVALIDATE = "private, no-cache";

  private EntityTags() {}

  /// Adds the tag to an answer, and leaves out the body if the client has it. Answers other than
  /// 200 stay as they are.
  public static HttpResponse conditional(HttpResponse response, HttpRequest request) {
    if (response.status() != OK) {
      return response;
    }
    String opaque = opaque(response.body());
    HttpResponse tagged =
        response
            .with(ETAG, WEAK + opaque)
            .with("cache-control", REVALIDATE)
            .with("vary", "accept-encoding");
    String known = request.header(IF_NONE_MATCH).orElse("");
    return !known.isEmpty() && matches(known, opaque) ? notModified(tagged.headers()) : tagged;
  }

  /// A cache stores these headers with the body that it has. Its content type is repeated, because
  /// API Gateway would add another one.
  private static HttpResponse notModified(Map<String, String> headers) {
    return new HttpResponse(NOT_MODIFIED, headers, new byte[0], false);
  }

  /// The tag without its mark for a weak one, in quotes.
  private static String opaque(byte[] body) {
    return QUOTE + Sha256.base64Url(body) + QUOTE;
  }

  /// Whether `*` or a tag of a list equals ours, weak or not. The rest of a list that is malformed
  /// is ignored: then the client gets the whole answer.
  ///
  /// @param opaque in quotes
  static boolean matches(String list, String opaque) {
    String rest = list.strip();
    if (rest.equals("*")) {
      return true;
    }
    int at = 0;
    while (at < rest.length()) {
      char c = rest.charAt(at);
      if (c == ' ' || c == '\t' || c == ',') {
        at++;
        continue;
      }
      int start = rest.startsWith(WEAK, at) ? at + WEAK.length() : at;
      boolean quoted = start < rest.length() && rest.charAt(start) == QUOTE;
      int end = quoted ? rest.indexOf(QUOTE, start + 1) : -1;
      if (end < 0) {
        return false;
      }
      if (rest.substring(start, end + 1).equals(opaque)) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }
}
