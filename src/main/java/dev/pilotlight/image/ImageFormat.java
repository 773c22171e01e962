package dev.pilotlight.image;

import java.util.Optional;

/// The format of an image file, recognised by its first bytes.
public enum ImageFormat {
  JPEG("JPEG", "ff d8 ff"),
  PNG("PNG", "89 50 4e 47 0d 0a 1a 0a"),
  GIF("GIF", "47 49 46 38"),
  BMP("BMP", "42 4d"),
  TIFF_LITTLE_ENDIAN("TIFF", "49 49 2a 00"),
  TIFF_BIG_ENDIAN("TIFF", "4d 4d 00 2a"),
  /// `RIFF`, any size, `WEBP`.
  WEBP("WebP", "52 49 46 46 .. .. .. .. 57 45 42 50"),
  /// A box `ftyp` of any size and one of two brands.
  AVIF("AVIF", ".. .. .. .. 66 74 79 70 61 76 69"),
  HEIC("HEIC", ".. .. .. .. 66 74 79 70 68 65"),
  HEIF("HEIF", ".. .. .. .. 66 74 79 70 6d"),
  JPEG_XL("JPEG XL", "ff 0a"),
  JPEG_XL_BOX("JPEG XL", "00 00 00 0c 4a 58 4c 20"),
  JPEG_2000("JPEG 2000", "ff 4f ff 51"),
  JPEG_2000_BOX("JPEG 2000", "00 00 00 0c 6a 50 20 20"),
  ICO("ICO", "00 00 01 00"),
  SVG("SVG", "3c 73 76 67"),
  PDF("PDF", "25 50 44 46");

  private static final int DIGITS = 3;

  private final String label;
  private final String magic;

  /// @param magic two hexadecimal digits for each byte, or `..` for any
  ImageFormat(String label, String magic) {
    this.label = label;
    this.magic = magic;
  }

  /// The format of a file; empty if its first bytes are those of none.
  public static Optional<ImageFormat> of(byte[] bytes) {
    for (ImageFormat format : values()) {
      if (format.begins(bytes)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  private boolean begins(byte[] bytes) {
    int length = (magic.length() + 1) / DIGITS;
    if (bytes.length < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      int at = i * DIGITS;
      if (magic.charAt(at) != '.'
          && Integer.parseInt(magic, at, at + 2, 16) != Byte.toUnsignedInt(bytes[i])) {
        return false;
      }
    }
    return true;
  }

  /// The format's name, such as `JPEG XL`.
  public String label() {
    return label;
  }

  public boolean isAccepted() {
    return this == JPEG || this == PNG;
  }
}
