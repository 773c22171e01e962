package dev.pilotlight.batch.input.parquet.zstd;

/// A bounds-checked cursor over little-endian bytes.
final class Cursor {
  final byte[] bytes;
  private final int end;
  private int place;

  Cursor(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.place = from;
    this.end = to;
  }

  int place() {
    return place;
  }

  int left() {
    return end - place;
  }

  int next() throws ZstdException {
    require(1);
    return bytes[place++] & 0xff;
  }

  void skip(long count) throws ZstdException {
    require(count);
    place += (int) count;
  }

  /// A cursor over the next bytes; this cursor skips them.
  Cursor slice(int count) throws ZstdException {
    skip(count);
    return new Cursor(bytes, place - count, place);
  }

  /// An unsigned number of up to 7 bytes, or one of 8 bytes with a sign.
  long number(int size) throws ZstdException {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (long) next() << (Byte.SIZE * i);
    }
    return value;
  }

  int int32() throws ZstdException {
    return (int) number(Integer.BYTES);
  }

  private void require(long count) throws ZstdException {
    if (count > left()) {
      throw new ZstdException("data that end too early");
    }
  }
}
