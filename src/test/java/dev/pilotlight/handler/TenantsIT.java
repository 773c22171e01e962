package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.suite.leaks.Planted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Callers that the authorizer distinguishes do not see each other's results.
final class TenantsIT {
  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private static Harness function;

  @BeforeAll
  static void start() {
    dynamo = DynamoLocal.start(0);
    dynamo.createTable("pilotlight-results", "pk", "expires_at");
    function =
        new Harness(
            "PILOTLIGHT_TENANT_FROM", "claim:sub",
            "PILOTLIGHT_STORE", "required",
            "AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString(),
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", Planted.PASSWORD);
  }

  @AfterAll
  static void stop() {
    function.close();
    dynamo.close();
  }

  @Test
  void theSameTextIsRunForEachAndHasAnIdForEach() throws IOException {
    Reply ada = embed("shared", jwt("ada"));
    Reply bob = embed("shared", jwt("bob"));

    assertThat(ada.header("cache-status")).doesNotContain("hit");
    assertThat(bob.header("cache-status")).doesNotContain("hit");
    assertThat(embed("shared", jwt("ada")).header("cache-status")).contains("hit");
    assertThat(new String[] {id(ada), id(bob)}).doesNotHaveDuplicates();
    assertThat(vector(ada)).isEqualTo(vector(bob));
  }

  @Test
  void aStoredResultExistsOnlyForItsTenant() throws IOException {
    String path = "/v1/results/" + id(embed("secret", jwt("ada")));

    assertThat(get(path, jwt("ada")).status()).isEqualTo(200);
    Reply bob = get(path, jwt("bob"));
    assertThat(bob.status()).isEqualTo(404);
    assertThat(get(path, "{}").status()).isEqualTo(403);
    assertThat(get(path, "{\"lambda\":{\"sub\":\"ad\"}}").status()).isEqualTo(404);
    // word for word as if it did not exist
    String unknown = "A".repeat(43);
    Reply absent = get("/v1/results/" + unknown, jwt("bob"));
    assertThat(bob.text().replace(path.substring(path.lastIndexOf('/') + 1), unknown))
        .isEqualTo(absent.text());
  }

  @Test
  void authorizerWithoutCallerIsRefused() throws IOException {
    Reply reply = embed("refused", "{\"jwt\":{\"claims\":{\"iss\":\"https://issuer\"}}}");

    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.text()).contains("'sub'");
  }

  private static String jwt(String subject) {
    return "{\"jwt\":{\"claims\":{\"sub\":\"%s\"}}}".formatted(subject);
  }

  private static String id(Reply reply) {
    return reply.json().at("/data/0/id").asText();
  }

  private static JsonNode vector(Reply reply) {
    JsonNode vector = reply.json().at("/data/0/embedding");
    assertThat(vector.size()).isEqualTo(384);
    return vector;
  }

  private static Reply embed(String text, String authorizer) throws IOException {
    String body = "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(TestModels.SAMPLE, text);
    return send(TestRequest.post("/v1/embeddings", body), authorizer);
  }

  private static Reply get(String path, String authorizer) throws IOException {
    return send(TestRequest.of("GET", path), authorizer);
  }

  /// @param authorizer what API Gateway adds to the request; empty without one
  private static Reply send(TestRequest request, String authorizer) throws IOException {
    ObjectNode event = (ObjectNode) Harness.JSON.readTree(request.event());
    ((ObjectNode) event.get("requestContext")).set("authorizer", Harness.JSON.readTree(authorizer));
    return function.send(event.toString().getBytes(StandardCharsets.UTF_8));
  }
}
