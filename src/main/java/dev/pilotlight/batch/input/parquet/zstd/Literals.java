package dev.pilotlight.batch.input.parquet.zstd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The literals of a block: the bytes that do not repeat earlier ones. A block may use the Huffman
/// codes of the block before it. Not thread-safe.
final class Literals {
  private static final int RAW = 0;
  private static final int RLE = 1;
  private static final int COMPRESSED = 2;
  private static final int BYTES_MIN_OF_FOUR = 6;

  private byte[] buffer = {};
  private byte[] bytes = buffer;
  private int place;
  private int end;
  private @Nullable HuffmanTable table;

  /// Reads the literals at the beginning of a block.
  ///
  /// @param sizeMax maximum number of literals
  void read(Cursor in, int sizeMax) throws ZstdException {
    int first = in.next();
    int kind = first & 3;
    int format = (first >>> 2) & 3;
    if (kind == RAW || kind == RLE) {
      int size =
          (format & 1) == 0 ? first >>> 3 : first >>> 4 | (int) in.number(format == 1 ? 1 : 2) << 4;
      requireSize(size, sizeMax);
      if (kind == RAW) {
        Cursor raw = in.slice(size);
        begin(raw.bytes, raw.place(), size);
      } else {
        byte value = (byte) in.next();
        Arrays.fill(beginBuffer(size), 0, size, value);
      }
      return;
    }
    int bits = format < 2 ? 10 : 6 + 4 * format;
    long sizes = first >>> 4 | in.number(format < 2 ? 2 : 1 + format) << 4;
    int size = (int) sizes & ((1 << bits) - 1);
    int stored = (int) (sizes >>> bits) & ((1 << bits) - 1);
    requireSize(size, sizeMax);
    Cursor packed = in.slice(stored);
    if (kind == COMPRESSED) {
      table = HuffmanTable.read(packed);
    }
    if (table == null) {
      throw new ZstdException("literals without a table of Huffman codes");
    }
    unpack(table, packed, size, format != 0);
  }

  private static void requireSize(int size, int sizeMax) throws ZstdException {
    if (size > sizeMax) {
      throw new ZstdException("more literals than its block may have bytes");
    }
  }

  private void unpack(HuffmanTable codes, Cursor in, int size, boolean four) throws ZstdException {
    if (size < (four ? BYTES_MIN_OF_FOUR : 1)) {
      throw new ZstdException("too few literals for a stream");
    }
    byte[] out = beginBuffer(size);
    if (!four) {
      codes.decode(in, out, 0, size);
      return;
    }
    int[] lengths = new int[3];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = (int) in.number(2);
    }
    int part = (size + 3) / 4;
    for (int i = 0; i < lengths.length; i++) {
      codes.decode(in.slice(lengths[i]), out, i * part, part);
    }
    codes.decode(in, out, 3 * part, size - 3 * part);
  }

  private byte[] beginBuffer(int size) {
    if (buffer.length < size) {
      buffer = new byte[size];
    }
    begin(buffer, 0, size);
    return buffer;
  }

  private void begin(byte[] newBytes, int from, int size) {
    bytes = newBytes;
    place = from;
    end = from + size;
  }

  /// Copies the next literals.
  void copy(int count, Output out) throws ZstdException {
    if (count > end - place) {
      throw new ZstdException("fewer literals than its sequences copy");
    }
    out.copy(bytes, place, count);
    place += count;
  }

  /// Copies the literals that are left.
  void copyRest(Output out) throws ZstdException {
    copy(end - place, out);
  }
}
