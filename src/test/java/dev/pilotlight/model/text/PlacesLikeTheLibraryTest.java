package dev.pilotlight.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.repository.Repositories;
import dev.pilotlight.suite.Soak;
import dev.pilotlight.wordpiece.Alphabet;
import dev.pilotlight.wordpiece.RandomTexts;
import dev.pilotlight.wordpiece.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Our WordPiece finds each token where the tokenizers library finds it, by code points of the text
/// before it was normalised.
final class PlacesLikeTheLibraryTest {
  private static final int RANDOM_TEXTS = Soak.amount(500, 20_000);
  private static final int POINTS_AT_ONCE = 64;

  /// Of 2,048; the library alone has the places in the others.
  private static final int BATCHES_LOCATED = 2_000;

  private static final long SEED = 7;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"true, true, true, true", "false, false, true, false"})
  void everyCodePointAndRandomTexts(boolean clean, boolean chinese, boolean strip, boolean lower)
      throws IOException {
    Rules.Normalization rules = new Rules.Normalization(clean, chinese, strip, lower);
    try (Pair pair = pair(Alphabet.json(rules, point -> point < 0x20000))) {
      StringBuilder together = new StringBuilder();
      int located = 0;
      for (int point = 1; point < 0x20000; point++) {
        if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
          together.append(Character.toString(point)).append(" a").append(Character.toString(point));
          together.append("b e\u0301").append(Character.toString(point)).append(' ');
        }
        if (point % POINTS_AT_ONCE == 0) {
          located += pair.compare(together.toString()) ? 1 : 0;
          together.setLength(0);
        }
      }
      assertThat(located).isGreaterThan(BATCHES_LOCATED);
      pair.compareRandom();
    }
  }

  @Test
  void sampleModelsVocabulary() throws IOException {
    try (Pair pair = pair(sample())) {
      pair.compareRandom();
      assertThat(pair.compare("a\u0000b")).isTrue();
      assertThat(pair.compare(" \t\n")).isTrue();
      assertThat(pair.compare("x".repeat(300) + " " + "unbelievably".repeat(5))).isTrue();
    }
  }

  /// An added token that takes the spaces around it has their places, too.
  @ParameterizedTest
  @CsvSource({"true, false, false", "false, true, false", "true, true, true"})
  void addedTokensThatTakeSpaces(boolean left, boolean right, boolean normalized)
      throws IOException {
    String json = sample();
    int at = json.indexOf("[MASK]");
    int open = json.lastIndexOf('{', at);
    int close = json.indexOf('}', at);
    String token =
        json.substring(open, close)
            .replaceAll("\"lstrip\": *false", "\"lstrip\": " + left)
            .replaceAll("\"rstrip\": *false", "\"rstrip\": " + right)
            .replaceAll("\"normalized\": *false", "\"normalized\": " + normalized);
    try (Pair pair = pair(json.substring(0, open) + token + json.substring(close))) {
      String text = "a [MASK]  b [MASK][MASK] \u00e9  [mask] [MASK]\u2003\u6f22[MASK] ";
      assertThat(pair.compare(text)).isTrue();
      pair.compareRandom();
    }
  }

  @Test
  void halfASurrogatePairHasNoPlace() {
    try (Tokenizer tokenizer =
        Tokenizer.open(
            Repositories.SAMPLE.resolve("tokenizer.json"), new TextOptions(16, false, false))) {
      assertThatThrownBy(() -> tokenizer.locate("a \ud83d b", true))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("half a surrogate pair at index 2");
    }
  }

  @ParameterizedTest
  @CsvSource({"false, 'a b c d e f', a b c d", "true, 'a b c d e f', c d e f"})
  void truncationKeepsThePlacesOfTheTokensThatRemain(boolean end, String text, String kept) {
    try (Tokenizer tokenizer =
        Tokenizer.open(
            Repositories.SAMPLE.resolve("tokenizer.json"), new TextOptions(6, false, end))) {
      TokenIds tokens = tokenizer.locate(text, true);
      TokenPlaces places = Objects.requireNonNull(tokens.places());
      assertThat(tokens.ids()).isEqualTo(tokenizer.encode(text, true).ids());
      assertThat(tokens.truncated()).isTrue();
      assertThat(text.substring(places.from()[1], places.to()[4])).isEqualTo(kept);
      assertThat(places.special()).containsExactly(true, false, false, false, false, true);
    }
  }

  /// The part that is read of a text that is too long has its places in the whole.
  @Test
  void placesCountFromTheBeginningOfATextThatIsNotReadWhole() {
    String text = "\uD83D\uDE00 ".repeat(Tokenizer.CHARS_WHOLE) + "hello";
    try (Tokenizer tokenizer =
        Tokenizer.open(
            Repositories.SAMPLE.resolve("tokenizer.json"), new TextOptions(4, false, true))) {
      TokenPlaces places = Objects.requireNonNull(tokenizer.locate(text, true).places());
      int points = text.codePointCount(0, text.length());
      assertThat(places.skipped() + places.to()[2]).isEqualTo(points);
      assertThat(places.part(2)).isEqualTo("hello");
    }
  }

  private static String sample() throws IOException {
    return Files.readString(Repositories.SAMPLE.resolve("tokenizer.json"));
  }

  private Pair pair(String json) throws IOException {
    Path file = Files.writeString(directory.resolve("tokenizer.json"), json);
    return new Pair(Encoder.WORD_PIECE.open(file), Encoder.LIBRARY.open(file));
  }

  private record Pair(TextEncoder ours, TextEncoder theirs) implements AutoCloseable {
    void compareRandom() {
      RandomTexts random = new RandomTexts(SEED);
      int located = 0;
      for (int i = 0; i < RANDOM_TEXTS; i++) {
        located += compare(random.next()) ? 1 : 0;
      }
      assertThat(located).isGreaterThan(RANDOM_TEXTS / 2);
    }

    /// Whether ours has places.
    boolean compare(String text) {
      if (text.codePoints().anyMatch(it -> it >= 0xd800 && it <= 0xdfff)) {
        return false;
      }
      Optional<TokenIds> found = ours.locate(text, 0);
      if (found.isEmpty()) {
        return false;
      }
      TokenIds expected = theirs.locate(text, 0).orElseThrow();
      // AssertJ takes its time
      if (!same(found.get(), expected)) {
        assertThat(shown(found.get())).as(text).isEqualTo(shown(expected));
      }
      return true;
    }

    private static boolean same(TokenIds one, TokenIds other) {
      TokenPlaces ones = Objects.requireNonNull(one.places());
      TokenPlaces others = Objects.requireNonNull(other.places());
      return Arrays.equals(one.ids(), other.ids())
          && Arrays.equals(ones.names(), others.names())
          && Arrays.equals(ones.from(), others.from())
          && Arrays.equals(ones.to(), others.to())
          && Arrays.equals(ones.special(), others.special());
    }

    private static String shown(TokenIds tokens) {
      TokenPlaces places = Objects.requireNonNull(tokens.places());
      return Arrays.toString(tokens.ids())
          + Arrays.stream(places.names()).map(Pair::withoutSpaces).toList()
          + Arrays.toString(places.from())
          + Arrays.toString(places.to())
          + Arrays.toString(places.special());
    }

    /// The library names an added token as it stands in the text.
    private static String withoutSpaces(String name) {
      return name.strip().equalsIgnoreCase("[MASK]") ? "[MASK]" : name;
    }

    @Override
    public void close() {
      ours.close();
      theirs.close();
    }
  }
}
