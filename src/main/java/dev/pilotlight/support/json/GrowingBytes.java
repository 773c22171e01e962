package dev.pilotlight.support.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A document in an array that grows. Not thread-safe.
abstract sealed class GrowingBytes permits JsonBytes {
  byte[] bytes;
  int length;

  GrowingBytes(int expected) {
    bytes = new byte[expected];
  }

  public final int length() {
    return length;
  }

  /// The array that has the document in its first [#length()] bytes; writing on may replace it.
  public final byte[] buffer() {
    return bytes;
  }

  /// The document as text.
  @Override
  public final String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  public final byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  public final void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }

  final void put(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
  }

  final void put(String ascii) {
    byte[] latin1 = ascii.getBytes(StandardCharsets.ISO_8859_1);
    put(latin1, 0, latin1.length);
  }

  final void put(byte[] more, int start, int count) {
    reserve(count);
    System.arraycopy(more, start, bytes, length, count);
    length += count;
  }

  final void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.multiplyExact(bytes.length, 2)));
    }
  }
}
