package dev.pilotlight.handler.keys;

import dev.pilotlight.access.ClientRows;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.Metrics;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.suite.leaks.Planted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Tests of functions with API keys, tables of results and clients, and the model `identity`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FunctionWithKeys {
  static final byte[] BODY =
      "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[7]}]}"
          .getBytes(StandardCharsets.UTF_8);

  private final Map<String, String> settings = new HashMap<>();

  @SuppressWarnings("NullAway.Init")
  private DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  Between between;

  @SuppressWarnings("NullAway.Init")
  ClientRows rows;

  @BeforeAll
  void start(@TempDir Path root) throws IOException {
    var _ = new TestModels(root).with("identity", OnnxModels.identity(Datatype.FP32, "n"));
    dynamo = DynamoLocal.start(0);
    between = new Between(dynamo.endpoint());
    dynamo.createTable("pilotlight-results", "pk", "expires_at");
    rows = new ClientRows(dynamo);
    settings.put("PILOTLIGHT_MODELS", root.toString());
    settings.put("PILOTLIGHT_STORE", "required");
    settings.put("PILOTLIGHT_AUTH", "keys");
    settings.put("PILOTLIGHT_TENANT_FROM", "key");
    settings.put("PILOTLIGHT_CLIENTS_TABLE", ClientRows.TABLE);
    settings.put("AWS_ENDPOINT_URL_DYNAMODB", between.endpoint().toString());
    settings.put("AWS_REGION", "eu-west-1");
    settings.put("AWS_ACCESS_KEY_ID", "local");
    settings.put("AWS_SECRET_ACCESS_KEY", Planted.PASSWORD);
  }

  @AfterAll
  void stop() {
    rows.close();
    between.close();
    dynamo.close();
  }

  /// Starts a function; the caller closes it.
  ///
  /// @param more settings and their values
  Harness function(Metrics metrics, String... more) {
    return new Harness(metrics, settings, more);
  }

  /// Runs the model.
  ///
  /// @param more headers besides the key's
  static Reply infer(Harness function, String key, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(bearer(key));
    headers.putAll(more);
    return function.send("POST", "/v2/models/identity/infer", headers, BODY);
  }

  static Map<String, String> bearer(String key) {
    return Map.of("authorization", "Bearer " + key, "content-type", "application/json");
  }
}
