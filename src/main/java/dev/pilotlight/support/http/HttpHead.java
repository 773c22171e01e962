package dev.pilotlight.support.http;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The status line and the headers of a response. Headers are searched in the text as received,
/// because a caller asks for very few of them.
final class HttpHead {
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int STATUS_DIGITS = 3;
  private static final int INFORMATIONAL = 100;
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final String text;
  private final int status;

  /// @param text lines, each with a line feed at its end; without the empty line
  private HttpHead(String text, int status) {
    this.text = text;
    this.status = status;
  }

  /// @throws ProtocolException if it is not the head of an HTTP/1 response
  static HttpHead of(byte[] bytes, int from, int to) throws ProtocolException {
    String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    HttpHead head = new HttpHead(text, statusOf(text));
    head.requireHeaders();
    return head;
  }

  private static int statusOf(String text) throws ProtocolException {
    int status = 0;
    boolean valid =
        (text.startsWith("HTTP/1.1 ") || text.startsWith("HTTP/1.0 "))
            && text.length() > STATUS_AT + STATUS_DIGITS
            && text.charAt(STATUS_AT + STATUS_DIGITS) <= ' ';
    for (int i = STATUS_AT; valid && i < STATUS_AT + STATUS_DIGITS; i++) {
      int digit = text.charAt(i) - '0';
      valid = digit >= 0 && digit <= 9;
      status = status * 10 + digit;
    }
    if (!valid || status < INFORMATIONAL) {
      throw new ProtocolException("the answer has no HTTP/1.1 status line");
    }
    return status;
  }

  /// A line without a name could hide a length or belong to the header before it.
  private void requireHeaders() throws ProtocolException {
    int line = text.indexOf('\n') + 1;
    while (line < text.length()) {
      int end = text.indexOf('\n', line);
      int colon = text.indexOf(':', line);
      if (colon <= line || colon > end || isBlank(line) || isBlank(colon - 1)) {
        throw new ProtocolException("the answer has a header line without a name");
      }
      line = end + 1;
    }
  }

  private boolean isBlank(int at) {
    return text.charAt(at) <= ' ';
  }

  int status() {
    return status;
  }

  boolean isInformational() {
    return status < OK;
  }

  boolean hasBody() {
    return status != NO_CONTENT && status != NOT_MODIFIED;
  }

  boolean isChunked() throws ProtocolException {
    String coding = header("Transfer-Encoding");
    if (coding != null && !coding.equalsIgnoreCase("chunked")) {
      throw new ProtocolException("the answer has a transfer coding other than chunked");
    }
    return coding != null;
  }

  /// Whether the server keeps the connection open after this response.
  boolean keepsConnection() {
    String connection = header("Connection");
    String options = connection == null ? "" : connection.toLowerCase(Locale.ROOT);
    return text.startsWith("HTTP/1.1") ? !options.contains("close") : options.equals("keep-alive");
  }

  /// The length of the body in bytes; -1 if there is no such header.
  long contentLength() throws ProtocolException {
    int line = find("Content-Length", 0);
    if (line < 0) {
      return -1;
    }
    String value = value(line);
    int other = find("Content-Length", line);
    while (other >= 0) {
      if (!value(other).equals(value)) {
        throw new ProtocolException("the answer has two lengths");
      }
      other = find("Content-Length", other);
    }
    return number(value, 10);
  }

  /// @throws ProtocolException unless the text is digits of the radix only
  static long number(String text, int radix) throws ProtocolException {
    long number = text.isEmpty() ? -1 : 0;
    for (int i = 0; i < text.length() && number >= 0; i++) {
      int digit = Character.digit(text.charAt(i), radix);
      number = digit < 0 || number > Integer.MAX_VALUE ? -1 : number * radix + digit;
    }
    if (number < 0) {
      throw new ProtocolException("the answer has an invalid length");
    }
    return number;
  }

  @Nullable String header(String name) {
    int line = find(name, 0);
    return line < 0 ? null : value(line);
  }

  /// Returns where the next line of that header begins, or -1.
  private int find(String name, int after) {
    int line = text.indexOf('\n', after) + 1;
    while (line < text.length()) {
      if (text.regionMatches(true, line, name, 0, name.length())
          && text.charAt(line + name.length()) == ':') {
        return line;
      }
      line = text.indexOf('\n', line) + 1;
    }
    return -1;
  }

  private String value(int line) {
    return text.substring(text.indexOf(':', line) + 1, text.indexOf('\n', line)).strip();
  }
}
