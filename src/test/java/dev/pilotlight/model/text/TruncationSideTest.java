package dev.pilotlight.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.pilotlight.domain.Fact;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TextModels;
import dev.pilotlight.model.repository.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Truncation that keeps the end of a text.
@ParameterizedClass
@EnumSource
final class TruncationSideTest {
  private static final Path FILE = Repositories.SAMPLE.resolve("tokenizer.json");
  private static final int LIMIT = 16;
  private static final String ENGLISH = "The quick brown fox jumps over the lazy dog, foxlike. ";

  @TempDir private Path root;
  private final Tokenizer tokenizer;

  TruncationSideTest(Encoder encoder) {
    tokenizer = Tokenizer.of(encoder.open(FILE), LIMIT, true);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 30, 4_000})
  void idsAreThoseOfTheLibraryWithTruncationOnTheLeft(int times) throws IOException {
    String text = ENGLISH.repeat(times) + "and the end";
    LibraryEncoder.open(FILE).close(); // loads the library
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long handle = library.createTokenizerFromString(leftTruncating());
    long encoding = library.encode(handle, text, true);

    TokenIds kept = tokenizer.encode(text, true);

    assertThat(kept.ids()).hasSize(LIMIT).isEqualTo(library.getTokenIds(encoding));
    assertThat(kept.typeIds()).isEqualTo(library.getTypeIds(encoding));
    library.deleteEncoding(encoding);
    library.deleteTokenizer(handle);
  }

  @Test
  void idsOfACallerKeepTheirSpecialTokens() {
    int[] ids = IntStream.concat(IntStream.of(101), IntStream.range(1000, 1050)).toArray();
    long[] kept = tokenizer.check(ids, 30_522, true).ids();

    assertThat(kept).hasSize(LIMIT).startsWith(101, 1035).endsWith(1048, 1049);
  }

  @Test
  void sideIsReadFromTheTokenizerConfig() {
    try (TextModels models = new TextModels(root)) {
      Path folder = models.hidden();
      Repositories.write(
          folder.resolve("tokenizer_config.json"),
          "{\"truncation_side\": \"left\", \"model_max_length\": 3}");
      Repositories.write(folder.resolve("pilotlight.json"), "{\"normalise\": false}");

      Model model = models.load();

      // [CLS] world [SEP]
      assertThat(TextModels.embedding(model, "hello world"))
          .containsExactly(mean(101, 2088, 102), within(1e-6f));
      assertThat(TextModels.fact(model, "truncation_side"))
          .isEqualTo(new Fact("truncation_side", "left", "tokenizer_config.json"));
    }
  }

  private static float[] mean(long... tokens) {
    double[] mean = new double[OnnxModels.EMBEDDING_SIZE];
    for (long token : tokens) {
      for (int place = 0; place < mean.length; place++) {
        mean[place] += OnnxModels.embedding(token, place) / (double) tokens.length;
      }
    }
    return TextModels.floats(mean);
  }

  private static String leftTruncating() throws IOException {
    return Files.readString(FILE)
        .replaceFirst(
            "\"truncation\":\\s*\\{[^}]*\\}",
            "\"truncation\": {\"direction\": \"Left\", \"max_length\": "
                + LIMIT
                + ", \"strategy\": \"LongestFirst\", \"stride\": 0}")
        .replaceFirst("\"padding\":\\s*\\{[^{}]*(\\{[^}]*\\})?[^}]*\\}", "\"padding\": null");
  }
}
