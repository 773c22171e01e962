package dev.pilotlight.batch.input;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/// UTF-8, strictly: no overlong forms, no surrogates.
final class Utf8 {
  private static final int CHUNK_CHARS = 4096;

  private Utf8() {}

  /// Where the first sequence begins that is not UTF-8, counted from 0.
  static OptionalInt firstBad(byte[] bytes) {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    CharBuffer sink = CharBuffer.allocate(CHUNK_CHARS);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
    while (true) {
      CoderResult result = decoder.decode(rest, sink.clear(), true);
      if (result.isError()) {
        return OptionalInt.of(rest.position());
      }
      if (result.isUnderflow()) {
        return OptionalInt.empty();
      }
    }
  }

  /// The text of bytes in which nothing is bad.
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
