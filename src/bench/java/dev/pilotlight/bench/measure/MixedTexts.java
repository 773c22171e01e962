package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.setup.Texts;
import java.util.List;
import java.util.stream.IntStream;

/// New texts of mixed lengths, always in the same order of lengths.
final class MixedTexts {
  /// Tokens, special ones included.
  static final int SHORTEST = 10;

  static final int LONGEST = 128;

  private static final int LENGTHS = LONGEST - SHORTEST + 1;

  /// Has no divisor in common with the number of lengths, so that all of them come.
  private static final int STEP = 37;

  private MixedTexts() {}

  static List<String> next(Texts texts, int count) {
    return IntStream.range(0, count).mapToObj(i -> texts.next(tokens(i))).toList();
  }

  /// How many the text at a place has.
  static int tokens(int place) {
    return SHORTEST + (int) ((long) STEP * place % LENGTHS);
  }
}
