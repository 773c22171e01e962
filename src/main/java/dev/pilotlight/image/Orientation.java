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
  private static final short TIFF = 42;
  private static final int ENTRY = 12;
  private static final int VALUE_AT = 8;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int SIGNED_SHORT = 8;
  private static final int SIGNED_LONG = 9;
  private static final int LAST = 8;
  // by type, the bytes of a value
  private static final int[] UNITS = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8};

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
    int magic = data.getShort(2);
    // Pillow takes it in the other order, too
    if ((magic != TIFF && magic != Short.reverseBytes(TIFF)) || directory + 2 > tiff.length) {
      return -1;
    }
    return inDirectory(data, Math.toIntExact(directory));
  }

  /// The last value counts, and those after data that the file lacks do not.
  private static int inDirectory(ByteBuffer data, int directory) {
    int found = -1;
    int entries = Short.toUnsignedInt(data.getShort(directory));
    int at = directory + 2;
    for (int i = 0; i < entries && at + ENTRY <= data.capacity(); i++, at += ENTRY) {
      int type = Short.toUnsignedInt(data.getShort(at + 2));
      int unit = type < UNITS.length ? UNITS[type] : 0;
      long size = Integer.toUnsignedLong(data.getInt(at + Integer.BYTES)) * unit;
      if (size == 0) {
        continue; // of an unknown type, or without a value
      }
      long values = (long) at + VALUE_AT;
      if (size > Integer.BYTES) {
        values = Integer.toUnsignedLong(data.getInt(at + VALUE_AT));
        if (values + size > data.capacity()) {
          return found;
        }
      }
      if (Short.toUnsignedInt(data.getShort(at)) == TAG) {
        found = value(data, type, Math.toIntExact(values));
      }
    }
    return found;
  }

  /// The first of the values.
  private static int value(ByteBuffer data, int type, int at) {
    int value =
        switch (type) {
          case SHORT, SIGNED_SHORT -> data.getShort(at);
          case LONG, SIGNED_LONG -> data.getInt(at);
          default ->
              throw ImageHeader.unsupported(
                  "the image's EXIF orientation has the type %d; 3, 4, 8 and 9 are accepted"
                      .formatted(type));
        };
    return value >= UPRIGHT && value <= LAST ? value : UPRIGHT;
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
