package dev.pilotlight.bench.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TextsTest {
  private final Texts texts = new Texts();

  @ParameterizedTest
  @ValueSource(ints = {8, 12, 128})
  void noTextComesTwiceAndEachHasItsNumberOfTokens(int tokens) throws IOException {
    Set<String> seen = new HashSet<>();
    try (RawModel model = RawModel.original(Path.of("models/all-minilm-l6-v2/1"))) {
      for (int i = 0; i < 500; i++) {
        String text = texts.next(tokens);
        assertThat(seen.add(text)).isTrue();
        assertThat(model.tokens(text)).hasSize(tokens);
      }
    }
  }
}
