package dev.pilotlight.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Finds how a camera was held, in EXIF's or else XMP's data, as Pillow's `getexif` does.
final class Orientation {
  /// Nothing is turned.
  static final int UPRIGHT = 1;

  private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};
  private static final byte[] XMP = {
    't', 'i', 'f', 'f', ':', 'O', 'r', 'i', 'e', 'n', 't', 'a', 't', 'i', 'o', 'n'
  };
  private static final int TAG = 0x112;
  private static final int TIFF_HEADER = 8;
  private static final int TIFF = 42;
  private static final int ENTRY = 12;
  private static final int VALUE_AT = 8;
  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private Orientation() {}

  /// @param exif the data of the segments, in order; without the segments' names
  /// @param xmp empty if there is none
  static int find(List<byte[]> exif, byte[] xmp) {
    int length = exif.stream().mapToInt(part -> part.length).sum();
    ByteBuffer all = ByteBuffer.allocate(length);
    exif.forEach(all::put);
    int found = inTiff(withoutNames(all.array()));
    return found >= 0 ? found : inXmp(xmp);
  }

  private static byte[] withoutNames(byte[] data) {
    int at = 0;
    while (data.length - at >= EXIF.length
        && Arrays.equals(data, at, at + EXIF.length, EXIF, 0, EXIF.length)) {
      at += EXIF.length;
    }
    return Arrays.copyOfRange(data, at, data.length);
  }

  /// The value in the first directory; -1 if it has none.
  private static int inTiff(byte[] tiff) {
    if (tiff.length < TIFF_HEADER || tiff[0] != tiff[1] || (tiff[0] != 'I' && tiff[0] != 'M')) {
      return -1;
    }
    ByteBuffer data = ByteBuffer.wrap(tiff);
    data.order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = Integer.toUnsignedLong(data.getInt(Integer.BYTES));
    if (data.getShort(2) != TIFF || directory + 2 > tiff.length) {
      return -1;
    }
    int at = Math.toIntExact(directory);
    int entries = Short.toUnsignedInt(data.getShort(at));
    at += 2;
    for (int i = 0; i < entries && at + ENTRY <= tiff.length; i++, at += ENTRY) {
      if (Short.toUnsignedInt(data.getShort(at)) == TAG) {
        return value(data, at);
      }
    }
    return -1;
  }

  /// A value that is not a single whole number turns nothing.
  private static int value(ByteBuffer data, int entry) {
    if (data.getInt(entry + Integer.BYTES) != 1) {
      return UPRIGHT;
    }
    return switch (data.getShort(entry + 2)) {
      case BYTE -> Byte.toUnsignedInt(data.get(entry + VALUE_AT));
      case SHORT -> Short.toUnsignedInt(data.getShort(entry + VALUE_AT));
      case LONG -> data.getInt(entry + VALUE_AT);
      default -> UPRIGHT;
    };
  }

  /// The first `tiff:Orientation="6"` or `tiff:Orientation>6`.
  private static int inXmp(byte[] xmp) {
    for (int at = 0; at + XMP.length + 1 < xmp.length; at++) {
      if (Arrays.equals(xmp, at, at + XMP.length, XMP, 0, XMP.length)) {
        int value = at + XMP.length;
        if (xmp[value] == '=' && xmp[value + 1] == '"') {
          value += 2;
        } else if (xmp[value] == '>') {
          value++;
        }
        if (value < xmp.length && value > at + XMP.length && Character.isDigit(xmp[value])) {
          return xmp[value] - '0';
        }
      }
    }
    return UPRIGHT;
  }
}
