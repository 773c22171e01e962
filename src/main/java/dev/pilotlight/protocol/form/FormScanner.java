package dev.pilotlight.protocol.form;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.json.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads the parts of a form in their order: `multipart/form-data`. Not thread-safe; used once.
///
/// Source: RFC 7578, and RFC 2046, 5.1.1
public final class FormScanner {
  public static final String TYPE = "multipart/form-data";

  private static final String HEADER = "content-type";
  private static final int BOUNDARY_CHARS_MAX = 70;
  private static final int HEAD_BYTES_MAX = 8192;
  private static final byte[] HEAD_END = ascii("\r\n\r\n");
  private static final List<String> ENCODINGS = List.of("", "binary", "8bit", "7bit");

  private final byte[] body;
  private final byte[] delimiter;
  private final String accepted;
  private int at;

  /// The headers of a part.
  ///
  /// @param name of its field
  public record Head(String name, String text) {
    /// The value of a header; empty if the part does not have it.
    ///
    /// @param header in lower case
    public String header(String header) {
      return FormScanner.header(text, header);
    }

    // without the caller's text
    @Override
    public String toString() {
      return "Head of " + text.length() + " characters";
    }
  }

  private FormScanner(byte[] body, String boundary, String accepted) {
    this.body = body;
    this.accepted = accepted;
    this.delimiter = ascii("\r\n--" + boundary);
  }

  /// Opens the form of a body.
  ///
  /// @param contentType of the request
  /// @param accepted parts, for refusals
  /// @throws Refusal INVALID without a boundary, or if the body does not have it; EMPTY without a
  ///   part
  public static FormScanner open(String contentType, byte[] body, String accepted) {
    String boundary = HeaderParameters.find(contentType, "boundary").orElse("");
    if (boundary.isEmpty() || boundary.length() > BOUNDARY_CHARS_MAX) {
      throw Refusal.invalid(
          HEADER,
          "content-type is '%s'; accepted: %s; boundary=… of 1 to %d characters"
              .formatted(Text.shorten(contentType), TYPE, BOUNDARY_CHARS_MAX));
    }
    FormScanner scanner = new FormScanner(body, boundary, accepted);
    scanner.begin();
    return scanner;
  }

  private void begin() {
    if (!startsForm() && !skipToDelimiter()) {
      throw Refusal.invalid(
          "body", "the body does not have the boundary of its content-type; accepted: " + accepted);
    }
    if (!hasNext()) {
      throw Refusal.empty("body", "the form has no part; accepted: " + accepted);
    }
  }

  /// Whether a part follows.
  public boolean hasNext() {
    return !isLast(at);
  }

  /// Whether the body starts with a delimiter, whose line break is then not there.
  private boolean startsForm() {
    if (matches(body, 0, delimiter, 2)) {
      at = delimiter.length - 2;
      return isDelimiterEnd(at);
    }
    return false;
  }

  private boolean skipToDelimiter() {
    int found = nextDelimiter();
    at = found < 0 ? body.length : found + delimiter.length;
    return found >= 0;
  }

  private int nextDelimiter() {
    for (int i = at; i <= body.length - delimiter.length; i++) {
      if (body[i] == '\r'
          && matches(body, i, delimiter, 0)
          && isDelimiterEnd(i + delimiter.length)) {
        return i;
      }
    }
    return -1;
  }

  /// Whether a delimiter ends here: with a line break or with the dashes of the last one.
  private boolean isDelimiterEnd(int from) {
    return isLast(from) || lineEnd(from) >= 0;
  }

  private boolean isLast(int from) {
    return from + 1 < body.length && body[from] == '-' && body[from + 1] == '-';
  }

  /// The place after the line break, which spaces may precede; -1 if there is none.
  private int lineEnd(int from) {
    int end = from;
    while (end < body.length && (body[end] == ' ' || body[end] == '\t')) {
      end++;
    }
    boolean ends = end + 1 < body.length && body[end] == '\r' && body[end + 1] == '\n';
    return ends ? end + 2 : -1;
  }

  /// The headers of the part that begins here; its bytes are next.
  ///
  /// @throws Refusal INVALID
  public Head readHead() {
    String text = readHeaders();
    return new Head(name(text), text);
  }

  /// The bytes of the part whose headers were read.
  ///
  /// @throws Refusal INVALID for a form that ends before; UNSUPPORTED_MEDIA_TYPE for a part that is
  ///   encoded
  public byte[] readData(Head head) {
    String encoding = head.header("content-transfer-encoding").toLowerCase(Locale.ROOT);
    if (!ENCODINGS.contains(encoding)) {
      throw Refusal.of(
          Reason.UNSUPPORTED_MEDIA_TYPE,
          head.name(),
          "the content-transfer-encoding of %s is '%s'; accepted: binary, or none"
              .formatted(head.name(), Text.shorten(encoding)));
    }
    int end = nextDelimiter();
    if (end < 0) {
      throw Refusal.invalid(
          "body",
          "the form is truncated: it does not end with its boundary; accepted: " + accepted);
    }
    byte[] data = Arrays.copyOfRange(body, at, end);
    at = end + delimiter.length;
    return data;
  }

  /// Reads the headers of the part that begins here, each on its line, and the empty line after.
  private String readHeaders() {
    int start = lineEnd(at);
    // a part may have no header
    int end = start < 0 ? -1 : find(HEAD_END, start - 2, start + HEAD_BYTES_MAX);
    if (end < 0) {
      throw Refusal.invalid(
          "body",
          "the headers of a part do not end, or have over %d bytes; accepted: %s"
              .formatted(HEAD_BYTES_MAX, accepted));
    }
    at = end + HEAD_END.length;
    return new String(body, start - 2, end - start + 2, StandardCharsets.UTF_8);
  }

  private int find(byte[] sought, int from, int end) {
    for (int i = from; i <= Math.min(end, body.length - sought.length); i++) {
      if (matches(body, i, sought, 0)) {
        return i;
      }
    }
    return -1;
  }

  /// Whether bytes begin with another array from an offset on.
  private static boolean matches(byte[] bytes, int from, byte[] sought, int offset) {
    int end = from + sought.length - offset;
    return end <= bytes.length && Arrays.equals(bytes, from, end, sought, offset, sought.length);
  }

  private static String name(String head) {
    String disposition = header(head, "content-disposition");
    Optional<String> name = HeaderParameters.find(disposition, "name");
    if (!HeaderParameters.value(disposition).equals("form-data") || name.isEmpty()) {
      throw Refusal.invalid(
          "body",
          "a part has the content-disposition '%s'; accepted: form-data with a name"
              .formatted(Text.shorten(disposition)));
    }
    return Text.shorten(name.get());
  }

  /// The value of a header; empty if the part does not have it.
  ///
  /// @param name in lower case
  private static String header(String head, String name) {
    for (String line : head.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).strip().toLowerCase(Locale.ROOT).equals(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return "";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
