package dev.pilotlight.wordpiece;

import java.util.Arrays;

/// The properties of each code point beyond ASCII, as in the tokenizers library.
///
/// The library's tables are of several Unicode versions, none of them Java's: 8 for categories, 9
/// for decompositions, the Rust compiler's for lower case. Therefore [CharacterRuns] was generated
/// from the library, code point by code point: it has the runs of code points that behave alike.
/// `SameAsTheLibraryTest` compares every code point with the library.
///
/// Unpacked for the first text beyond ASCII.
final class Characters {
  /// `clean_text` removes it.
  static final int REMOVED = 1;

  /// A nonspacing mark, which `strip_accents` removes.
  static final int MARK = 2;

  /// A mark that canonical reordering does not move other marks past.
  static final int BREAK = 4;

  static final int PUNCTUATION = 8;

  /// Stripping leaves several code points: what is to be added is where they are listed.
  static final int SEQUENCE = 16;

  /// The bits from here on: the order among combining characters that are not marks, else 0.
  static final int RANK_SHIFT = 5;

  private final int[] starts;
  private final int[] kinds;
  private final int[] stripped;
  private final int[] lower;
  private final int[] sequences;

  private static final class Unpacked {
    static final Characters ALL = new Characters(new Packed(CharacterRuns.PACKED));
  }

  private Characters(Packed packed) {
    sequences = new int[packed.next()];
    for (int i = 0; i < sequences.length; i++) {
      sequences[i] = packed.next();
    }
    int runs = packed.next();
    starts = new int[runs];
    kinds = new int[runs];
    stripped = new int[runs];
    lower = new int[runs];
    int start = 0;
    for (int i = 0; i < runs; i++) {
      start += packed.next();
      starts[i] = start;
      kinds[i] = packed.next();
      stripped[i] = packed.nextSigned();
      lower[i] = packed.nextSigned();
    }
  }

  static Characters all() {
    return Unpacked.ALL;
  }

  /// The run of a code point, an argument of the other methods.
  int run(int point) {
    int found = Arrays.binarySearch(starts, point);
    return found >= 0 ? found : -found - 2;
  }

  boolean is(int run, int kind) {
    return (kinds[run] & kind) != 0;
  }

  int rank(int run) {
    return kinds[run] >> RANK_SHIFT;
  }

  int strippedOf(int run, int point) {
    return point + stripped[run];
  }

  int lowerOf(int run, int point) {
    return point + lower[run];
  }

  /// The number of code points that replace one in a run of [#SEQUENCE].
  int sequenceLength(int run) {
    return sequences[stripped[run]];
  }

  int sequenceAt(int run, int index) {
    return sequences[stripped[run] + 1 + index];
  }

  /// As Rust's `char::is_whitespace`.
  static boolean isSpace(int point) {
    return switch (point) {
      case 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680 -> true;
      case 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
      default -> point >= 0x2000 && point <= 0x200a;
    };
  }

  /// By the library's own list.
  static boolean isChinese(int point) {
    return point >= 0x3400
        && (point <= 0x4dbf
            || (point >= 0x4e00 && point <= 0x9fff)
            || (point >= 0xf900 && point <= 0xfaff)
            || (point >= 0x20000 && point <= 0x2a6df)
            || (point >= 0x2a700 && point <= 0x2b81f)
            || (point >= 0x2b920 && point <= 0x2ceaf)
            || (point >= 0x2f800 && point <= 0x2fa1f));
  }
}
