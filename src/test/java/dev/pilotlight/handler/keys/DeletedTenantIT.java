package dev.pilotlight.handler.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.access.ClientRows;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.Metrics;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.model.OnnxModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tenant that is deleted and made again, and a table that is away, as callers see them.
final class DeletedTenantIT {
  private static final byte[] BODY =
      "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[7]}]}"
          .getBytes(StandardCharsets.UTF_8);

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private static Between between;

  @SuppressWarnings("NullAway.Init")
  private static ClientRows rows;

  @BeforeAll
  static void start() throws IOException {
    var _ = new TestModels(root).with("identity", OnnxModels.identity(Datatype.FP32, "n"));
    dynamo = DynamoLocal.start(0);
    between = new Between(dynamo.endpoint());
    dynamo.createTable("pilotlight-results", "pk", "expires_at");
    rows = new ClientRows(dynamo);
  }

  @AfterAll
  static void stop() {
    rows.close();
    between.close();
    dynamo.close();
  }

  @Test
  void theNextTenantOfTheNameFindsNothing() {
    rows.tenant("acme", 0);
    String before = rows.key("acme");
    String id;
    try (Harness function = function()) {
      Reply first = infer(function, before);
      assertThat(first.status()).as(first.text()).isEqualTo(200);
      assertThat(infer(function, before).header("cache-status")).contains("hit");
      id = first.json().at("/parameters/result_ids").asText();
      assertThat(result(function, id, before).status()).isEqualTo(200);
    }
    rows.delete("acme", 1);
    try (Harness function = function()) {
      assertThat(infer(function, before).status()).isEqualTo(401);
      rows.tenant("acme", 1);
      String after = rows.key("acme");
      assertThat(result(function, id, after).status()).isEqualTo(404);
      Reply again = infer(function, after);
      assertThat(again.header("cache-status")).contains("fwd=miss");
      assertThat(again.json().at("/parameters/result_ids").asText()).isNotEqualTo(id);
    }
  }

  @Test
  void withoutTheTableRequestsAreRefusedForNowInEachProtocolsForm() {
    rows.tenant("ada", 0);
    String key = rows.key("ada");
    try (Harness function = function()) {
      assertThat(infer(function, key).status()).isEqualTo(200);
      between.rule(
          call ->
              call.body().contains("\"clients\"")
                  ? new Between.Fate.Fail(500, "{}")
                  : new Between.Fate.Pass());
      assertThat(infer(function, key).status()).as("known").isEqualTo(200);
      for (String path : List.of("/v1/embeddings", "/v2/models/identity/infer", "/rerank")) {
        Reply reply = function.send("POST", path, bearer(rows.key("ada")), BODY);
        assertThat(reply.status()).as(path).isEqualTo(503);
        assertThat(reply.header("retry-after")).isEqualTo("1");
        assertThat(reply.json().has("error")).isTrue();
      }
      assertThat(function.send("GET", "/v2/health/live", Map.of(), new byte[0]).status())
          .isEqualTo(200);
    } finally {
      between.rule(_ -> new Between.Fate.Pass());
    }
  }

  @Test
  void aProvisionedEnvironmentRehearsesAndReadsTheTableOnceBefore() {
    between.forgetCalls();
    Metrics metrics = new Metrics();
    try (Harness _ =
        new Harness(
            metrics, settings(), "AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency")) {
      assertThat(
              between.calls().stream().filter(call -> call.body().contains("\"clients\"")).count())
          .isEqualTo(1);
      assertThat(metrics.lines()).noneMatch(line -> line.contains("rehearsal before"));
    }
  }

  private static Harness function() {
    return new Harness(new Metrics(), settings());
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("PILOTLIGHT_MODELS", root.toString());
    settings.put("PILOTLIGHT_STORE", "required");
    settings.put("PILOTLIGHT_AUTH", "keys");
    settings.put("PILOTLIGHT_TENANT_FROM", "key");
    settings.put("PILOTLIGHT_CLIENTS_TABLE", ClientRows.TABLE);
    settings.put("AWS_ENDPOINT_URL_DYNAMODB", between.endpoint().toString());
    settings.put("AWS_REGION", "eu-west-1");
    settings.put("AWS_ACCESS_KEY_ID", "local");
    settings.put("AWS_SECRET_ACCESS_KEY", "local");
    return settings;
  }

  private static Reply infer(Harness function, String key) {
    return function.send("POST", "/v2/models/identity/infer", bearer(key), BODY);
  }

  private static Reply result(Harness function, String id, String key) {
    return function.send("GET", "/v1/results/" + id, bearer(key), new byte[0]);
  }

  private static Map<String, String> bearer(String key) {
    return Map.of("authorization", "Bearer " + key, "content-type", "application/json");
  }
}
