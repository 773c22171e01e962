package dev.pilotlight.support.json;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes one JSON document straight to UTF-8 bytes, and adds the commas. The caller matches the
/// brackets. Not thread-safe.
public final class JsonBytes extends GrowingBytes {
  private static final String SHORT_ESCAPES = "\b\t\n\f\r";
  private static final String LETTERS = "btnfr";
  private static final int LENGTH_FIRST = 512;
  private static final int PAIR_BYTES = 4;
  private static final int FOUR_BYTES_MASK = 0xF8;
  private static final int FOUR_BYTES = 0xF0;
  // the longest float in decimal with its comma: -1.17549435E-38,
  private static final int FLOAT_CHARS_MAX = 16;

  private final Escapes escapes;
  private boolean comma;

  public JsonBytes() {
    this(LENGTH_FIRST);
  }

  /// @param expected about how long the document will be
  public JsonBytes(int expected) {
    this(expected, Escapes.UTF_8);
  }

  /// @param expected about how long the document will be
  public JsonBytes(int expected, Escapes escapes) {
    super(Math.max(LENGTH_FIRST, expected));
    this.escapes = escapes;
  }

  public JsonBytes object() {
    return open('{');
  }

  public JsonBytes endObject() {
    return close('}');
  }

  public JsonBytes array() {
    return open('[');
  }

  public JsonBytes endArray() {
    return close(']');
  }

  public JsonBytes name(String name) {
    string(name);
    put(':');
    comma = false;
    return this;
  }

  public JsonBytes field(String name, @Nullable String value) {
    name(name);
    return value == null ? literal("null") : string(value);
  }

  public JsonBytes field(String name, long value) {
    return name(name).number(value);
  }

  public JsonBytes field(String name, boolean value) {
    return name(name).literal(Boolean.toString(value));
  }

  /// Writes an array of strings.
  public JsonBytes strings(String name, Iterable<String> values) {
    name(name).array();
    values.forEach(this::string);
    return endArray();
  }

  public JsonBytes number(long value) {
    return literal(Long.toString(value));
  }

  /// Writes ASCII that is JSON already: a number, `true`, `null`.
  public JsonBytes literal(String ascii) {
    separate();
    put(ascii);
    return this;
  }

  /// Writes bytes that are JSON already.
  public JsonBytes raw(byte[] json) {
    separate();
    put(json, 0, json.length);
    return this;
  }

  /// Writes a string. Half of a surrogate pair is a question mark, unless it is escaped as by
  /// [Escapes#ASCII].
  public JsonBytes string(String text) {
    separate();
    put('"');
    if (!putPlain(text)) {
      if (escapes == Escapes.ASCII) {
        escapedAscii(text);
      } else {
        escaped(text.getBytes(StandardCharsets.UTF_8));
      }
    }
    put('"');
    return this;
  }

  /// Writes UTF-8 bytes as a string.
  public JsonBytes string(byte[] utf8) {
    if (escapes == Escapes.ASCII) {
      return string(new String(utf8, StandardCharsets.UTF_8));
    }
    separate();
    put('"');
    escaped(utf8);
    put('"');
    return this;
  }

  public JsonBytes base64(byte[] data) {
    separate();
    put('"');
    reserve(Math.toIntExact(base64Length(data.length)));
    length = Base64Bytes.encode(data, bytes, length);
    put('"');
    return this;
  }

  /// The length of so many bytes in base64, without quotes.
  public static long base64Length(long bytes) {
    return (bytes + 2) / 3 * 4;
  }

  /// Writes little-endian float32s as an array, each in the shortest decimal that reads back to the
  /// same bits ([Float#toString(float)]).
  ///
  /// @return whether all are finite; if not, the output is not JSON
  public boolean floats(byte[] littleEndian) {
    array();
    boolean finite = floatElements(littleEndian);
    endArray();
    return finite;
  }

  /// As [#floats], but without the brackets, for an array of several parts.
  public boolean floatElements(byte[] littleEndian) {
    ByteBuffer floats = ByteBuffer.wrap(littleEndian).order(ByteOrder.LITTLE_ENDIAN);
    int count = littleEndian.length / Float.BYTES;
    StringBuilder decimals = new StringBuilder(count * FLOAT_CHARS_MAX);
    boolean finite = true;
    for (int i = 0; i < count; i++) {
      float value = floats.getFloat(i * Float.BYTES);
      finite &= Float.isFinite(value);
      decimals.append(value).append(',');
    }
    if (count > 0) {
      decimals.setLength(decimals.length() - 1);
      literal(decimals.toString());
    }
    return finite;
  }

  /// Ends a line of JSON Lines.
  public JsonBytes newline() {
    put('\n');
    comma = false;
    return this;
  }

  /// Appends bytes that follow the document.
  public JsonBytes append(byte[] bytesAfter) {
    put(bytesAfter, 0, bytesAfter.length);
    return this;
  }

  private JsonBytes open(char bracket) {
    separate();
    put(bracket);
    comma = false;
    return this;
  }

  private JsonBytes close(char bracket) {
    put(bracket);
    comma = true;
    return this;
  }

  private void separate() {
    if (comma) {
      put(',');
    }
    comma = true;
  }

  /// Writes text that needs no escape and is ASCII; else writes nothing.
  private boolean putPlain(String text) {
    int count = text.length();
    reserve(count);
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
      bytes[length + i] = (byte) c;
    }
    length += count;
    return true;
  }

  /// Copies in runs between the few bytes that need an escape.
  private void escaped(byte[] utf8) {
    int start = 0;
    for (int i = 0; i < utf8.length; i++) {
      byte b = utf8[i];
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        put(utf8, start, i - start);
        escape(b);
        start = i + 1;
      } else if (escapes == Escapes.PAIRS && (b & FOUR_BYTES_MASK) == FOUR_BYTES) {
        put(utf8, start, i - start);
        start = i + PAIR_BYTES;
        for (char half : new String(utf8, i, PAIR_BYTES, StandardCharsets.UTF_8).toCharArray()) {
          put('\\');
          hex(half);
        }
      }
    }
    put(utf8, start, utf8.length - start);
  }

  private void escapedAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < ' ') {
        escape((byte) c);
      } else if (c > '~') {
        put('\\');
        hex(c);
      } else {
        put(c);
      }
    }
  }

  private void escape(byte b) {
    put('\\');
    if (b >= ' ') {
      put((char) b);
      return;
    }
    int known = SHORT_ESCAPES.indexOf(b);
    if (known >= 0) {
      put(LETTERS.charAt(known));
    } else {
      hex((char) b);
    }
  }

  private void hex(char c) {
    put('u');
    for (int shift = Character.SIZE - 4; shift >= 0; shift -= 4) {
      char digit = Character.forDigit((c >> shift) & 15, 16);
      put(escapes == Escapes.PAIRS ? Character.toUpperCase(digit) : digit);
    }
  }
}
