package dev.pilotlight.cli.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.access.ApiKey;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class KeyIdsTest {
  @Test
  void idIsNeverLikeAnOption() {
    for (int i = 0; i < 2_000; i++) {
      String text = KeyRows.text("ada");
      assertThat(Objects.requireNonNull(ApiKey.parse(text)).id()).doesNotStartWith("-");
    }
  }
}
