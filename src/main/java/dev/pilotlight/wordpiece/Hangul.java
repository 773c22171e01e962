package dev.pilotlight.wordpiece;

/// Korean syllables, which decompose by arithmetic (The Unicode Standard, 3.12).
final class Hangul {
  private static final int SYLLABLES = 0xac00;
  private static final int SYLLABLES_COUNT = 11_172;
  private static final int LEADING = 0x1100;
  private static final int VOWELS = 0x1161;
  private static final int VOWELS_COUNT = 21;
  private static final int TRAILING = 0x11a7;
  private static final int TRAILING_COUNT = 28;

  private Hangul() {}

  static boolean isSyllable(int point) {
    return point >= SYLLABLES && point < SYLLABLES + SYLLABLES_COUNT;
  }

  static void decompose(int syllable, Utf8 out) {
    int index = syllable - SYLLABLES;
    int trailing = index % TRAILING_COUNT;
    out.add(LEADING + index / TRAILING_COUNT / VOWELS_COUNT);
    out.add(VOWELS + index / TRAILING_COUNT % VOWELS_COUNT);
    if (trailing > 0) {
      out.add(TRAILING + trailing);
    }
  }
}
