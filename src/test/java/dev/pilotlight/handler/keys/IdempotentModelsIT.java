package dev.pilotlight.handler.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.access.ClientRows;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.Metrics;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.model.OnnxModels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Answers that are kept for an `Idempotency-Key`, and callers with API keys.
final class IdempotentModelsIT {
  private static final byte[] BODY =
      "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[7]}]}"
          .getBytes(StandardCharsets.UTF_8);

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private static ClientRows rows;

  @SuppressWarnings("NullAway.Init")
  private static Harness function;

  @BeforeAll
  static void start() {
    var _ = new TestModels(root).with("identity", OnnxModels.identity(Datatype.FP32, "n"));
    dynamo = DynamoLocal.start(0);
    dynamo.createTable("pilotlight-results", "pk", "expires_at");
    rows = new ClientRows(dynamo);
    Map<String, String> settings = new HashMap<>();
    settings.put("PILOTLIGHT_MODELS", root.toString());
    settings.put("PILOTLIGHT_STORE", "required");
    settings.put("PILOTLIGHT_AUTH", "keys");
    settings.put("PILOTLIGHT_TENANT_FROM", "key");
    settings.put("PILOTLIGHT_CLIENTS_TABLE", ClientRows.TABLE);
    settings.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
    settings.put("AWS_REGION", "eu-west-1");
    settings.put("AWS_ACCESS_KEY_ID", "local");
    settings.put("AWS_SECRET_ACCESS_KEY", "local");
    function = new Harness(new Metrics(), settings);
  }

  @AfterAll
  static void stop() {
    function.close();
    rows.close();
    dynamo.close();
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

  private static Reply infer(String key, String idempotencyKey) {
    Map<String, String> headers =
        Map.of(
            "authorization",
            "Bearer " + key,
            "content-type",
            "application/json",
            "idempotency-key",
            idempotencyKey);
    return function.send("POST", "/v2/models/identity/infer", headers, BODY);
  }
}
