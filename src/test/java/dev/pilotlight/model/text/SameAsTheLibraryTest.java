package dev.pilotlight.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.model.repository.Repositories;
import dev.pilotlight.suite.Soak;
import dev.pilotlight.wordpiece.Alphabet;
import dev.pilotlight.wordpiece.Library;
import dev.pilotlight.wordpiece.RandomTexts;
import dev.pilotlight.wordpiece.Rules;
import dev.pilotlight.wordpiece.WordPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Our WordPiece has the tokenizers library's ids: for every code point, and for random text.
///
/// The sample's vocabulary would turn many tokens into `[UNK]`, so most texts use one that spells
/// out what the normaliser and the pre-tokeniser made of a text.
final class SameAsTheLibraryTest {
  private static final int POINTS_AT_ONCE = 64;
  private static final int RANDOM_TEXTS = Soak.amount(1_000, 20_000);
  private static final long SEED = 42;

  @TempDir private Path directory;

  /// Every code point alone, between letters and after an accent.
  @ParameterizedTest
  @CsvSource({
    "true, true, true, true",
    "true, true, false, false",
    "true, false, false, true",
    "false, false, true, false"
  })
  void speltOut(boolean clean, boolean chinese, boolean strip, boolean lower) throws IOException {
    Rules.Normalization rules = new Rules.Normalization(clean, chinese, strip, lower);
    RandomTexts random = new RandomTexts(SEED);
    try (Pair pair = pair(Alphabet.json(rules, SameAsTheLibraryTest::isSpeltOut))) {
      pair.compare(SameAsTheLibraryTest::isSpeltOut, c -> c + " a" + c + "b e\u0301" + c + " ");
      for (int i = 0; i < RANDOM_TEXTS; i++) {
        pair.compare(random.next());
      }
    }
  }

  /// Combining characters in the wrong order, as many as a text may have: to put them right takes
  /// no longer for being many. (One by one it would take minutes.)
  @Test
  @Timeout(60)
  void manyCombiningCharactersAreOrderedLikeTheLibrarysInNoTime() throws IOException {
    Rules.Normalization rules = new Rules.Normalization(true, true, true, true);
    try (Pair pair = pair(Alphabet.json(rules, SameAsTheLibraryTest::isSpeltOut))) {
      pair.compare("a" + "\u302e".repeat(40_000) + "\u1b44".repeat(40_000));
    }
  }

  @Test
  void withTheSampleModelsVocabulary() throws IOException {
    RandomTexts random = new RandomTexts(SEED);
    try (Pair pair = pair(Files.readString(Repositories.SAMPLE.resolve("tokenizer.json")))) {
      pair.compare(point -> !isSpeltOut(point), c -> "a" + c + " ");
      for (int i = 0; i < RANDOM_TEXTS; i++) {
        pair.compare(random.next());
      }
    }
  }

  /// Where there are characters that are not treated all alike: the others are ideographs, for
  /// private use, or not assigned.
  private static boolean isSpeltOut(int point) {
    return point < 0x20000
        || (point >= 0x2f800 && point < 0x2fa20)
        || (point >= 0xe0000 && point < 0xe1000);
  }

  private Pair pair(String json) throws IOException {
    Path file = Files.writeString(directory.resolve("tokenizer.json"), json);
    return new Pair(
        WordPieceFile.read(file, Optional.empty(), false).orElseThrow().wordPiece(),
        new Library(json));
  }

  private record Pair(WordPiece ours, Library theirs) implements AutoCloseable {
    void compare(IntPredicate which, UnaryOperator<String> form) {
      int[] points =
          IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
              .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
              .filter(which)
              .toArray();
      for (int i = 0; i < points.length; i += POINTS_AT_ONCE) {
        int end = Math.min(points.length, i + POINTS_AT_ONCE);
        String together = text(points, i, end, form);
        if (!Arrays.equals(ours.ids(together), theirs.ids(together))) {
          // first one by one, to find which
          for (int k = i; k < end; k++) {
            compare(text(points, k, k + 1, form));
          }
          compare(together);
        }
      }
    }

    void compare(String text) {
      long[] expected = theirs.ids(text);
      long[] actual = ours.ids(text);
      // AssertJ takes its time
      if (!Arrays.equals(actual, expected)) {
        assertThat(actual).as(() -> escaped(text)).isEqualTo(expected);
      }
    }

    private static String text(int[] points, int from, int to, UnaryOperator<String> form) {
      return Arrays.stream(points, from, to)
          .mapToObj(point -> form.apply(Character.toString(point)))
          .collect(Collectors.joining());
    }

    private static String escaped(String text) {
      StringBuilder escaped = new StringBuilder();
      text.codePoints().forEach(point -> escaped.append("%x ".formatted(point)));
      return escaped.toString();
    }

    @Override
    public void close() {
      theirs.close();
    }
  }
}
