package dev.pilotlight.handler.images;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/// Files of images.
public final class Pictures {
  public static final int RED = 0xFF0000;
  static final int GREEN = 0x00FF00;
  static final int BLUE = 0x0000FF;
  static final int ORANGE = 0xFF8000;

  private static final int SIGNATURE = 8;
  private static final int HEADER = 25;
  private static final int SIDE = 16;

  private Pictures() {}

  /// A PNG file of one colour.
  public static byte[] png(int colour) {
    return file("png", of(BufferedImage.TYPE_INT_RGB, colour, colour));
  }

  /// A PNG file whose left half has one colour and whose right half has another.
  static byte[] png(int left, int right) {
    return file("png", of(BufferedImage.TYPE_INT_RGB, left, right));
  }

  static byte[] jpeg(int colour) {
    return jpeg(colour, colour);
  }

  static byte[] jpeg(int left, int right) {
    return file("jpg", of(BufferedImage.TYPE_INT_RGB, left, right));
  }

  static byte[] gif() {
    return file("gif", of(BufferedImage.TYPE_INT_RGB, RED, RED));
  }

  static byte[] bmp() {
    return file("bmp", of(BufferedImage.TYPE_INT_RGB, RED, RED));
  }

  static byte[] deep() {
    return file("png", new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_USHORT_GRAY));
  }

  static byte[] webp() {
    return "RIFF\u0010\0\0\0WEBPVP8L\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] avif() {
    return "\0\0\0\u001cftypavif\0\0\0\0avif".getBytes(StandardCharsets.ISO_8859_1);
  }

  /// A PNG file with the chunk that makes it an animation.
  static byte[] animated() {
    byte[] control = ByteBuffer.allocate(8).putInt(2).putInt(0).array();
    return insert(png(RED), SIGNATURE + HEADER, chunk("acTL", control));
  }

  /// A small PNG file that declares so many pixels.
  static byte[] declaring(int width, int height) {
    byte[] head =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Arrays.copyOf(png(RED), SIGNATURE));
    out.writeBytes(chunk("IHDR", head));
    out.writeBytes(chunk("IDAT", deflated(new byte[1000])));
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  /// The beginning of a JPEG file with four colours.
  static byte[] cmyk() {
    byte[] frame = {
      (byte) 0xFF,
      (byte) 0xC0,
      0,
      20,
      8,
      0,
      SIDE,
      0,
      SIDE,
      4,
      1,
      0x11,
      0,
      2,
      0x11,
      0,
      3,
      0x11,
      0,
      4,
      0x11,
      0,
      (byte) 0xFF,
      (byte) 0xDA,
      0,
      2,
      0,
      0
    };
    return insert(Arrays.copyOf(jpeg(RED), 2), 2, frame);
  }

  /// A JPEG file with EXIF's orientation.
  static byte[] oriented(byte[] jpeg, int orientation) {
    byte[] exif = {
      (byte) 0xFF,
      (byte) 0xE1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      (byte) orientation,
      0,
      0,
      0,
      0,
      0,
      0
    };
    return insert(jpeg, 2, exif);
  }

  static byte[] cut(byte[] file, int length) {
    return Arrays.copyOf(file, length);
  }

  private static BufferedImage of(int type, int left, int right) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, type);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        image.setRGB(x, y, x < SIDE / 2 ? left : right);
      }
    }
    return image;
  }

  private static byte[] file(String format, BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalStateException("no writer of " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] insert(byte[] file, int at, byte[] more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, at);
    out.writeBytes(more);
    out.write(file, at, file.length - at);
    return out.toByteArray();
  }

  private static byte[] chunk(String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    return ByteBuffer.allocate(data.length + 12)
        .putInt(data.length)
        .put(name)
        .put(data)
        .putInt((int) crc.getValue())
        .array();
  }

  private static byte[] deflated(byte[] data) {
    Deflater deflater = new Deflater();
    deflater.setInput(data);
    deflater.finish();
    byte[] out = new byte[data.length + 64];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }
}
