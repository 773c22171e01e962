package dev.pilotlight.model.text;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.SmallTokenizer;
import dev.pilotlight.model.repository.Repositories;
import dev.pilotlight.model.text.PairTokenizer.Kept;
import dev.pilotlight.suite.Soak;
import dev.pilotlight.wordpiece.Library;
import dev.pilotlight.wordpiece.RandomTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Pairs have the tokens that the tokenizers library gives them with its own truncation, whichever
/// of our encoders makes them: for random texts, all kinds of post-processors, and both sides.
final class PairsLikeTheLibraryTest {
  private static final int PAIRS = Soak.amount(60, 3_000);

  /// The largest number of special tokens around a pair, and one token.
  private static final int LIMIT_LEAST = 5;

  @TempDir private Path directory;

  /// Forms of a pair in a `tokenizer.json`.
  enum Form {
    NO_SPECIAL_TOKENS(SmallTokenizer.TEMPLATE),
    NOTHING("null"),
    BERT("{\"type\": \"BertProcessing\", \"sep\": [\"[SEP]\", 2], \"cls\": [\"[CLS]\", 1]}"),
    ROBERTA(
        "{\"type\": \"RobertaProcessing\", \"sep\": [\"[SEP]\", 2], \"cls\": [\"[CLS]\", 1],"
            + " \"trim_offsets\": true, \"add_prefix_space\": false}"),
    TEMPLATE(
        template(special("[CLS]", 0), text("A", 0), special("[SEP]", 0), text("B", 1))
            .replace("PAIR_END", special("[SEP]", 1))),
    SECOND_TEXT_FIRST(
        template(special("[CLS]", 0), text("B", 1), special("[SEP]", 0), text("A", 2))
            .replace("PAIR_END", special("[SEP]", 1))),
    OTHER_TYPES(
        template(text("A", 2), special("[SEP]", 5), special("[SEP]", 0), text("B", 3))
            .replace("PAIR_END", special("[CLS]", 4)));

    private final String json;

    Form(String processor) {
      json = SmallTokenizer.JSON.replace(SmallTokenizer.TEMPLATE, processor);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyFormHasTheLibrarysTokens(Form form) throws IOException {
    compare(form.json, Encoder.WORD_PIECE);
    compare(form.json, Encoder.LIBRARY);
  }

  @ParameterizedTest
  @EnumSource
  void sampleHasTheLibrarysTokens(Encoder encoder) throws IOException {
    compare(Files.readString(Repositories.SAMPLE.resolve("tokenizer.json")), encoder);
  }

  @ParameterizedTest
  @CsvSource({"A, A", "B, B", "A, ABB", "B, AAB"})
  void templateThatLeavesATextOutOrRepeatsOneIsRefused(String before, String after) {
    String texts =
        after.chars().mapToObj(id -> text(Character.toString(id), 0)).collect(joining(", "));
    String one =
        template(special("[CLS]", 0), text(before, 1), special("[SEP]", 0), texts)
            .replace("PAIR_END", special("[SEP]", 1));
    LibraryEncoder encoder =
        LibraryEncoder.of(SmallTokenizer.JSON.replace(SmallTokenizer.TEMPLATE, one));
    try {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> encoder.encode("hello", "a"))
            .isInstanceOf(Refusal.class)
            .hasMessageContaining("does not put both texts into a pair once");
      }
    } finally {
      encoder.close();
    }
  }

  /// Texts that are not read to their ends keep what they would keep if they were, or are refused.
  @Test
  void keptTokensAreSureOnlyIfNoRestOfATextChangesThem() {
    Random random = new Random(11);
    int sure = 0;
    for (int i = 0; i < 20_000; i++) {
      int room = 1 + random.nextInt(9);
      int first = random.nextInt(12);
      int second = random.nextInt(12);
      boolean firstWhole = random.nextBoolean();
      boolean secondWhole = random.nextBoolean();
      Kept kept = Kept.of(first, second, room);
      boolean same = true;
      for (int more = 0; more < (firstWhole ? 1 : 30); more++) {
        for (int rest = 0; rest < (secondWhole ? 1 : 30); rest++) {
          same &= kept.equals(Kept.of(first + more, second + rest, room));
        }
      }
      assertThat(kept.isSure(first, firstWhole, second, secondWhole, room))
          .as("%d %s, %d %s in %d", first, firstWhole, second, secondWhole, room)
          .isEqualTo(same);
      sure += same ? 1 : 0;
    }
    assertThat(sure).isBetween(2_000, 18_000);
  }

  private void compare(String json, Encoder encoder) throws IOException {
    Path file = Files.writeString(directory.resolve("tokenizer.json"), json);
    for (int limit : new int[] {LIMIT_LEAST, LIMIT_LEAST + 1, 12, 31}) {
      compare(json, Tokenizer.of(encoder.open(file), limit, false), limit, "Right");
      compare(json, Tokenizer.of(encoder.open(file), limit, true), limit, "Left");
    }
  }

  private static void compare(String json, Tokenizer ours, int limit, String side)
      throws IOException {
    RandomTexts random = new RandomTexts(limit);
    try (ours;
        Library whole = new Library(json);
        Library theirs = Library.truncating(json, limit, side)) {
      for (int i = 0; i < PAIRS; i++) {
        String first = random.next();
        String second = random.next();
        if (whole.ids(first, second).length == 0) {
          assertThatThrownBy(() -> ours.encode(first, second, true))
              .isInstanceOf(Refusal.class)
              .hasMessage("the two texts have no tokens");
          continue;
        }
        TokenIds pair = ours.encode(first, second, true);
        assertThat(pair.ids()).as(first + " / " + second).isEqualTo(theirs.ids(first, second));
        assertThat(pair.typeIds())
            .as(first + " / " + second)
            .isEqualTo(theirs.typeIds(first, second));
        assertThat(pair.truncated()).isEqualTo(whole.ids(first, second).length > limit);
      }
    }
  }

  private static String template(String... pair) {
    return """
    {"type": "TemplateProcessing",
      "single": [%s, %s, %s],
      "pair": [%s, PAIR_END],
      "special_tokens": {
        "[CLS]": {"id": "[CLS]", "ids": [1, 9], "tokens": ["[CLS]", "un"]},
        "[SEP]": {"id": "[SEP]", "ids": [2], "tokens": ["[SEP]"]}}}"""
        .formatted(special("[CLS]", 0), text("A", 0), special("[SEP]", 0), String.join(", ", pair));
  }

  private static String special(String id, int type) {
    return "{\"SpecialToken\": {\"id\": \"%s\", \"type_id\": %d}}".formatted(id, type);
  }

  private static String text(String id, int type) {
    return "{\"Sequence\": {\"id\": \"%s\", \"type_id\": %d}}".formatted(id, type);
  }
}
