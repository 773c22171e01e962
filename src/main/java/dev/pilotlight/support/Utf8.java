package dev.pilotlight.support;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Strict UTF-8: no overlong forms, no encoded surrogates.
public final class Utf8 {
  private static final int CHUNK_CHARS = 4096;

  private Utf8() {}

  public static boolean isValid(byte[] bytes) {
    return isValid(bytes, 0, bytes.length);
  }

  public static boolean isValid(byte[] bytes, int offset, int length) {
    return firstInvalid(bytes, offset, length) < 0;
  }

  /// Where the first invalid sequence begins, counted from `offset`; -1 if there is none.
  public static int firstInvalid(byte[] bytes, int offset, int length) {
    int ascii = offset;
    while (ascii < offset + length && bytes[ascii] >= 0) {
      ascii++;
    }
    if (ascii == offset + length) {
      return -1;
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes, ascii, offset + length - ascii);
    CharBuffer sink = CharBuffer.allocate(Math.min(CHUNK_CHARS, rest.remaining() + 1));
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    while (true) {
      CoderResult result = decoder.decode(rest, sink.clear(), true);
      if (!result.isOverflow()) {
        return result.isError() ? rest.position() - offset : -1;
      }
    }
  }

  /// The text of the bytes; empty if they are not UTF-8.
  public static Optional<String> decode(byte[] bytes) {
    return isValid(bytes)
        ? Optional.of(new String(bytes, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /// Whether every surrogate is one of a pair, so that the text has a form in UTF-8.
  public static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
