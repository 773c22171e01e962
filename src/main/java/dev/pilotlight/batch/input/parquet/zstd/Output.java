package dev.pilotlight.batch.input.parquet.zstd;

import java.util.Arrays;

/// The decompressed bytes: as many as were stated, never more. Not thread-safe.
final class Output {
  /// Bytes that are copied without a call of [System#arraycopy].
  private static final int SHORT = 32;

  private final byte[] bytes;
  private int place;
  private int frameStart;
  private int limit;

  /// @param size number of all decompressed bytes
  Output(int size) {
    this.bytes = new byte[size];
  }

  void beginFrame() {
    frameStart = place;
    limit = place;
  }

  /// Begins a block, which may add so many bytes.
  void beginBlock(int bytesMax) {
    limit = place + Math.min(bytesMax, left());
  }

  /// Number of bytes that are still missing.
  int left() {
    return bytes.length - place;
  }

  /// Number of the frame's bytes so far.
  int frameSize() {
    return place - frameStart;
  }

  /// The least significant half of the XXH64 of the frame's bytes.
  int frameChecksum() {
    return (int) XxHash64.of(bytes, frameStart, place);
  }

  /// Adds bytes.
  void copy(byte[] from, int at, int count) throws ZstdException {
    requireRoom(count);
    if (count <= SHORT && at + SHORT <= from.length && place + SHORT <= bytes.length) {
      for (int i = 0; i < count; i += Long.BYTES) { // the excess is overwritten later
        Words.LONG.set(bytes, place + i, (long) Words.LONG.get(from, at + i));
      }
    } else {
      System.arraycopy(from, at, bytes, place, count);
    }
    place += count;
  }

  /// Adds a byte many times.
  void fill(byte value, int count) throws ZstdException {
    requireRoom(count);
    Arrays.fill(bytes, place, place + count, value);
    place += count;
  }

  /// Adds bytes that the frame already has.
  ///
  /// @param offset number of bytes back; if it is less than `count`, the bytes are repeated
  void match(long offset, int count) throws ZstdException {
    requireRoom(count);
    if (offset <= 0 || offset > place - frameStart) {
      throw new ZstdException("a match before the beginning of its frame");
    }
    int from = place - (int) offset;
    if (offset >= count && count > SHORT) {
      System.arraycopy(bytes, from, bytes, place, count);
    } else if (offset >= Long.BYTES && count + Long.BYTES <= bytes.length - place) {
      for (int i = 0; i < count; i += Long.BYTES) { // the excess is overwritten later
        Words.LONG.set(bytes, place + i, (long) Words.LONG.get(bytes, from + i));
      }
    } else {
      for (int i = 0; i < count; i++) {
        bytes[place + i] = bytes[from + i];
      }
    }
    place += count;
  }

  private void requireRoom(int count) throws ZstdException {
    if (count > limit - place) {
      throw new ZstdException("more bytes than the page's size or a block may have");
    }
  }

  /// All bytes.
  byte[] whole() throws ZstdException {
    if (left() > 0) {
      throw new ZstdException("fewer bytes than the page's size");
    }
    return bytes;
  }
}
