package dev.pilotlight.batch.input;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// Pages of Parquet that DuckDB does not write, byte by byte.
final class HandPages {
  static final int PLAIN = 0;
  static final int RLE = 3;
  static final int DELTAS = 5;
  static final int DELTA_LENGTHS = 6;
  static final int DELTA_PREFIXES = 7;
  static final int DICTIONARY = 8;
  static final int SPLIT = 9;

  private HandPages() {}

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// Texts in PLAIN.
  static byte[] texts(String... texts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String text : texts) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      all.writeBytes(TestParquet.int32(utf8.length));
      all.writeBytes(utf8);
    }
    return all.toByteArray();
  }

  /// Levels or booleans with the length before them.
  static byte[] sized(byte[] runs) {
    return joined(TestParquet.int32(runs.length), runs);
  }

  /// A block of Snappy that is one literal of up to 60 bytes.
  static byte[] snappy(byte[] bytes) {
    return joined(bytes(bytes.length, (bytes.length - 1) << 2), bytes);
  }

  /// Whole numbers of which each is at most 127 greater than the one before, in blocks of 128 and
  /// one byte a delta. The first of 4 parts is there, as writers leave out those without numbers.
  static byte[] deltas(int first, int... more) {
    byte[] block = new byte[1 + 4 + 32];
    for (int i = 1; i <= 4; i++) {
      block[i] = 8;
    }
    for (int i = 0; i < more.length; i++) {
      block[5 + i] = (byte) more[i];
    }
    byte[] header = bytes(0x80, 1, 4, more.length + 1, first << 1);
    return more.length == 0 ? header : joined(header, block);
  }

  /// A page of version 1.
  ///
  /// @param size of the unpacked body
  static byte[] v1(int encoding, int count, int size, byte[] body) {
    Compact header = new Compact().number(1, 0).number(2, size).number(3, body.length).struct(5);
    header.number(1, count).number(2, encoding).number(3, 3).number(4, 3).stop();
    return joined(header.stop().bytes(), body);
  }

  static byte[] v1(int encoding, int count, byte[] body) {
    return v1(encoding, count, body.length, body);
  }

  /// A page of version 1 with a checksum.
  static byte[] checked(int count, byte[] body, int wrong) {
    CRC32 crc = new CRC32();
    crc.update(body);
    Compact header = new Compact().number(1, 0).number(2, body.length).number(3, body.length);
    header.number(4, (int) crc.getValue() + wrong).struct(5);
    header.number(1, count).number(2, PLAIN).number(3, 3).number(4, 3).stop();
    return joined(header.stop().bytes(), body);
  }

  /// A page of values that others refer to.
  static byte[] dictionary(int count, byte[] body) {
    Compact header = new Compact().number(1, 2).number(2, body.length).number(3, body.length);
    header.struct(7).number(1, count).number(2, PLAIN).stop();
    return joined(header.stop().bytes(), body);
  }

  /// A page of version 2.
  ///
  /// @param levels never compressed
  /// @param size of the unpacked rest
  static byte[] v2(
      int encoding, int count, int nulls, byte[] levels, boolean packed, int size, byte[] rest) {
    Compact header = new Compact().number(1, 3).number(2, levels.length + size);
    header.number(3, levels.length + rest.length).struct(8);
    header.number(1, count).number(2, nulls).number(3, count).number(4, encoding);
    header.number(5, levels.length).number(6, 0).flag(7, packed).stop();
    return joined(header.stop().bytes(), levels, rest);
  }
}
