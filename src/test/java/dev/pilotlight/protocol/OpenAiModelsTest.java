package dev.pilotlight.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenAiModelsTest {
  private static final Instant CREATED = Instant.ofEpochSecond(1_700_000_000, 5);
  private static final String MODEL =
      "{\"id\":\"%s\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"pilotlight\"}";

  @Test
  void modelsAreListedInOrder() {
    HttpResponse response = OpenAiModels.list(List.of("b", "a"), CREATED);
    assertThat(new String(response.body(), UTF_8))
        .isEqualTo(
            "{\"object\":\"list\",\"data\":[%s,%s]}"
                .formatted(MODEL.formatted("b"), MODEL.formatted("a")));
  }

  @Test
  void noModelsAreAnEmptyList() {
    assertThat(new String(OpenAiModels.list(List.of(), CREATED).body(), UTF_8))
        .isEqualTo("{\"object\":\"list\",\"data\":[]}");
  }

  @Test
  void oneModelIsAnObject() {
    HttpResponse response = OpenAiModels.one("m", CREATED);
    assertThat(response.status()).isEqualTo(200);
    assertThat(new String(response.body(), UTF_8)).isEqualTo(MODEL.formatted("m"));
  }
}
