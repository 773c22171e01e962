package dev.pilotlight.protocol.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// What text must be before we read or quote it.
public final class Text {
  private static final int QUOTED_CHARS_MAX = 64;
  private static final int CHUNK_CHARS = 4096;

  private Text() {}

  /// The text, or its beginning and its length where it is too long to be quoted in a message.
  public static String shortened(String text) {
    return shortened(text, QUOTED_CHARS_MAX);
  }

  public static String shortened(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(charsMax - 1)) ? charsMax - 1 : charsMax;
    return text.substring(0, end) + "… (" + text.length() + " characters)";
  }

  /// Whether every surrogate is one of a pair.
  public static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      // a code point that is a surrogate has no partner
      int point = text.codePointAt(i);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        return false;
      }
    }
    return true;
  }

  /// Whether the bytes are UTF-8, strictly: no overlong forms, no encoded surrogates.
  public static boolean isUtf8(byte[] bytes, int offset, int length) {
    int first = offset;
    while (first < offset + length && bytes[first] >= 0) {
      first++;
    }
    if (first == offset + length) {
      return true;
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes, first, offset + length - first);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    CharBuffer sink = CharBuffer.allocate(Math.min(CHUNK_CHARS, rest.remaining() + 1));
    while (true) {
      CoderResult result = decoder.decode(rest, sink.clear(), true);
      if (!result.isOverflow()) {
        return !result.isError();
      }
    }
  }
}
