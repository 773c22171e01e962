package dev.pilotlight.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.golden.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Token ids are those of an independent implementation, one by one, whichever of ours makes them.
@ParameterizedClass
@EnumSource
final class TokenizerGoldenTest {
  private static final Path FILE = Path.of("models", Golden.INT8, "1", "tokenizer.json");
  private static final int TOKENS_MAX = 256;

  private final Tokenizer tokenizer;

  TokenizerGoldenTest(Encoder encoder) {
    tokenizer = Tokenizer.of(encoder.open(FILE), TOKENS_MAX, false);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  static List<Golden> texts() throws IOException {
    return Golden.stored(Golden.INT8);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void theTokenIdsAreThoseOfTheReference(Golden golden) {
    TokenIds tokens = tokenizer.encode(golden.text(), golden.over());
    assertThat(Arrays.stream(tokens.ids()).mapToInt(Math::toIntExact).toArray())
        .isEqualTo(golden.idArray());
    assertThat(tokens.typeIds()).hasSameSizeAs(tokens.ids()).containsOnly(0);
  }
}
