package dev.pilotlight.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// PNG files that would cost much, and others that no encoder would write.
public final class PngBomb {
  private static final int TYPE_GREY = 0;
  private static final int TYPE_PALETTE = 3;

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();

  private PngBomb(int width, int height, int type) {
    file.writeBytes(ByteBuffer.allocate(8).putLong(0x89504E470D0A1A0AL).array());
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    chunk("IHDR", header.put((byte) 8).put((byte) type).array());
  }

  /// A file that declares a size and has hardly any pixels.
  public static byte[] of(int width, int height) {
    PngBomb bomb = new PngBomb(width, height, TYPE_GREY);
    bomb.chunk("IDAT", new byte[1]);
    return bomb.end();
  }

  /// One pixel, and about 4 MB of texts that hold 1 MiB each.
  ///
  /// @param key of the texts
  static byte[] texts(String key) {
    byte[] start = (key + "\0\0").getBytes(StandardCharsets.ISO_8859_1);
    byte[] zipped = deflated(new byte[(1 << 20) - 1]);
    byte[] text = ByteBuffer.allocate(start.length + zipped.length).put(start).put(zipped).array();
    PngBomb bomb = new PngBomb(1, 1, TYPE_GREY);
    while (bomb.file.size() < 4_000_000) {
      bomb.chunk("zTXt", text);
    }
    bomb.chunk("IDAT", deflated(new byte[2]));
    return bomb.end();
  }

  /// One row of pixels by a palette.
  static byte[] palette(byte[] colours, byte... indices) {
    PngBomb image = new PngBomb(indices.length, 1, TYPE_PALETTE);
    image.chunk("PLTE", colours);
    image.chunk(
        "IDAT",
        deflated(ByteBuffer.allocate(indices.length + 1).put((byte) 0).put(indices).array()));
    return image.end();
  }

  private static byte[] deflated(byte[] data) {
    byte[] zipped = new byte[data.length + 100];
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
      deflater.setInput(data);
      deflater.finish();
      return Arrays.copyOf(zipped, deflater.deflate(zipped));
    }
  }

  private void chunk(String name, byte[] data) {
    byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(letters);
    checksum.update(data);
    ByteBuffer chunk = ByteBuffer.allocate(data.length + 12);
    chunk.putInt(data.length).put(letters).put(data).putInt((int) checksum.getValue());
    file.writeBytes(chunk.array());
  }

  private byte[] end() {
    chunk("IEND", new byte[0]);
    return file.toByteArray();
  }
}
