package dev.pilotlight.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// A PNG file that declares a size and has hardly any pixels.
public final class PngBomb {
  private PngBomb() {}

  /// Returns the file.
  public static byte[] of(int width, int height) {
    ByteBuffer file = ByteBuffer.allocate(8 + 25 + 13 + 12);
    file.putLong(0x89504E470D0A1A0AL);
    chunk(file, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).array());
    chunk(file, "IDAT", new byte[1]);
    chunk(file, "IEND", new byte[0]);
    return file.array();
  }

  private static void chunk(ByteBuffer file, String name, byte[] data) {
    byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(letters);
    checksum.update(data);
    file.putInt(data.length).put(letters).put(data).putInt((int) checksum.getValue());
  }
}
