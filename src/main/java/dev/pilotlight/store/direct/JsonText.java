package dev.pilotlight.store.direct;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pilotlight.support.Utf8;
import java.util.Arrays;

/// Writes JSON to bytes; the caller writes the brackets, names and commas. Not thread-safe.
final class JsonText {
  private static final byte[] BASE_64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(ISO_8859_1);
  private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);
  private static final int ESCAPE_BYTES = 6;
  private static final int SIX_BITS = 0x3F;

  private byte[] bytes;
  private int length;

  /// @param expected the document's length
  JsonText(int expected) {
    bytes = new byte[expected];
  }

  /// The document begins at the array's start and has [#length()] bytes.
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /// Adds text of ASCII as it is.
  JsonText raw(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
    return this;
  }

  /// Adds a string with its quotation marks.
  ///
  /// @throws IllegalArgumentException if it has half of a surrogate pair
  JsonText string(String text) {
    if (!Utf8.isWellFormed(text)) {
      throw new IllegalArgumentException("half of a surrogate pair");
    }
    byte[] utf8 = text.getBytes(UTF_8);
    reserve(utf8.length * ESCAPE_BYTES + 2);
    bytes[length++] = '"';
    for (byte b : utf8) {
      if (b == '"' || b == '\\') {
        bytes[length++] = '\\';
        bytes[length++] = b;
      } else if (b >= 0 && b < ' ') {
        raw("\\u00");
        bytes[length++] = HEX[b >> 4];
        bytes[length++] = HEX[b & 0xF];
      } else {
        bytes[length++] = b;
      }
    }
    bytes[length++] = '"';
    return this;
  }

  /// Adds bytes as a string of base64.
  JsonText base64(byte[] value) {
    reserve(Math.addExact(Math.ceilDiv(value.length, 3) * 4, 2));
    byte[] to = bytes;
    int at = length;
    to[at++] = '"';
    int whole = value.length / 3 * 3;
    for (int i = 0; i < whole; i += 3) {
      int three = (value[i] & 0xFF) << 16 | (value[i + 1] & 0xFF) << 8 | (value[i + 2] & 0xFF);
      to[at] = BASE_64[three >> 18];
      to[at + 1] = BASE_64[three >> 12 & SIX_BITS];
      to[at + 2] = BASE_64[three >> 6 & SIX_BITS];
      to[at + 3] = BASE_64[three & SIX_BITS];
      at += 4;
    }
    if (whole < value.length) {
      boolean two = value.length - whole == 2;
      int rest = (value[whole] & 0xFF) << 16 | (two ? (value[whole + 1] & 0xFF) << 8 : 0);
      to[at++] = BASE_64[rest >> 18];
      to[at++] = BASE_64[rest >> 12 & SIX_BITS];
      to[at++] = two ? BASE_64[rest >> 6 & SIX_BITS] : (byte) '=';
      to[at++] = '=';
    }
    to[at++] = '"';
    length = at;
    return this;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
