package dev.pilotlight.handler.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.Metrics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Answers that are kept for an `Idempotency-Key`, and callers with API keys.
final class IdempotentModelsIT extends FunctionWithKeys {
  @SuppressWarnings("NullAway.Init")
  private Harness function;

  @BeforeAll
  void startFunction() {
    function = function(new Metrics());
  }

  @AfterAll
  void stopFunction() {
    function.close();
  }

  @Test
  void keyWithoutTheModelDoesNotGetTheKeptAnswerOfItsTenant() {
    rows.tenant("ada", 0);
    String all = rows.key("ada");
    String other = rows.key("ada", Map.of("models", AttributeValue.fromSs(List.of("another"))));
    String same = rows.key("ada", Map.of("models", AttributeValue.fromSs(List.of("identity"))));
    assertThat(infer(all, "k-1").status()).isEqualTo(200);

    assertThat(infer(other, "k-1").status()).isEqualTo(403);
    assertThat(infer(same, "k-1").header("idempotent-replayed")).isEqualTo("true");
    assertThat(infer("pl_ada_nonsense", "k-1").status()).isEqualTo(401);
  }

  @Test
  void tenantsAndGenerationsDoNotShareKeys() {
    rows.tenant("bob", 0);
    rows.tenant("eve", 0);
    assertThat(infer(rows.key("bob"), "k-2").status()).isEqualTo(200);

    assertThat(infer(rows.key("eve"), "k-2").headers().has("idempotent-replayed")).isFalse();
    rows.tenant("bob", 1);
    assertThat(infer(rows.key("bob"), "k-2").headers().has("idempotent-replayed")).isFalse();
  }

  private Reply infer(String key, String idempotencyKey) {
    return infer(function, key, Map.of("idempotency-key", idempotencyKey));
  }
}
