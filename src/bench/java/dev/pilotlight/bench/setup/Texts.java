package dev.pilotlight.bench.setup;

import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// New texts with a given number of tokens.
///
/// Thread-safe.
public final class Texts {
  /// Tokens of mixed texts, special ones included.
  public static final int SHORTEST = 10;

  public static final int LONGEST = 128;

  /// Has no divisor in common with the number of lengths, so that each of them occurs.
  private static final int STEP = 37;

  /// The special tokens around a text.
  private static final int SPECIAL = 2;

  /// Enough for a hundred million texts.
  private static final int NUMBER_WORDS = 4;

  /// Each is one token of the sample model.
  private static final String[] WORDS =
      """
      a about after air all also always animal answer around ask back before between big bird black
      blue boat body book both box boy bring brother build car carry change child city clear close
      cold color come country cut day door down draw dry each early earth east eat end even every
      eye face family far father fire first fish five follow food foot form four friend game girl
      give good great green ground group grow half hand hard head hear heart heat help high hold
      home horse hour house
      """
          .strip()
          .split("\\s+");

  private final AtomicLong count = new AtomicLong();

  /// Makes texts that no earlier call returned, always in the same order of lengths.
  public List<String> mixed(int count) {
    return IntStream.range(0, count).mapToObj(i -> next(mixedTokens(i))).toList();
  }

  /// How many tokens the mixed text at a place has.
  public static int mixedTokens(int place) {
    return SHORTEST + (int) ((long) STEP * place % (LONGEST - SHORTEST + 1));
  }

  /// Makes a text that no earlier call returned.
  ///
  /// @param tokens special ones included; at least 8
  public String next(int tokens) {
    return of(count.getAndIncrement(), tokens);
  }

  /// One of all texts of this kind.
  ///
  /// @param tokens special ones included; at least 8
  public static String of(long which, int tokens) {
    if (tokens < 2 * NUMBER_WORDS) {
      throw new IllegalArgumentException(tokens + " tokens are too few");
    }
    long number = which;
    StringJoiner text = new StringJoiner(" ");
    for (int place = 0; place < tokens - SPECIAL; place++) {
      // the number in words, then the same words for all
      long word = place < NUMBER_WORDS ? number : 7L * place;
      text.add(WORDS[(int) (word % WORDS.length)]);
      number /= WORDS.length;
    }
    return text.toString();
  }
}
