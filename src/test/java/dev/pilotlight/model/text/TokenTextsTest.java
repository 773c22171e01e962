package dev.pilotlight.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.text.TokenCoder.Token;
import dev.pilotlight.model.SmallTokenizer;
import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens with their places, and ids as text, for tokenizers of several kinds.
final class TokenTextsTest {
  private static final String FORM =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens":
        [{"id": 9, "content": "<x>", "single_word": false, "lstrip": false, "rstrip": false,
          "normalized": false, "special": true}],
       "normalizer": null, "pre_tokenizer": %s, "post_processor": %s, "decoder": %s, "model": %s}
      """;
  private static final String METASPACE =
      "{\"type\": \"Metaspace\", \"replacement\": \"\u2581\", \"prepend_scheme\": \"always\","
          + " \"split\": true}";
  private static final String BYTE_LEVEL =
      "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true,"
          + " \"use_regex\": true}";

  /// `\u2581` begins a word.
  private static final String UNIGRAM =
      FORM.formatted(
          METASPACE,
          template(0),
          METASPACE,
          """
          {"type": "Unigram", "unk_id": 1, "byte_fallback": false, "vocab": [["<pad>", 0.0],
            ["<unk>", 0.0], ["<s>", 0.0], ["</s>", 0.0], ["\u2581hello", -1.0],
            ["\u2581w\u00f6rld", -1.5], ["\u2581", -3.0]]}""");

  /// Each byte of a character outside ASCII is a token.
  private static final String BPE =
      FORM.formatted(
          BYTE_LEVEL,
          "null",
          BYTE_LEVEL,
          """
          {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
           "end_of_word_suffix": "", "fuse_unk": false, "vocab": {"h": 0, "i": 1, "hi": 2,
             "\u0120": 3, "\u00f0": 4, "\u0141": 5, "\u012f": 6, "\u0122": 7},
           "merges": ["h i"]}""");

  private static final OptionalInt NONE = OptionalInt.empty();

  @TempDir private Path root;
  private @Nullable Tokenizer tokenizer;

  private static String template(int type) {
    return """
        {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
          {"Sequence": {"id": "A", "type_id": %d}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [2], "tokens": ["<s>"]},
           "</s>": {"id": "</s>", "ids": [3], "tokens": ["</s>"]}}}"""
        .formatted(type);
  }

  @AfterEach
  void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }

  private Tokenizer open(String json) throws IOException {
    Path file = root.resolve("tokenizer.json");
    Files.writeString(file, json);
    tokenizer = Tokenizer.open(file, new TextOptions(8, false, false));
    return tokenizer;
  }

  private static String shown(List<Token> tokens) {
    return tokens.stream()
        .map(t -> t.id() + (t.special() ? "*" : "") + t.text() + "@" + t.start() + "-" + t.stop())
        .collect(Collectors.joining(" "));
  }

  @Test
  void unigramCountsItsTokensFromZero() throws IOException {
    Tokenizer unigram = open(UNIGRAM);

    assertThat(shown(unigram.tokens("hello w\u00f6rld", true)))
        .isEqualTo("2*<s>@0-0 4hello@0-5 5 w\u00f6rld@5-12 3*</s>@0-0");
    assertThat(unigram.decode(new int[] {2, 4, 5, 3}, false)).contains("hello w\u00f6rld");
    assertThat(unigram.decode(new int[] {6, 9}, true)).doesNotContain("<x>");
    assertThatThrownBy(() -> unigram.decode(new int[] {7}, true))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("token id 7 is not in the tokenizer's vocabulary; its largest is 9");
  }

  /// An emoji of four bytes, of which each is one token: all have the character's place.
  @Test
  void tokensOfOneCharactersBytesShareItsPlace() throws IOException {
    Tokenizer bytes = open(BPE);

    assertThat(shown(bytes.tokens("hi \uD83C\uDF40", false)))
        .isEqualTo(
            "2hi@0-2 3 @2-3 4\uD83C\uDF40@3-7 5\uD83C\uDF40@3-7 6\uD83C\uDF40@3-7"
                + " 7\uD83C\uDF40@3-7");
    assertThat(bytes.decode(new int[] {2, 3, 4, 5, 6, 7}, true)).isEqualTo("hi \uD83C\uDF40");
    assertThat(bytes.bareIds("hi hi")).containsExactly(2, 3, 2);
  }

  @Test
  void ownWordPieceOpensTheLibraryOnlyForTexts() throws IOException {
    Tokenizer small = open(SmallTokenizer.JSON);

    assertThat(shown(small.tokens("Hello \u6f22[SEP]", true)))
        .isEqualTo("1*[CLS]@0-0 4Hello@0-5 5\u6f22@6-9 2[SEP]@9-14 2*[SEP]@0-0");
    assertThat(small.decode(new int[] {1, 4, 2}, false)).contains("hello", "[SEP]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTextWithinTheLimitIsNotTruncated(boolean keepsEnd) throws IOException {
    assertThat(open(SmallTokenizer.JSON).truncated("hello .", keepsEnd)).isEmpty();
  }

  @Test
  void aLongTextLosesTokensOnTheChosenSide() throws IOException {
    Tokenizer small = open(SmallTokenizer.JSON);
    String text = "hello . \" \u6f22 un . . . hello";

    assertThat(small.truncated(text, false).orElseThrow())
        .containsExactly(1, 4, 12, 6, 5, 9, 12, 2);
    assertThat(small.truncated(text, true).orElseThrow())
        .containsExactly(1, 5, 9, 12, 12, 12, 4, 2);
  }

  /// Ids alone would run with type 0.
  @Test
  void tokensWithATypeAreNotGivenAsIds() throws IOException {
    Tokenizer typed = open(FORM.formatted(METASPACE, template(1), METASPACE, vocabulary()));
    assertThatThrownBy(() -> typed.bareIds("hello"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("gives tokens a type");
    assertThatThrownBy(() -> typed.truncated("hello ".repeat(20), true))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("gives tokens a type");
  }

  /// The unknown token would be the answer about each of them.
  @Test
  void aNameThatTheVocabularyLacksHasNoId() throws IOException {
    List<String> names = List.of("hello", "[UNK]", "HELLO", "\u2603", "un hello");
    assertThat(open(SmallTokenizer.JSON).tokenIds(names))
        .containsExactly(id(4), id(0), id(4), NONE, NONE);
    close();
    assertThat(open(UNIGRAM).tokenIds(List.of("hello", "<unk>", "\u2581hello", "\u2603")))
        .containsExactly(id(4), id(1), id(4), NONE);
  }

  @Test
  void namesThatWereLookedForNeedNoFile() throws IOException {
    Tokenizer small = open(SmallTokenizer.JSON);
    OptionalInt[] ids = small.tokenIds(List.of("hello", "Hello", "two words"));
    Files.delete(root.resolve("tokenizer.json"));

    assertThat(small.tokenIds(List.of("two words", "Hello"))).containsExactly(ids[2], ids[1]);
    assertThatThrownBy(() -> small.tokenIds(List.of("hello", ".")))
        .isInstanceOfSatisfying(LoadFailure.class, e -> assertThat(e.passes()).isTrue());
  }

  private static OptionalInt id(int id) {
    return OptionalInt.of(id);
  }

  private static String vocabulary() {
    return """
        {"type": "Unigram", "unk_id": 1, "byte_fallback": false,
          "vocab": [["<pad>", 0.0], ["<unk>", 0.0], ["<s>", 0.0], ["</s>", 0.0],
            ["\u2581hello", -1.0]]}""";
  }

  /// Texts go by the loaded file, and its tokens must not be shown by another.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFileThatHasChangedIsAFailureThatMayPass(boolean isReplaced) throws IOException {
    Tokenizer small = open(SmallTokenizer.JSON);
    Path file = root.resolve("tokenizer.json");
    FileTime modified = Files.getLastModifiedTime(file);
    Path other = isReplaced ? root.resolve("other.json") : file;
    Files.writeString(other, SmallTokenizer.JSON.replace("hello", "jello"));
    if (isReplaced) {
      // of the same size and time
      Files.setLastModifiedTime(other, modified);
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.setLastModifiedTime(file, FileTime.fromMillis(modified.toMillis() + 1));
    }

    assertThat(small.encode("hello", false).ids()).containsExactly(1, 4, 2);
    assertThatThrownBy(() -> small.decode(new int[] {4}, false))
        .isInstanceOfSatisfying(LoadFailure.class, e -> assertThat(e.passes()).isTrue())
        .hasMessage("tokenizer.json has changed since the model was loaded");
  }

  @Test
  void aFileThatIsGoneIsAFailureThatMayPass() throws IOException {
    Tokenizer small = open(SmallTokenizer.JSON);
    Files.delete(root.resolve("tokenizer.json"));
    assertThat(small.encode("hello", false).ids()).containsExactly(1, 4, 2);
    assertThatThrownBy(() -> small.tokens("hello", true))
        .isInstanceOfSatisfying(LoadFailure.class, e -> assertThat(e.passes()).isTrue());
  }
}
