package dev.pilotlight.image;

import static dev.pilotlight.image.PngHeader.FRAME;
import static dev.pilotlight.image.PngHeader.SIGNATURE;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// Completes the palette of a PNG file. An index over a short palette is black in Pillow, and the
/// last colour in the JDK.
final class PngPalette {
  private static final int BITS_AT = 24;
  private static final int PLTE = 0x504C5445;

  private PngPalette() {}

  /// The file with black for each colour that its palette lacks.
  ///
  /// @param file a PNG file whose chunks were checked
  static byte[] completed(byte[] file) {
    ByteBuffer from = ByteBuffer.wrap(file);
    int at = SIGNATURE;
    while (from.getInt(at + Integer.BYTES) != PLTE) {
      at += FRAME + from.getInt(at);
    }
    int length = from.getInt(at);
    if (length % Pixels.BANDS != 0) {
      throw ImageHeader.broken(ImageFormat.PNG, "its palette has %d bytes".formatted(length));
    }
    int full = (1 << file[BITS_AT]) * Pixels.BANDS;
    if (length >= full) {
      return file;
    }
    ByteBuffer to = ByteBuffer.allocate(file.length + full - length);
    int end = at + FRAME - Integer.BYTES + full;
    to.put(file, 0, at).putInt(full).put(file, at + 4, 4 + length).position(end);
    CRC32 checksum = new CRC32();
    checksum.update(to.array(), at + 4, 4 + full);
    int rest = at + FRAME + length;
    to.putInt((int) checksum.getValue()).put(file, rest, file.length - rest);
    return to.array();
  }
}
