package dev.pilotlight.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.model.Model;
import dev.pilotlight.model.SmallTokenizer;
import dev.pilotlight.model.TextModels;
import dev.pilotlight.model.repository.Repositories;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `do_lower_case` of a sentence config.
final class LowerCasingTest {
  private static final Path UNCASED = Repositories.SAMPLE.resolve("tokenizer.json");
  private static final String LOWERCASE = "\"normalizers\": [{\"type\": \"Lowercase\"}";

  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"version\": \"1.0\", \"normalizer\": null, \"model\": {}} | {\"version\": \"1.0\","
            + " \"normalizer\": {\"type\": \"Sequence\", \"normalizers\":"
            + " [{\"type\": \"Lowercase\"}]}, \"model\": {}}",
        "{\"model\": {}} | {\"normalizer\": {\"type\": \"Sequence\", \"normalizers\":"
            + " [{\"type\": \"Lowercase\"}]},\"model\": {}}",
        "{\"normalizer\": {\"type\": \"NFC\"}} | {\"normalizer\": {\"type\": \"Sequence\","
            + " \"normalizers\": [{\"type\": \"Lowercase\"}, {\"type\": \"NFC\"}]}}",
      })
  void normaliserIsPutFirst(String file, String changed) {
    assertThat(LowerCasing.first(file)).contains(changed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\": \"Lowercase\"}",
        "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFC\"},"
            + " {\"type\": \"Lowercase\"}]}",
        "{\"type\": \"BertNormalizer\", \"lowercase\": true}",
      })
  void fileThatLowerCasesIsLeftAlone(String normalizer) {
    assertThat(LowerCasing.first("{\"normalizer\": %s}".formatted(normalizer))).isEmpty();
  }

  @Test
  void casedTokenizerLowerCasesTextButNotSpecialTokens() throws IOException {
    Path file = root.resolve("tokenizer.json");
    Files.writeString(
        file, SmallTokenizer.JSON.replace("\"lowercase\": true", "\"lowercase\": false"));

    assertThat(ids(file, false, "Hello [MASK] A")).containsExactly(1, 13, 3, 0, 2);
    assertThat(ids(file, true, "Hello [MASK] A")).containsExactly(1, 4, 3, 2 * 'a', 2);
  }

  /// The lower-casing `BertNormalizer` is not changed, because this is so.
  @Test
  void lowerCaseFirstChangesNoTokenOfAnUncasedTokenizer() throws IOException {
    String json = Files.readString(UNCASED);
    LibraryEncoder plain = LibraryEncoder.of(json);
    LibraryEncoder lowered =
        LibraryEncoder.of(
            json.replaceFirst(
                "\"normalizer\":\\s*(\\{[^}]*\\})",
                "\"normalizer\": {\"type\": \"Sequence\", " + LOWERCASE + ", $1]}"));
    for (int from = 0; from <= Character.MAX_CODE_POINT; from += 512) {
      StringBuilder text = new StringBuilder();
      for (int code = from; code < from + 512; code++) {
        if (Soak.isOn() ? isText(code) : isText(code) && isChanged(code)) {
          text.append("e").appendCodePoint(code).append("A ").appendCodePoint(code).append(' ');
        }
      }
      assertThat(lowered.encode(text.toString()).ids())
          .as("from U+%04X", from)
          .isEqualTo(plain.encode(text.toString()).ids());
    }
    plain.close();
    lowered.close();
  }

  private static boolean isText(int code) {
    return Character.isDefined(code) && Character.getType(code) != Character.SURROGATE;
  }

  /// Whether letter case or decomposition changes a character, or it is a mark.
  private static boolean isChanged(int code) {
    return Character.toLowerCase(code) != code
        || Character.getType(code) == Character.NON_SPACING_MARK
        || (!Character.UnicodeScript.of(code).equals(Character.UnicodeScript.HANGUL)
            && !Normalizer.isNormalized(Character.toString(code), Normalizer.Form.NFD));
  }

  @Test
  void sentenceConfigAsksForIt() {
    try (TextModels models = new TextModels(root)) {
      Path folder = models.hidden();
      Repositories.write(
          folder.resolve("tokenizer.json"),
          SmallTokenizer.JSON.replace("\"lowercase\": true", "\"lowercase\": false"));
      Repositories.write(folder.resolve("pilotlight.json"), "{\"pooling\": \"max\"}");
      float[] cased = TextModels.embedding(models.load(), "Hello");
      float[] lower = TextModels.embedding(models.load(), "hello");

      Repositories.write(
          folder.resolve("sentence_roberta_config.json"),
          "{\"max_seq_length\": 16, \"do_lower_case\": true}");
      Model model = models.load();

      assertThat(TextModels.embedding(model, "HELLO")).isEqualTo(lower).isNotEqualTo(cased);
      assertThat(TextModels.fact(model, "lower_case").source())
          .isEqualTo("sentence_roberta_config.json");
    }
  }

  private static long[] ids(Path file, boolean lowersCase, String text) {
    try (Tokenizer tokenizer = Tokenizer.open(file, new TextOptions(16, lowersCase, false))) {
      return tokenizer.encode(text, false).ids();
    }
  }
}
