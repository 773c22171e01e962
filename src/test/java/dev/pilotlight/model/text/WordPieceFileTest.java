package dev.pilotlight.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.model.SmallTokenizer;
import dev.pilotlight.wordpiece.Library;
import dev.pilotlight.wordpiece.RandomTexts;
import dev.pilotlight.wordpiece.WordPiece;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A file is read as the tokenizers library reads it, or left to the library.
final class WordPieceFileTest {
  private static final List<String> TEXTS =
      List.of(
          "",
          "hello [SEP] Hello[MASK].",
          " [MASK] \u3000[SEP] a",
          "unhelloing \"\\\u00fc \u6f22\uD83D\uDE00",
          "[mask][MASK][MASK]  [SEP]x",
          "HELP Helphelp h\u00e9lp",
          "abcdefghijklmnopqrstuvwxyz");

  private static final int PAIRS = 100;

  @TempDir private Path directory;

  @Test
  void theSmallFileHasTheLibrarysIds() throws IOException {
    assertSame(SmallTokenizer.JSON);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"strip_accents\": null'            | '\"strip_accents\": false'",
        "'\"lowercase\": true'                | '\"lowercase\": false'",
        "'\"max_input_chars_per_word\": 100'  | '\"max_input_chars_per_word\": 5'",
        "'\"continuing_subword_prefix\": \"##\"' | '\"continuing_subword_prefix\": \"\"'",
        "'\"continuing_subword_prefix\": \"##\"' | '\"continuing_subword_prefix\": \"un\"'",
        "'\"unk_token\": \"[UNK]\"'           | '\"unk_token\": \".\"'",
        "'\".\": 12'                          | '\".\": 12, \".\": 500'",
        "'\".\": 12'                          | '\"\\u002e\\/\\n\\ud83d\\ude01\": 12'",
        "'\"decoder\": {\"type\": \"WordPiece\", \"prefix\": \"##\", \"cleanup\": true}'"
            + "| '\"decoder\": null'",
        "'\"lstrip\": false'                  | '\"lstrip\": true'",
        "'\"rstrip\": false'                  | '\"rstrip\": true'",
        "'\"normalized\": false'              | '\"normalized\": true'",
        "'[MASK]'                             | 'Help'",
        "'\"type_id\": 0'                     | '\"type_id\": 3'",
        "'\"ids\": [1], \"tokens\": [\"[CLS]\"]'"
            + "| '\"ids\": [1, 9], \"tokens\": [\"[CLS]\", \"un\"]'",
      })
  void fileOfTheSameKindHasTheLibrarysIds(String part, String other) throws IOException {
    assertThat(SmallTokenizer.JSON).contains(part);
    assertSame(SmallTokenizer.JSON.replace(part, other));
  }

  @Test
  void normalisedAddedTokenHasTheLibrarysIds() throws IOException {
    assertSame(
        SmallTokenizer.JSON
            .replace("[MASK]", "Help")
            .replace("\"normalized\": false", "\"normalized\": true"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null",
        "{\"type\": \"BertProcessing\", \"sep\": [\"[SEP]\", 2], \"cls\": [\"[CLS]\", 1]}",
        "{\"type\": \"RobertaProcessing\", \"sep\": [\"[SEP]\", 2], \"cls\": [\"[CLS]\", 1],"
            + " \"trim_offsets\": true, \"add_prefix_space\": false}",
      })
  void otherSpecialTokensHaveTheLibrarysIds(String processor) throws IOException {
    assertSame(SmallTokenizer.JSON.replace(SmallTokenizer.TEMPLATE, processor));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"version\": \"1.0\"'     | '\"version\": \"2.0\"'",
        "'\"truncation\": null'     | '\"truncation\": null, \"more\": 1'",
        "'\"BertNormalizer\"'       | '\"Lowercase\"'",
        "'\"BertPreTokenizer\"'     | '\"Whitespace\"'",
        "'\"cleanup\": true'        | '\"cleanup\": 1'",
        "'\"WordPiece\", \"unk'     | '\"Unigram\", \"unk'",
        "'\"unk_token\": \"[UNK]\"' | '\"unk_token\": \"none\"'",
        "'\"lowercase\": true'      | '\"lowercase\": null'",
        "'\"single_word\": false'   | '\"single_word\": true'",
        "'\"id\": 3,'               | '\"id\": 4,'",
        "'\"id\": 3,'               | '\"id\": 2,'",
        "'\"[MASK]\": 3,'           | ''",
        "'\"content\": \"[MASK]\"'  | '\"content\": \"\"'",
        "'\"id\": \"A\"'            | '\"id\": \"B\"'",
        "'\"id\": \"B\"'            | '\"id\": \"C\"'",
        "'\".\": 12'                | '\".\": -12'",
        "'\".\": 12'                | '\".\": 1.5'",
        "'\".\": 12'                | '\".\": 12345678901'",
        "'\".\": 12'                | '\".\": \"12\"'",
        "'\".\": 12'                | '\"\\ud83d\": 12'",
        "'\".\": 12'                | '\"\\x\": 12'",
        "'\"single\": ['            | '\"single\": [{\"Sequence\": {\"id\": \"A\"}},'",
        "'{\"version\"'             | '\ufeff{\"version\"'",
      })
  void fileOfAnotherKindIsLeftToTheLibrary(String part, String other) throws IOException {
    assertThat(SmallTokenizer.JSON).contains(part);
    assertThat(read(bytes(SmallTokenizer.JSON.replace(part, other)))).isEmpty();
  }

  /// An embedding model may never need its file's form for two texts.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"id\": \"B\"'            | '\"id\": \"A\"'",
        "', {\"Sequence\": {\"id\": \"B\", \"type_id\": 1}}]' | ']'",
        "'\"type_id\": 1}}],'      | '\"type_id\": 1}}, {\"Sequence\": {\"id\": \"B\","
            + " \"type_id\": 1}}],'",
      })
  void pairWithoutBothTextsOnceIsRefusedAndSingleTextsAreRead(String part, String other)
      throws IOException {
    assertThat(SmallTokenizer.JSON).contains(part);
    String json = SmallTokenizer.JSON.replace(part, other);
    WordPiece ours = read(bytes(json)).orElseThrow();

    assertSameTexts(ours, json, TEXTS);
    TextEncoder encoder = new TextEncoder.OwnWordPiece(ours);
    assertThatThrownBy(() -> encoder.encode("hello", "a"))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Reason.INVALID))
        .hasMessageContaining("does not put both texts into a pair once; accepted: one text");
  }

  /// Nothing is read that the library would not read, and nothing otherwise.
  @Test
  void aDamagedFileIsReadAsTheLibraryReadsItOrNotAtAll() throws IOException {
    Random random = new Random(7);
    byte[] whole = bytes(SmallTokenizer.JSON);
    int read = 0;
    for (int i = 0; i < 3_000; i++) {
      byte[] damaged = whole.clone();
      int at = random.nextInt(damaged.length);
      byte[] with = bytes("{}[]\":,\\ 09nat#\u00fc\u0000");
      damaged[at] = random.nextInt(4) == 0 ? (byte) random.nextInt() : with[at % with.length];
      if (random.nextInt(20) == 0) {
        damaged = Arrays.copyOf(damaged, at);
      }
      Optional<WordPiece> ours = read(damaged);
      if (ours.isPresent()) {
        read++;
        String text = new String(damaged, StandardCharsets.UTF_8);
        assertThat(bytes(text)).isEqualTo(damaged);
        assertSame(ours.get(), text, TEXTS);
      }
    }
    assertThat(read).isGreaterThan(100);
  }

  private void assertSame(String json) throws IOException {
    RandomTexts random = new RandomTexts(1);
    List<String> texts = new ArrayList<>(TEXTS);
    for (int i = 0; i < 500; i++) {
      texts.add(random.next());
    }
    assertSame(read(bytes(json)).orElseThrow(), json, texts);
  }

  private static void assertSameTexts(WordPiece ours, String json, List<String> texts) {
    try (Library theirs = new Library(json)) {
      for (String text : texts) {
        long[] ids = ours.ids(text);
        assertThat(ids).as(text).isEqualTo(theirs.ids(text));
        assertThat(ours.typeIds(ids.length)).as(text).isEqualTo(theirs.typeIds(text));
      }
    }
  }

  private static void assertSame(WordPiece ours, String json, List<String> texts) {
    assertSameTexts(ours, json, texts);
    try (Library theirs = new Library(json)) {
      TextEncoder encoder = new TextEncoder.OwnWordPiece(ours);
      for (int i = 1; i < Math.min(texts.size(), PAIRS); i++) {
        String first = texts.get(i - 1);
        String second = texts.get(i);
        TokenIds pair = encoder.encode(first, second).whole();
        assertThat(pair.ids()).as(first + second).isEqualTo(theirs.ids(first, second));
        assertThat(pair.typeIds()).as(first + second).isEqualTo(theirs.typeIds(first, second));
      }
    }
  }

  private Optional<WordPiece> read(byte[] json) throws IOException {
    return WordPieceFile.read(
            Files.write(directory.resolve("tokenizer.json"), json), Optional.empty(), false)
        .map(WordPieceFile.Read::wordPiece);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
