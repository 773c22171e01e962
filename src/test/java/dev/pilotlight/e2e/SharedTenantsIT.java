package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// Callers of the API and batches by one rule for tenants: with the template's default values they
/// share all results; by other rules each sees its own, and a 404 tells nothing of others'.
@Timeout(120)
class SharedTenantsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IN = "pilotlight-in";
  private static final String OUT = "pilotlight-out";
  private static final String MODEL = "all-minilm-l6-v2";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// A caller, as the IAM authorizer of an HTTP API describes it.
  private record Caller(String userArn, Optional<String> identityId) {
    static Caller role(String name, String session) {
      return new Caller(
          "arn:aws:sts::123456789012:assumed-role/" + name + "/" + session, Optional.empty());
    }

    static Caller cognito(String identityId) {
      return new Caller(role("Pool", "CognitoIdentityCredentials").userArn, Optional.of(identityId));
    }

    ObjectNode authorizer() {
      ObjectNode authorizer = JSON.createObjectNode();
      ObjectNode iam = authorizer.putObject("iam");
      iam.put("accessKey", "ASIAEXAMPLE").put("accountId", "123456789012").put("userId", "AROA:s");
      iam.put("callerId", "AROA:s").putNull("principalOrgId").put("userArn", userArn);
      identityId.ifPresentOrElse(
          id ->
              iam.putObject("cognitoIdentity")
                  .put("identityId", id)
                  .put("identityPoolId", "eu-west-1:pool")
                  .putArray("amr")
                  .add("authenticated"),
          () -> iam.putNull("cognitoIdentity"));
      return authorizer;
    }
  }

  /// A stack as the template makes it, its functions invoked as API Gateway does.
  private record Deployment(LocalStack stack, Client lambda, S3Client s3) implements AutoCloseable {
    static Deployment start(UnaryOperator<Options> more) {
      LocalStack stack = LocalStack.start(more.apply(Options.onFreePorts().withEnvironmentsMax(1)));
      return new Deployment(stack, new Client(stack.invokeUrl()), stack.s3().client());
    }

    JsonNode embed(Caller caller, String text) throws IOException {
      String body = "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(MODEL, text);
      JsonNode answer = send(caller.authorizer(), "POST", "/v1/embeddings", body);
      assertThat(answer.get("statusCode").asInt()).as(answer.toString()).isEqualTo(200);
      return answer;
    }

    JsonNode result(Caller caller, String id) throws IOException {
      return send(caller.authorizer(), "GET", "/v1/results/" + id, "");
    }

    JsonNode send(JsonNode authorizer, String method, String path, String body)
        throws IOException {
      ObjectNode event = JSON.createObjectNode().put("version", "2.0").put("rawPath", path);
      event.put("rawQueryString", "").put("isBase64Encoded", false).put("body", body);
      event.putObject("headers").put("content-type", "application/json");
      ObjectNode context = event.putObject("requestContext").put("stage", "$default");
      context.put("requestId", "r-1").putObject("http").put("method", method).put("path", path);
      context.set("authorizer", authorizer);
      return lambda
          .post(
              "/2015-03-31/functions/ApiFunction/invocations",
              event.toString().getBytes(StandardCharsets.UTF_8))
          .json();
    }

    List<JsonNode> batch(String key, String... texts) throws InterruptedException {
      s3.putObject(put -> put.bucket(IN).key(key), RequestBody.fromString(String.join("\n", texts)));
      assertThat(stack.awaitIdle(PATIENCE)).isTrue();
      return read(key + ".out.jsonl").orElseThrow().lines().map(SharedTenantsIT::parsed).toList();
    }

    int hits(String key) {
      return parsed(read(key + ".summary.json").orElseThrow()).at("/hits").asInt();
    }

    Optional<String> read(String key) {
      try {
        return Optional.of(s3.getObjectAsBytes(get -> get.bucket(OUT).key(key)).asUtf8String());
      } catch (NoSuchKeyException e) {
        return Optional.empty();
      }
    }

    @Override
    public void close() {
      s3.close();
      stack.close();
    }
  }

  @Test
  void withTheTemplatesDefaultsTheApiAndBatchesShareAllResults() throws Exception {
    try (Deployment stack = Deployment.start(options -> options)) {
      Caller ada = Caller.role("Client", "monday");
      Caller bob = Caller.role("Other", "tuesday");
      String fromApi = id(stack.embed(ada, "from the api"));

      List<JsonNode> lines = stack.batch("shared.txt", "from the api", "from a batch");

      assertThat(lines.get(0).get("result_id").asText()).isEqualTo(fromApi);
      assertThat(stack.hits("shared.txt")).isOne();
      JsonNode hit = stack.embed(bob, "from a batch");
      assertThat(header(hit, "cache-status")).contains("; hit;");
      String fromBatch = lines.get(1).get("result_id").asText();
      assertThat(id(hit)).isEqualTo(fromBatch);
      assertThat(header(stack.embed(bob, "from the api"), "cache-status")).contains("; hit;");
      for (String id : List.of(fromApi, fromBatch)) {
        for (Caller caller : List.of(ada, bob)) {
          assertThat(stack.result(caller, id).get("statusCode").asInt()).isEqualTo(200);
        }
      }
      for (String nobody : List.of("{\"jwt\":{\"claims\":{}}}", "{\"iam\":{}}", "{\"jwt\":{}}")) {
        JsonNode refused = stack.send(parsed(nobody), "GET", "/v1/results/" + fromApi, "");
        assertThat(refused.get("statusCode").asInt()).isEqualTo(403);
      }
    }
  }

  @Test
  void byPrincipalAnothersResultIsAnsweredAsNothingIs() throws Exception {
    UnaryOperator<Options> byPrincipal =
        options ->
            options
                .withVariable("PILOTLIGHT_TENANT_FROM", "principal")
                // results of any size are in S3
                .withVariable("PILOTLIGHT_STORE_ITEM_BYTES", "0");
    try (Deployment stack = Deployment.start(byPrincipal)) {
      Caller ada = Caller.role("Client", "monday");
      Caller bob = Caller.role("Other", "tuesday");
      String id = id(stack.embed(ada, "mine"));

      assertThat(stack.result(Caller.role("Client", "friday"), id).get("statusCode").asInt())
          .isEqualTo(200);
      assertThat(header(stack.embed(bob, "mine"), "cache-status")).doesNotContain("hit");
      String madeUp = "A".repeat(43);
      String others = stack.result(bob, id).toString();
      String nothing = stack.result(bob, madeUp).toString();
      assertThat(others.replace(id, madeUp)).isEqualTo(nothing);
      assertThat(parsed(nothing).get("statusCode").asInt()).isEqualTo(404);
      assertThat(parsed(nothing).get("headers").has("pilotlight-cost-usd")).isFalse();

      // the deployment's own batches are nobody's of these
      JsonNode line = stack.batch("own.txt", "mine").getFirst();
      String ofBatch = line.get("result_id").asText();
      assertThat(stack.result(ada, ofBatch).get("statusCode").asInt()).isEqualTo(404);
    }
  }

  @Test
  void aFolderIsItsCognitoUsersTenant() throws Exception {
    UnaryOperator<Options> byCognito =
        options ->
            options
                .withVariable("PILOTLIGHT_TENANT_FROM", "cognito")
                .withVariable("PILOTLIGHT_BATCH_TENANT_FROM", "folder");
    try (Deployment stack = Deployment.start(byCognito)) {
      String folder = "eu-west-1:" + UUID.randomUUID();
      Caller ada = Caller.cognito(folder);
      Caller bob = Caller.cognito("eu-west-1:" + UUID.randomUUID());
      String fromApi = id(stack.embed(ada, "hers"));

      List<JsonNode> lines = stack.batch(folder + "/deep/lines.txt", "hers", "new");

      assertThat(lines.get(0).get("result_id").asText()).isEqualTo(fromApi);
      String fromBatch = lines.get(1).get("result_id").asText();
      assertThat(stack.result(ada, fromBatch).get("statusCode").asInt()).isEqualTo(200);
      assertThat(header(stack.embed(ada, "new"), "cache-status")).contains("; hit;");
      assertThat(stack.result(bob, fromBatch).get("statusCode").asInt()).isEqualTo(404);
      assertThat(header(stack.embed(bob, "new"), "cache-status")).doesNotContain("hit");
      JsonNode role = stack.result(Caller.role("Client", "monday"), fromBatch);
      assertThat(role.get("statusCode").asInt()).isEqualTo(403);

      stack.s3.putObject(put -> put.bucket(IN).key("root.txt"), RequestBody.fromString("x"));
      assertThat(stack.stack.awaitIdle(PATIENCE)).isTrue();
      assertThat(stack.read("root.txt.out.jsonl")).isEmpty();
      assertThat(stack.stack.failures().toString()).contains("the object is in no folder");
    }
  }

  private static String id(JsonNode answer) {
    return parsed(answer.get("body").asText()).at("/data/0/id").asText();
  }

  private static String header(JsonNode answer, String name) {
    return answer.at("/headers/" + name).asText();
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }
}
