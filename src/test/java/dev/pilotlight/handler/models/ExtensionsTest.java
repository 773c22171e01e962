package dev.pilotlight.handler.models;

import static dev.pilotlight.handler.InferClient.input;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.InferClient;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.model.OnnxModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Triton's model repository, statistics and model configuration, as its Python client uses them.
final class ExtensionsTest {
  private static final String NUMBERS = input("x", Datatype.FP32, "[2]", "[1.5,-2.5]");
  private static final String INDEX = "/v2/repository/index";
  private static final String UNLOADED =
      "not loaded in this environment; the next request for the model loads it";

  @TempDir private Path root;

  @SuppressWarnings("NullAway.Init")
  private TestModels models;

  @SuppressWarnings("NullAway.Init")
  private Harness harness;

  @BeforeEach
  void start() {
    models =
        new TestModels(root)
            .with("cast", 1, OnnxModels.cast(Datatype.FP32, Datatype.INT32))
            .with("cast", 2, OnnxModels.cast(Datatype.FP32, Datatype.INT64))
            .with("both", OnnxModels.sumAndDifference())
            .with("broken", "model.onnx", "not a graph")
            .withClassifier("classes");
    harness = models.start("PILOTLIGHT_DEFAULT_MODEL", "cast", "PILOTLIGHT_MODEL_RETRY_MS", "0");
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void indexHasEveryVersionAndReadyIsOnlyOneThatIsLoaded() {
    assertThat(index(""))
        .isEqualTo(
            ("[{'name':'both','version':'1','state':'UNAVAILABLE','reason':'@'},"
                    + "{'name':'broken','version':'1','state':'UNAVAILABLE','reason':'@'},"
                    + "{'name':'cast','version':'2','state':'READY'},"
                    + "{'name':'cast','version':'1','state':'UNAVAILABLE','reason':'@'},"
                    + "{'name':'classes','version':'1','state':'UNAVAILABLE','reason':'@'}]")
                .replace('\'', '"')
                .replace("@", UNLOADED));
    assertThat(index("{\"ready\":true}"))
        .isEqualTo("[{\"name\":\"cast\",\"version\":\"2\",\"state\":\"READY\"}]");
    assertThat(index("{\"ready\":false}")).isEqualTo(index("{}"));
  }

  @Test
  void indexHasTheReasonOfTheLastFailureUntilTheModelLoads() throws IOException {
    Reply failed = post("/v2/repository/models/broken/load", "");
    assertThat(failed.status()).isEqualTo(503);
    assertThat(failed.json().fieldNames()).toIterable().containsExactly("error");
    String reason = entry("broken").get("reason").asText();
    assertThat(failed.json().get("error").asText()).contains(reason);
    assertThat(reason).isNotEqualTo(UNLOADED);
    assertThat(entry("broken").get("state").asText()).isEqualTo("UNAVAILABLE");

    Files.write(
        models.file("broken", 1, "model.onnx"), OnnxModels.identity(Datatype.FP32, "n").toBytes());
    assertThat(post("/v2/repository/models/broken/load", "{}").status()).isEqualTo(200);
    assertThat(entry("broken").toString())
        .isEqualTo("{\"name\":\"broken\",\"version\":\"1\",\"state\":\"READY\"}");
  }

  /// Triton's answer to load has no body either.
  @Test
  void loadedModelIsReady() {
    assertThat(entry("both").get("state").asText()).isEqualTo("UNAVAILABLE");
    Reply loaded = post("/v2/repository/models/both/load", "{\"parameters\":{}}");
    assertThat(loaded.status()).isEqualTo(200);
    assertThat(loaded.body()).isEmpty();
    assertThat(loaded.header("content-type")).isEqualTo("application/json");
    assertThat(entry("both").get("state").asText()).isEqualTo("READY");
    assertThat(post("/v2/repository/models/both/load", "").status()).isEqualTo(200);
  }

  @Test
  void unloadIsRefusedWithTheWayOut() {
    Reply refused =
        post("/v2/repository/models/cast/unload", "{\"parameters\":{\"unload_dependents\":false}}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("error").asText())
        .contains("cannot be unloaded", "remove its versions");
    assertThat(infer("cast").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST | /v2/repository/index              | {'ready':'yes'} | 400 | ready",
        "POST | /v2/repository/index              | [] | 400 | an object",
        "GET  | /v2/repository/index              | {} | 405 | accepted: POST",
        "POST | /v2/repository/models/nobody/load | {} | 404 | nobody",
        "POST | /v2/repository/models/-/load      | {} | 404 | no model is named",
        "POST | /v2/repository/models/cast/load   | {'parameters':{'config':'{}'}} | 400 | config",
        "POST | /v2/repository/models/cast/load   | x  | 400 | not valid JSON",
        "GET  | /v2/models/nobody/stats           | {} | 404 | nobody",
        "GET  | /v2/models/cast/versions/7/stats  | {} | 404 | it has [2, 1]",
        "GET  | /v2/models/cast/versions/x/stats  | {} | 400 | a whole number",
        "POST | /v2/models/cast/stats             | {} | 405 | accepted: GET, HEAD",
        "GET  | /v2/models/nobody/config          | {} | 404 | nobody",
        "GET  | /v2/models/cast/versions/7/config | {} | 404 | no version",
        "GET  | /v2/models/broken/config          | {} | 503 | cannot be loaded",
        "PUT  | /v2/models/cast/config            | {} | 405 | accepted: GET, HEAD",
      })
  void wrongRequestsAreRefusedInTritonsShape(
      String method, String path, String body, int status, String message) {
    TestRequest request = TestRequest.of(method, path).withBody(TestRequest.utf8(json(body)));
    for (byte[] event : List.of(request.event(), request.restEvent())) {
      Reply reply = harness.send(event);
      assertThat(reply.status()).as(reply.text()).isEqualTo(status);
      assertThat(reply.json().fieldNames()).toIterable().containsExactly("error");
      assertThat(reply.json().get("error").asText()).contains(message);
    }
  }

  @Test
  void configurationHasTheGraphOfItsVersion() {
    assertThat(get("/v2/models/both/config").toString())
        .isEqualTo(
            json(
                "{'name':'both','platform':'onnxruntime_onnx','backend':'onnxruntime',"
                    + "'version_policy':{'all':{}},'max_batch_size':0,'input':["
                    + "{'name':'a','data_type':'TYPE_FP32','format':'FORMAT_NONE','dims':[-1]},"
                    + "{'name':'b','data_type':'TYPE_FP32','format':'FORMAT_NONE','dims':[-1]}],"
                    + "'output':[{'name':'sum','data_type':'TYPE_FP32','dims':[-1]},"
                    + "{'name':'difference','data_type':'TYPE_FP32','dims':[-1]}],"
                    + "'parameters':{},'response_cache':{'enable':true}}"));
    assertThat(get("/v2/models/cast/config").at("/output/0/data_type").asText())
        .isEqualTo("TYPE_INT64");
    assertThat(get("/v2/models/cast/versions/1/config").at("/output/0/data_type").asText())
        .isEqualTo("TYPE_INT32");
    assertThat(get("/v2/models/classes/config").at("/input/0").toString())
        .isEqualTo(
            json("{'name':'text','data_type':'TYPE_STRING','format':'FORMAT_NONE','dims':[-1]}"));
  }

  @Test
  void configurationNamesNoCacheWhereThereIsNone() {
    try (Harness bare = models.start("PILOTLIGHT_MEMORY_CACHE_BYTES", "0")) {
      Reply reply = bare.send(TestRequest.of("GET", "/v2/models/both/config").event());
      assertThat(reply.json().at("/response_cache/enable").asBoolean(true)).isFalse();
    }
  }

  @Test
  void statisticsAreOfTheVersionsThatAreAskedFor() {
    assertThat(infer("cast").status()).isEqualTo(200);
    assertThat(infer("cast/versions/1").status()).isEqualTo(200);
    assertThat(infer("cast/versions/1").status()).isEqualTo(200);
    assertThat(versions("/v2/models/stats"))
        .containsExactly("both 1 0", "broken 1 0", "cast 2 1", "cast 1 2", "classes 1 0");
    assertThat(versions("/v2/models/cast/stats")).containsExactly("cast 2 1", "cast 1 2");
    assertThat(versions("/v2/models/cast/versions/1/stats")).containsExactly("cast 1 2");
    assertThat(versions("/v2/models/both/stats")).containsExactly("both 1 0");
    assertThat(get("/v2/models/both/stats").at("/model_stats/0/last_inference").asLong(1)).isZero();
  }

  /// A client finds its entry by the name that it asked for.
  @Test
  void statisticsHaveTheNameThatTheCallerUses() {
    assertThat(infer("owner/cast").status()).isEqualTo(200);
    assertThat(versions("/v2/models/owner/cast/versions/2/stats"))
        .containsExactly("owner/cast 2 1");
    assertThat(versions("/v2/models/cast/versions/2/stats")).containsExactly("cast 2 1");
  }

  @Test
  void headHasNoBody() {
    Reply head = harness.send(TestRequest.of("HEAD", "/v2/models/stats").event());
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  private List<String> versions(String path) {
    return get(path)
        .get("model_stats")
        .valueStream()
        .map(
            entry ->
                "%s %s %d"
                    .formatted(
                        entry.get("name").asText(),
                        entry.get("version").asText(),
                        entry.at("/inference_stats/success/count").asLong()))
        .toList();
  }

  private JsonNode entry(String model) {
    return post(INDEX, "")
        .json()
        .valueStream()
        .filter(entry -> entry.get("name").asText().equals(model))
        .findFirst()
        .orElseThrow();
  }

  private String index(String body) {
    Reply reply = post(INDEX, body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.text();
  }

  /// Without a content type, as Triton's client sends it.
  private Reply post(String path, String body) {
    return harness.send(TestRequest.post(path, TestRequest.utf8(body)).event());
  }

  private Reply infer(String model) {
    return new InferClient(harness).json(model, NUMBERS, "");
  }

  private JsonNode get(String path) {
    Reply reply = harness.send(TestRequest.of("GET", path).event());
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static String json(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }
}
