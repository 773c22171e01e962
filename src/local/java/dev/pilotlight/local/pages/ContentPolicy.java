package dev.pilotlight.local.pages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The `Content-Security-Policy` of a page: scripts and styles come from this server or are those
/// that the page itself contains, which the policy names by their digests; nothing goes anywhere
/// else.
final class ContentPolicy {
  private static final Pattern SCRIPT =
      Pattern.compile("<script(?![^>]*\\bsrc=)[^>]*>(.*?)</script>", Pattern.DOTALL);
  private static final Pattern STYLE = Pattern.compile("<style[^>]*>(.*?)</style>", Pattern.DOTALL);

  private ContentPolicy() {}

  /// The header's value for a page.
  static String of(String html) {
    return "default-src 'none'; script-src 'self'%s; style-src 'self'%s; img-src 'self' data:;"
            .formatted(digests(SCRIPT, html), digests(STYLE, html))
        + " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
  }

  private static String digests(Pattern element, String html) {
    StringBuilder digests = new StringBuilder();
    Matcher found = element.matcher(html);
    while (found.find()) {
      // as a browser reads it, which has turned CRLF into LF
      String content = found.group(1).replace("\r\n", "\n");
      digests.append(" 'sha256-").append(sha256(content)).append('\'');
    }
    return digests.toString();
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
