package dev.pilotlight.wordpiece;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Text as UTF-8 bytes: a buffer that grows, and how to read one. Input is known to be valid.
class Utf8 {
  private static final int LIBRARY_READS_A_SURROGATE_AS = 3;
  private static final int LIBRARY_READS_NUL_AS = 2;

  private byte[] bytes;
  private int length;

  Utf8(int capacity) {
    bytes = new byte[capacity];
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /// Takes notice of where the character begins from which the next bytes are made.
  void from(int place) {}

  /// Takes notice of characters that change their order.
  void reorder() {}

  void add(int point) {
    if (length + 4 > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(64, 2 * bytes.length));
    }
    if (point < 0x80) {
      bytes[length++] = (byte) point;
    } else if (point < 0x800) {
      bytes[length++] = (byte) (0xc0 | (point >> 6));
      bytes[length++] = (byte) (0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
      bytes[length++] = (byte) (0xe0 | (point >> 12));
      bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
      bytes[length++] = (byte) (0x80 | (point & 0x3f));
    } else {
      bytes[length++] = (byte) (0xf0 | (point >> 18));
      bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3f));
      bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
      bytes[length++] = (byte) (0x80 | (point & 0x3f));
    }
  }

  static byte[] of(String text) {
    return (isWellFormed(text) ? text : repaired(text)).getBytes(StandardCharsets.UTF_8);
  }

  /// The code point that begins at `at`.
  static int point(byte[] text, int at) {
    int first = text[at];
    return switch (size(first)) {
      case 1 -> first;
      case 2 -> ((first & 0x1f) << 6) | rest(text, at + 1);
      case 3 -> ((first & 0x0f) << 12) | (rest(text, at + 1) << 6) | rest(text, at + 2);
      default ->
          ((first & 0x07) << 18)
              | (rest(text, at + 1) << 12)
              | (rest(text, at + 2) << 6)
              | rest(text, at + 3);
    };
  }

  /// The bytes of a code point, by the first of them.
  static int size(int first) {
    if (first >= 0) {
      return 1;
    }
    return (first & 0xe0) == 0xc0 ? 2 : (first & 0xf0) == 0xe0 ? 3 : 4;
  }

  /// Where the code point that ends before `at` begins.
  static int before(byte[] text, int at) {
    int begin = at - 1;
    while ((text[begin] & 0xc0) == 0x80) {
      begin--;
    }
    return begin;
  }

  /// Whether bytes are UTF-8, strictly: no overlong forms, no surrogates.
  static boolean isValid(byte[] text, int from, int to) {
    int size;
    for (int i = from; i < to; i += size) {
      int first = text[i] & 0xff;
      size = size(text[i]);
      if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || i + size > to) {
        return false;
      }
      for (int k = i + 1; k < i + size; k++) {
        if ((text[k] & 0xc0) != 0x80) {
          return false;
        }
      }
      int point = point(text, i);
      if ((size == 3 && (point < 0x800 || (point >= 0xd800 && point <= 0xdfff)))
          || (size == 4 && (point < 0x10000 || point > Character.MAX_CODE_POINT))) {
        return false;
      }
    }
    return true;
  }

  private static int rest(byte[] text, int at) {
    return text[at] & 0x3f;
  }

  /// Whether every surrogate is one of a pair.
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        boolean pair =
            Character.isHighSurrogate(unit)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /// A text with half a surrogate pair, as the library gets to see it: all that is special in
  /// Java's modified UTF-8 as replacement characters, one for each byte.
  private static String repaired(String text) {
    StringBuilder repaired = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        repaired.repeat('\ufffd', LIBRARY_READS_A_SURROGATE_AS);
      } else if (unit == 0) {
        repaired.repeat('\ufffd', LIBRARY_READS_NUL_AS);
      } else {
        repaired.append(unit);
      }
    }
    return repaired.toString();
  }
}
