package dev.pilotlight.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// JPEG files of 5000 × 5000 pixels with many scans and hardly any bytes.
final class JpegBomb {
  private static final int SIDE = 5000;
  private static final int BLOCKS = (SIDE / 8) * (SIDE / 8);
  private static final int BLOCKS_MAX = 1 << 14; // that one code of a progressive scan may end
  private static final int CODE_BITS = 15;
  private static final int TABLE = 18;

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();

  private JpegBomb() {
    file.write(0xFF);
    file.write(0xD8);
    int[] steps = new int[65];
    Arrays.fill(steps, 1);
    steps[0] = 0;
    segment(0xDB, steps);
  }

  /// Three components, and empty scans of one each.
  static byte[] baseline(int scans) {
    JpegBomb bomb = new JpegBomb();
    bomb.segment(
        0xC0,
        8,
        SIDE >> 8,
        SIDE & 0xFF,
        SIDE >> 8,
        SIDE & 0xFF,
        3,
        1,
        0x11,
        0,
        2,
        0x11,
        0,
        3,
        0x11,
        0);
    bomb.table(0, 0);
    bomb.table(0x10, 0);
    for (int i = 0; i < scans; i++) {
      bomb.segment(0xDA, 1, 1 + i % 3, 0, 0, 63, 0);
    }
    return bomb.end();
  }

  /// One component, its first coefficients, and then the same scan of all others again and again.
  static byte[] progressive(int scans) {
    JpegBomb bomb = new JpegBomb();
    bomb.segment(0xC2, 8, SIDE >> 8, SIDE & 0xFF, SIDE >> 8, SIDE & 0xFF, 1, 1, 0x11, 0);
    bomb.table(0, 0);
    bomb.table(0x10, 0xE0);
    bomb.segment(0xDA, 1, 1, 0, 0, 0, 0);
    bomb.file.writeBytes(new byte[(BLOCKS + 7) / 8]);
    int codes = (BLOCKS + BLOCKS_MAX - 1) / BLOCKS_MAX;
    for (int i = 0; i < scans; i++) {
      bomb.segment(0xDA, 1, 1, 0, 1, 63, 0);
      bomb.file.writeBytes(new byte[(codes * CODE_BITS + 7) / 8]);
    }
    return bomb.end();
  }

  /// A Huffman table with one code, of one bit.
  private void table(int kind, int value) {
    int[] table = new int[TABLE];
    table[0] = kind;
    table[1] = 1;
    table[TABLE - 1] = value;
    segment(0xC4, table);
  }

  private void segment(int marker, int... data) {
    file.write(0xFF);
    file.write(marker);
    file.write((data.length + 2) >> 8);
    file.write((data.length + 2) & 0xFF);
    for (int value : data) {
      file.write(value);
    }
  }

  private byte[] end() {
    file.write(0xFF);
    file.write(0xD9);
    return file.toByteArray();
  }
}
