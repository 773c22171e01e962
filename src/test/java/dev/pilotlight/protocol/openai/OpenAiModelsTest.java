package dev.pilotlight.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.protocol.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenAiModelsTest {
  private static final Instant CREATED = Instant.ofEpochSecond(1_700_000_000, 5);
  private static final String MODEL =
      "{\"id\":\"%s\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"pilotlight\"}";

  @Test
  void modelsAreListedInOrder() {
    HttpResponse response = OpenAiModels.list(List.of(entry("b"), entry("a")));
    assertThat(new String(response.body(), UTF_8))
        .isEqualTo(
            "{\"object\":\"list\",\"data\":[%s,%s]}"
                .formatted(MODEL.formatted("b"), MODEL.formatted("a")));
  }

  @Test
  void noModelsAreAnEmptyList() {
    assertThat(new String(OpenAiModels.list(List.of()).body(), UTF_8))
        .isEqualTo("{\"object\":\"list\",\"data\":[]}");
  }

  private static OpenAiModels.Entry entry(String name) {
    return new OpenAiModels.Entry(name, CREATED, Optional.empty());
  }

  @Test
  void oneModelIsAnObject() {
    HttpResponse response = OpenAiModels.one(entry("m"));
    assertThat(response.status()).isEqualTo(200);
    assertThat(new String(response.body(), UTF_8)).isEqualTo(MODEL.formatted("m"));
  }
}
