package dev.pilotlight.batch.input.parquet;

import dev.pilotlight.batch.s3.BatchException;
import java.util.Arrays;

/// A bounds-checked cursor over little-endian bytes.
final class Bytes {
  private static final int VARINT_BITS_MAX = 63;

  /// Maximum number of metadata values; each takes up to 100 bytes of memory.
  private static final int VALUES_MAX = 4 << 20;

  private final byte[] bytes;
  private final int end;
  private int place;
  private int values;

  Bytes(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  Bytes(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.place = from;
    this.end = to;
  }

  static BatchException.Unreadable damaged(String how) {
    return new BatchException.Unreadable("the Parquet file is damaged: " + how, null);
  }

  int place() {
    return place;
  }

  int left() {
    return end - place;
  }

  /// Counts a value of the metadata: a small file may have many, which take memory.
  void countValue() {
    values++;
    if (values > VALUES_MAX) {
      throw new BatchException.Unreadable(
          "the Parquet file's footer has more than the %d values that are accepted"
              .formatted(VALUES_MAX),
          null);
    }
  }

  int next() {
    require(1);
    return bytes[place++] & 0xff;
  }

  /// Checks that `count` bytes are left.
  void require(long count) {
    if (count < 0 || count > left()) {
      throw damaged("a value extends past the end of its page or metadata");
    }
  }

  void skip(int count) {
    require(count);
    place += count;
  }

  byte[] take(int count) {
    require(count);
    place += count;
    return Arrays.copyOfRange(bytes, place - count, place);
  }

  /// Copies the next bytes into an array.
  void take(int count, byte[] out, int to) {
    require(count);
    System.arraycopy(bytes, place, out, to, count);
    place += count;
  }

  /// A cursor at an offset from this one.
  Bytes from(long offset) {
    require(offset);
    return new Bytes(bytes, place + (int) offset, end);
  }

  /// A cursor over the next bytes; this cursor skips them.
  Bytes slice(int count) {
    require(count);
    place += count;
    return new Bytes(bytes, place - count, place);
  }

  int int32() {
    require(Integer.BYTES);
    int value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value |= next() << (Byte.SIZE * i);
    }
    return value;
  }

  long int64() {
    long low = int32() & 0xffff_ffffL;
    return low | ((long) int32() << Integer.SIZE);
  }

  /// An unsigned number with 7 bits per byte.
  long varint() {
    long value = 0;
    for (int shift = 0; shift <= VARINT_BITS_MAX; shift += 7) {
      int next = next();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw damaged("a number has more than 64 bits");
  }

  /// A signed number of Thrift's compact protocol.
  long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }
}
