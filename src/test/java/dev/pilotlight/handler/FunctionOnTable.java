package dev.pilotlight.handler;

import dev.pilotlight.domain.tensor.Datatype;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The whole function with the model `identity` and a real table, whose calls [Between] may let
/// fail.
@ResourceLock("FunctionOnTable") // its subclasses share what is static here
abstract class FunctionOnTable {
  private static final String TABLE = "results";

  @TempDir private static Path models;

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  Between between;

  @BeforeAll
  static void start() {
    OnnxModels.identity(Datatype.FP32, "n").write(models.resolve("identity/1/model.onnx"));
    dynamo = DynamoLocal.start(0);
    dynamo.createTable(TABLE, "pk", "expires_at");
  }

  @AfterAll
  static void stop() {
    dynamo.close();
  }

  @BeforeEach
  void listen() throws IOException {
    between = new Between(dynamo.endpoint());
  }

  @AfterEach
  void stopListening() {
    between.close();
  }

  /// The variables of a function on the table; the caller adds its own.
  ///
  /// @param policy of the store
  Map<String, String> settings(String policy) {
    Map<String, String> settings = new HashMap<>();
    settings.put("PILOTLIGHT_STORE", policy);
    settings.put("PILOTLIGHT_TABLE", TABLE);
    settings.put("PILOTLIGHT_MODELS", models.toString());
    settings.put("AWS_ENDPOINT_URL_DYNAMODB", between.endpoint().toString());
    settings.put("AWS_REGION", "eu-west-1");
    settings.put("AWS_ACCESS_KEY_ID", "local");
    settings.put("AWS_SECRET_ACCESS_KEY", Planted.PASSWORD);
    return settings;
  }

  /// The variables of a function that answers before it stores.
  ///
  /// @param policy of the store
  Map<String, String> answeringFirst(String policy) {
    Map<String, String> settings = settings(policy);
    settings.put("PILOTLIGHT_ANSWER", "first");
    settings.put("PILOTLIGHT_STORE_ATTEMPT_MS", "2000");
    settings.put("PILOTLIGHT_STORE_READ_MS", "5000");
    return settings;
  }

  /// An event that asks for the identity of a value.
  static byte[] infer(int value) {
    var event = Harness.JSON.createObjectNode().put("version", "2.0");
    event.put("rawPath", "/v2/models/identity/infer").put("rawQueryString", "");
    event.put(
        "body",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[%d]}]}"
            .formatted(value));
    event.putObject("headers").put("content-type", "application/json");
    var context = event.putObject("requestContext").put("requestId", "r-1");
    context.putObject("http").put("method", "POST").put("path", "/v2/models/identity/infer");
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// The id of an answer's result.
  static String resultId(Harness.Reply answer) {
    return answer.json().at("/parameters/result_ids").asText();
  }

  /// Asks for an answer's result by its id.
  static Harness.Reply result(Harness function, Harness.Reply answer) {
    return function.send("GET", "/v1/results/" + resultId(answer), Map.of(), new byte[0]);
  }
}
