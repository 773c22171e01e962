package dev.pilotlight.protocol.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Writes one JSON document straight to UTF-8 bytes, with commas where they belong. Whether the
/// brackets match is the caller's affair. Not thread-safe.
public final class JsonBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int LENGTH_FIRST = 512;
  // what one float takes at most in decimal, and a comma: -1.17549435E-38,
  private static final int FLOAT_CHARS_MAX = 16;

  private byte[] bytes;
  private int length;
  private boolean comma;

  public JsonBytes() {
    this(LENGTH_FIRST);
  }

  /// @param expected about how long the document will be
  public JsonBytes(int expected) {
    bytes = new byte[Math.max(LENGTH_FIRST, expected)];
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

  public JsonBytes number(long value) {
    return literal(Long.toString(value));
  }

  /// Writes ASCII that is JSON already: a number, `true`, `null`.
  public JsonBytes literal(String ascii) {
    separate();
    put(ascii);
    return this;
  }

  /// Writes what is JSON already.
  public JsonBytes raw(byte[] json) {
    separate();
    put(json, 0, json.length);
    return this;
  }

  public JsonBytes string(String text) {
    separate();
    put('"');
    if (!putPlain(text)) {
      escaped(text.getBytes(StandardCharsets.UTF_8));
    }
    put('"');
    return this;
  }

  /// Writes UTF-8 bytes as a string.
  public JsonBytes string(byte[] utf8) {
    separate();
    put('"');
    escaped(utf8);
    put('"');
    return this;
  }

  public JsonBytes base64(byte[] data) {
    separate();
    byte[] encoded = Base64.getEncoder().encode(data);
    put('"');
    put(encoded, 0, encoded.length);
    put('"');
    return this;
  }

  /// Writes little-endian float32s as an array, each in the shortest decimal that reads back to the
  /// same bits ([Float#toString(float)]).
  ///
  /// @return whether all are finite; if not, what was written is not JSON
  public boolean floats(byte[] littleEndian) {
    ByteBuffer floats = ByteBuffer.wrap(littleEndian).order(ByteOrder.LITTLE_ENDIAN);
    int count = littleEndian.length / Float.BYTES;
    StringBuilder decimals = new StringBuilder(count * FLOAT_CHARS_MAX);
    boolean finite = true;
    for (int i = 0; i < count; i++) {
      float value = floats.getFloat(i * Float.BYTES);
      finite &= Float.isFinite(value);
      decimals.append(value).append(',');
    }
    decimals.setLength(Math.max(0, decimals.length() - 1));
    array();
    put(decimals.toString());
    endArray();
    return finite;
  }

  /// Ends a line of JSON Lines.
  public JsonBytes newline() {
    put('\n');
    comma = false;
    return this;
  }

  public int length() {
    return length;
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
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
      }
    }
    put(utf8, start, utf8.length - start);
  }

  private void escape(byte b) {
    put('\\');
    if (b >= ' ') {
      put((char) b);
      return;
    }
    byte letter = shortEscape(b);
    if (letter != 0) {
      put((char) letter);
      return;
    }
    put("u00");
    put((char) HEX[b >> 4]);
    put((char) HEX[b & 15]);
  }

  private static byte shortEscape(byte b) {
    return switch (b) {
      case '\n' -> 'n';
      case '\r' -> 'r';
      case '\t' -> 't';
      case '\b' -> 'b';
      case '\f' -> 'f';
      default -> 0;
    };
  }

  private void put(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
  }

  private void put(String ascii) {
    byte[] latin1 = ascii.getBytes(StandardCharsets.ISO_8859_1);
    put(latin1, 0, latin1.length);
  }

  private void put(byte[] more, int start, int count) {
    reserve(count);
    System.arraycopy(more, start, bytes, length, count);
    length += count;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.multiplyExact(bytes.length, 2)));
    }
  }
}
