package dev.pilotlight.handler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.template.FunctionSettings;
import dev.pilotlight.local.template.Presets;
import dev.pilotlight.local.template.Template;
import dev.pilotlight.suite.leaks.Planted;
import dev.pilotlight.tenant.IamCaller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// Callers of the API and batches by one rule for tenants, under every preset: with its parameters
/// they share all results; by other rules each sees its own, and a 404 reveals nothing about
/// others'.
class SharedTenantsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IN = "pilotlight-in";
  private static final String OUT = "pilotlight-out";
  private static final String MODEL = "all-minilm-l6-v2";
  private static final String CACHE_STATUS = "cache-status";

  /// Both functions with the variables that the template gives them, over one table and the
  /// buckets, without Redis. The table is a new one for each deployment.
  private record Deployment(Metrics metrics, Harness api, BatchHandler batches)
      implements AutoCloseable {
    /// @param parameters of the template, in addition to those of the preset
    /// @param more variables of both functions
    static Deployment start(
        String preset, Map<String, String> parameters, Map<String, String> more) {
      Map<String, String> given = new HashMap<>(PRESETS.parameters(preset));
      given.putAll(parameters);
      Template template = Template.read(Path.of("template.yaml"), given);
      String table = "results-" + UUID.randomUUID();
      DYNAMO.createTable(table, "pk", "expires_at");
      Map<String, String> all = new HashMap<>(more);
      all.put("PILOTLIGHT_TABLE", table);
      all.put("PILOTLIGHT_METRICS", "each");
      Metrics metrics = new Metrics();
      return new Deployment(
          metrics,
          new Harness(metrics.out(), variables(template, "ApiFunction", all)),
          new BatchHandler(App.start(variables(template, "BatchFunction", all))));
    }

    private static Map<String, String> variables(
        Template template, String function, Map<String, String> more) {
      Map<String, String> variables = new HashMap<>();
      for (FunctionSettings settings : template.functions()) {
        if (settings.name().equals(function)) {
          variables.putAll(settings.variables());
        }
      }
      variables.keySet().removeIf(name -> name.startsWith("PILOTLIGHT_REDIS"));
      variables.put("AWS_ENDPOINT_URL_DYNAMODB", DYNAMO.endpoint().toString());
      variables.put("AWS_ENDPOINT_URL_S3", S3.endpoint().toString());
      variables.put("AWS_REGION", "eu-west-1");
      variables.put("AWS_ACCESS_KEY_ID", "local");
      variables.put("AWS_SECRET_ACCESS_KEY", Planted.PASSWORD);
      variables.putAll(more);
      return variables;
    }

    Reply embed(IamCaller caller, String text) {
      String body = "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(MODEL, text);
      Reply reply = send(caller.authorizer(), TestRequest.post("/v1/embeddings", body));
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      return reply;
    }

    Reply result(IamCaller caller, String id) {
      return send(caller.authorizer(), TestRequest.of("GET", "/v1/results/" + id));
    }

    Reply send(JsonNode authorizer, TestRequest request) {
      ObjectNode event = (ObjectNode) parsed(new String(request.event(), UTF_8));
      ((ObjectNode) event.get("requestContext")).set("authorizer", authorizer);
      return api.send(event.toString().getBytes(UTF_8));
    }

    List<JsonNode> batch(String key, String... texts) throws IOException {
      s3(key, String.join("\n", texts));
      return read(key + ".out.jsonl").lines().map(SharedTenantsIT::parsed).toList();
    }

    private void s3(String key, String lines) throws IOException {
      CLIENT.putObject(put -> put.bucket(IN).key(key), RequestBody.fromString(lines));
      ObjectNode event = JSON.createObjectNode();
      ObjectNode record = event.putArray("Records").addObject();
      record.put("eventSource", "aws:s3").put("eventName", "ObjectCreated:Put");
      ObjectNode s3 = record.putObject("s3");
      s3.putObject("bucket").put("name", IN);
      s3.putObject("object").put("key", URLEncoder.encode(key, UTF_8));
      batches.handleRequest(
          new ByteArrayInputStream(event.toString().getBytes(UTF_8)),
          new ByteArrayOutputStream(),
          new TestContext());
    }

    int hits(String key) {
      return parsed(read(key + ".summary.json")).at("/hits").asInt();
    }

    private static String read(String key) {
      return CLIENT.getObjectAsBytes(get -> get.bucket(OUT).key(key)).asUtf8String();
    }

    @Override
    public void close() {
      api.close();
      batches.close();
    }
  }

  private static final Presets PRESETS = Presets.read(Path.of(Presets.FILE));
  private static final DynamoLocal DYNAMO = DynamoLocal.start(0);
  private static final S3Local S3 = S3Local.start(0, IN, OUT, "pilotlight-large-results");
  private static final S3Client CLIENT = S3.client();

  @AfterAll
  static void stop() {
    CLIENT.close();
    S3.close();
    DYNAMO.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {Presets.STARTER, Presets.PRODUCTION, Presets.BUSY})
  void presetsShareAllResultsOfTheApiAndBatches(String preset) throws Exception {
    try (Deployment stack = Deployment.start(preset, Map.of(), Map.of())) {
      IamCaller ada = IamCaller.role("Client", "monday");
      IamCaller bob = IamCaller.role("Other", "tuesday");
      String fromApi = id(stack.embed(ada, "from the api"));

      List<JsonNode> lines = stack.batch(preset + "/shared.txt", "from the api", "from a batch");

      assertThat(lines.get(0).get("result_id").asText()).isEqualTo(fromApi);
      assertThat(stack.hits(preset + "/shared.txt")).isOne();
      Reply hit = stack.embed(bob, "from a batch");
      assertThat(hit.header(CACHE_STATUS)).contains("; hit;");
      String fromBatch = lines.get(1).get("result_id").asText();
      assertThat(id(hit)).isEqualTo(fromBatch);
      assertThat(stack.embed(bob, "from the api").header(CACHE_STATUS)).contains("; hit;");
      for (String id : List.of(fromApi, fromBatch)) {
        for (IamCaller caller : List.of(ada, bob)) {
          assertThat(stack.result(caller, id).status()).isEqualTo(200);
        }
      }
      for (String nobody : List.of("{\"jwt\":{\"claims\":{}}}", "{\"iam\":{}}", "{\"jwt\":{}}")) {
        Reply refused = stack.send(parsed(nobody), TestRequest.of("GET", "/v1/results/" + fromApi));
        assertThat(refused.status()).isEqualTo(403);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Presets.STARTER, Presets.PRODUCTION, Presets.BUSY})
  void byPrincipalAnothersResultIsAnsweredAsNothingIs(String preset) throws Exception {
    Map<String, String> byPrincipal = Map.of("TenantFrom", "principal");
    // results of any size are in S3
    Map<String, String> large = Map.of("PILOTLIGHT_STORE_ITEM_BYTES", "0");
    try (Deployment stack = Deployment.start(preset, byPrincipal, large)) {
      IamCaller ada = IamCaller.role("Client", "monday");
      IamCaller bob = IamCaller.role("Other", "tuesday");
      String id = id(stack.embed(ada, "mine"));

      assertThat(stack.result(IamCaller.role("Client", "friday"), id).status()).isEqualTo(200);
      assertThat(stack.embed(bob, "mine").header(CACHE_STATUS)).doesNotContain("hit");
      String madeUp = "A".repeat(43);
      Reply others = stack.result(bob, id);
      Reply nothing = stack.result(bob, madeUp);
      assertThat(nothing.status()).isEqualTo(404);
      assertThat(others.status()).isEqualTo(404);
      assertThat(others.text().replace(id, madeUp)).isEqualTo(nothing.text());
      assertThat(others.headers()).isEqualTo(nothing.headers());
      List<JsonNode> lines = stack.metrics().all();
      assertThat(withoutTimes(lines.get(lines.size() - 2)))
          .as("without the function's memory the estimated cost is that of the store alone")
          .isEqualTo(withoutTimes(lines.getLast()));

      // the deployment's own batches belong to none of these callers
      JsonNode line = stack.batch(preset + "/own.txt", "mine").getFirst();
      String ofBatch = line.get("result_id").asText();
      assertThat(stack.result(ada, ofBatch).status()).isEqualTo(404);
    }
  }

  @Test
  void packedResultsAreFoundByTheirIdsByTheirTenantAlone() throws Exception {
    Map<String, String> packed =
        Map.of("TenantFrom", "cognito", "BatchTenantFrom", "folder", "BatchStore", "packed");
    try (Deployment stack = Deployment.start(Presets.STARTER, packed, Map.of())) {
      String folder = "eu-west-1:" + UUID.randomUUID();
      IamCaller ada = IamCaller.cognito(folder);
      IamCaller bob = IamCaller.cognito("eu-west-1:" + UUID.randomUUID());
      String fromApi = id(stack.embed(ada, "known"));

      List<JsonNode> lines = stack.batch(folder + "/lines.txt", "known", "new", "new");

      assertThat(stack.hits(folder + "/lines.txt")).isEqualTo(2);
      assertThat(lines.get(1).get("embedding")).isEqualTo(lines.get(2).get("embedding"));
      for (JsonNode line : lines) {
        String id = line.get("result_id").asText();
        Reply found = stack.result(ada, id);
        assertThat(found.status()).as(found.text()).isEqualTo(200);
        assertThat(parsed(found.text()).get("id").asText()).isEqualTo(id);
        assertThat(parsed(found.text()).at("/outputs/0/data")).isEqualTo(line.get("embedding"));
        Reply others = stack.result(bob, id);
        assertThat(others.status()).isEqualTo(404);
        String madeUp = "A".repeat(43) + id.substring(43);
        assertThat(others.text().replace(id, madeUp)).isEqualTo(stack.result(bob, madeUp).text());
        assertThat(stack.result(ada, madeUp).status()).isEqualTo(404);
      }
      assertThat(lines.getFirst().get("result_id").asText()).startsWith(fromApi + ".");
      assertThat(
              stack.result(ada, lines.get(1).get("result_id").asText().substring(0, 43)).status())
          .as("the table has no packed result")
          .isEqualTo(404);
      assertThat(stack.embed(ada, "new").header(CACHE_STATUS)).doesNotContain("hit");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Presets.STARTER, Presets.PRODUCTION, Presets.BUSY})
  void aFolderIsItsCognitoUsersTenant(String preset) throws Exception {
    Map<String, String> byCognito = Map.of("TenantFrom", "cognito", "BatchTenantFrom", "folder");
    try (Deployment stack = Deployment.start(preset, byCognito, Map.of())) {
      String folder = "eu-west-1:" + UUID.randomUUID();
      IamCaller ada = IamCaller.cognito(folder);
      IamCaller bob = IamCaller.cognito("eu-west-1:" + UUID.randomUUID());
      String fromApi = id(stack.embed(ada, "hers"));

      List<JsonNode> lines = stack.batch(folder + "/deep/lines.txt", "hers", "new");

      assertThat(lines.get(0).get("result_id").asText()).isEqualTo(fromApi);
      String fromBatch = lines.get(1).get("result_id").asText();
      assertThat(stack.result(ada, fromBatch).status()).isEqualTo(200);
      assertThat(stack.embed(ada, "new").header(CACHE_STATUS)).contains("; hit;");
      assertThat(stack.result(bob, fromBatch).status()).isEqualTo(404);
      assertThat(stack.embed(bob, "new").header(CACHE_STATUS)).doesNotContain("hit");
      Reply role = stack.result(IamCaller.role("Client", "monday"), fromBatch);
      assertThat(role.status()).isEqualTo(403);

      assertThatThrownBy(() -> stack.batch("root.txt", "x"))
          .hasMessageContaining("root.txt", "the object is in no folder");
    }
  }

  private static JsonNode withoutTimes(JsonNode line) {
    assertThat(line.path("EstimatedCost").asDouble()).isPositive();
    ObjectNode rest = line.deepCopy();
    rest.remove("Duration");
    ((ObjectNode) rest.get("_aws")).remove("Timestamp");
    return rest;
  }

  private static String id(Reply reply) {
    return reply.json().at("/data/0/id").asText();
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }
}
