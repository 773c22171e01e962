package dev.pilotlight.handler.models;

import static dev.pilotlight.handler.InferClient.input;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.files.ContentDigest;
import dev.pilotlight.model.files.FileState;
import dev.pilotlight.model.lock.ModelsLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several models in one deployment: their metadata, and that a broken one is alone in its trouble.
class ModelsTest {
  private static final String NUMBERS = input("x", Datatype.FP32, "[2]", "[1.5,-2.5]");

  @TempDir private Path root;
  private TestModels models;
  private Harness harness;

  @BeforeEach
  void start() {
    models =
        new TestModels(root)
            .with("cast", 1, OnnxModels.cast(Datatype.FP32, Datatype.INT32))
            .with("cast", 9, OnnxModels.cast(Datatype.FP32, Datatype.BOOL))
            .with("cast", 10, OnnxModels.cast(Datatype.FP32, Datatype.INT64))
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
  void serverMetadataHasNameAndVersion() {
    JsonNode server = ok("/v2");
    assertThat(server.fieldNames()).toIterable().containsExactly("name", "version", "extensions");
    assertThat(server.get("name").asText()).isEqualTo("pilotlight");
    assertThat(server.get("extensions").toString())
        .isEqualTo("[\"binary_tensor_data\",\"classification\"]");
  }

  @Test
  void theServerIsReadyWhenItsDefaultModelHasAnswered() {
    assertThat(ok("/v2/health/live").toString()).isEqualTo("{\"live\":true}");
    assertThat(ok("/v2/health/ready").toString()).isEqualTo("{\"ready\":true}");
  }

  @Test
  void theServerIsNotReadyWhileItsDefaultModelIsBroken() throws IOException {
    try (Harness broken =
        models.start("PILOTLIGHT_DEFAULT_MODEL", "broken", "PILOTLIGHT_MODEL_RETRY_MS", "0")) {
      Harness.Reply reply = broken.send(get("/v2/health/ready"));
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.text()).isEqualTo("{\"ready\":false}");
      assertThat(broken.send(get("/v2/health/live")).status()).isEqualTo(200);
      assertThat(new InferClient(broken).json("cast", NUMBERS, "").status()).isEqualTo(200);

      repair("broken");
      assertThat(broken.send(get("/v2/health/ready")).status()).isEqualTo(200);
    }
  }

  @Test
  void theServerIsNotReadyWhileAFileOfTheLockIsMissing() throws IOException {
    TreeMap<String, FileState> files = new TreeMap<>();
    Path graph = root.resolve("cast/1/model.onnx");
    String digest = HexFormat.of().formatHex(ContentDigest.ofFile(graph));
    files.put("cast/1/model.onnx", new FileState(Files.size(graph), Instant.EPOCH, "", digest));
    files.put("late/1/model.onnx", new FileState(7, Instant.EPOCH, "", "0".repeat(64)));
    Files.write(root.resolve(ModelsLock.FILE), new ModelsLock(files).render());

    try (Harness half = models.start("PILOTLIGHT_DEFAULT_MODEL", "cast")) {
      Harness.Reply reply = half.send(get("/v2/health/ready"));
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.text())
          .isEqualTo(
              "{\"ready\":false,\"reasons\":[\"model late version 1: models.lock: model.onnx is"
                  + " missing; expected: 7 bytes with the SHA-256 %s\"]}"
                      .formatted("0".repeat(64)));
      assertThat(new InferClient(half).json("cast", NUMBERS, "").status()).isEqualTo(200);
    }
  }

  @Test
  void aModelThatDoesNotExistLeavesTheServerUnready() {
    try (Harness none = models.start("PILOTLIGHT_DEFAULT_MODEL", "nobody")) {
      assertThat(none.send(get("/v2/health/ready")).status()).isEqualTo(503);
      assertThat(new InferClient(none).json("cast", NUMBERS, "").status()).isEqualTo(200);
    }
  }

  @Test
  void aBrokenModelIsAloneInItsTrouble() throws IOException {
    Harness.Reply refused = infer("broken", NUMBERS);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).as("a retry would not help").isEmpty();
    assertThat(refused.json().fieldNames()).toIterable().containsExactly("error");
    assertThat(refused.text()).contains("broken").doesNotContain(root.toString());

    Harness.Reply ready = harness.send(get("/v2/models/broken/ready"));
    assertThat(ready.status()).isEqualTo(503);
    assertThat(ready.text()).isEqualTo("{\"name\":\"broken\",\"ready\":false}");
    assertThat(harness.send(get("/v2/models/broken")).status()).isEqualTo(503);
    assertThat(ok("/v2/health/ready").get("ready").asBoolean()).isTrue();
    assertThat(infer("cast", NUMBERS).status()).isEqualTo(200);
    assertThat(state("broken")).isEqualTo("UNAVAILABLE");

    repair("broken");
    assertThat(infer("broken", NUMBERS).status()).isEqualTo(200);
    assertThat(state("broken")).isEqualTo("READY");
  }

  @Test
  void aModelIsReadyOnceItIsAsked() {
    assertThat(state("both")).isEqualTo("UNLOADED");
    assertThat(ok("/v2/models/both/ready").toString())
        .isEqualTo("{\"name\":\"both\",\"ready\":true}");
    assertThat(state("both")).isEqualTo("READY");
    assertThat(ok("/v2/models/both/versions/1/ready").get("ready").asBoolean()).isTrue();
  }

  @Test
  void allModelsAndVersionsAreListed() {
    assertThat(ok("/v2/models").get("models"))
        .extracting(model -> model.get("name").asText() + " " + model.get("version").asText())
        .containsExactly("both 1", "broken 1", "cast 10", "cast 9", "cast 1", "classes 1");
  }

  @Test
  void theHighestVersionAnswersUnlessAnotherIsNamed() {
    assertThat(infer("cast", NUMBERS).text())
        .contains("\"model_version\":\"10\"", "\"datatype\":\"INT64\"", "\"data\":[1,-2]");
    assertThat(infer("cast/versions/1", NUMBERS).text())
        .contains("\"model_version\":\"1\"", "\"datatype\":\"INT32\"", "\"data\":[1,-2]");
    assertThat(infer("cast/versions/9", NUMBERS).text())
        .contains("\"model_version\":\"9\"", "\"datatype\":\"BOOL\"", "\"data\":[true,true]");
    assertThat(infer("cast/versions/2", NUMBERS).status()).isEqualTo(404);
  }

  @Test
  void aModelOfTensorsShowsItsGraph() {
    JsonNode model = ok("/v2/models/both");
    assertThat(model.toString())
        .isEqualTo(
            "{\"name\":\"both\",\"versions\":[\"1\"],\"platform\":\"onnx_onnxv1\","
                + "\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[-1]},"
                + "{\"name\":\"b\",\"datatype\":\"FP32\",\"shape\":[-1]}],"
                + "\"outputs\":[{\"name\":\"sum\",\"datatype\":\"FP32\",\"shape\":[-1]},"
                + "{\"name\":\"difference\",\"datatype\":\"FP32\",\"shape\":[-1]}],"
                + "\"parameters\":{\"task\":{\"value\":\"tensors\",\"source\":\"graph\"}}}");
  }

  @Test
  void aVersionShowsItsOwnGraphAndAllVersions() {
    JsonNode model = ok("/v2/models/cast/versions/9");
    assertThat(model.at("/outputs/0/datatype").asText()).isEqualTo("BOOL");
    assertThat(model.get("versions")).extracting(JsonNode::asText).containsExactly("10", "9", "1");
    assertThat(ok("/v2/models/cast").at("/outputs/0/datatype").asText()).isEqualTo("INT64");
  }

  @Test
  void aModelOfTextsShowsWhatATextGives() {
    JsonNode model = ok("/v2/models/classes");
    assertThat(model.get("inputs").toString())
        .isEqualTo("[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[-1]}]");
    assertThat(model.get("outputs").toString())
        .isEqualTo(
            "[{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[-1]},"
                + "{\"name\":\"score\",\"datatype\":\"FP32\",\"shape\":[-1]},"
                + "{\"name\":\"logits\",\"datatype\":\"FP32\",\"shape\":[-1,3]}]");
  }

  @Test
  void openAisListNamesEachModelOnce() throws IOException {
    JsonNode list = ok("/v1/models");
    assertThat(list.get("object").asText()).isEqualTo("list");
    assertThat(list.get("data"))
        .extracting(model -> model.get("id").asText())
        .containsExactly("both", "broken", "cast", "classes");
    JsonNode one = ok("/v1/models/cast");
    assertThat(one).isEqualTo(list.at("/data/2"));
    assertThat(one.get("object").asText()).isEqualTo("model");
    assertThat(one.get("created").asLong()).isEqualTo(newestFile());
    assertThat(one.has("owned_by")).isTrue();
  }

  @Test
  void aModelWasCreatedWhenItsNewestFileWasWrittenWhicheverEnvironmentAnswers() throws IOException {
    for (String version : List.of("1", "9", "10")) {
      Files.setLastModifiedTime(graph(version), FileTime.fromMillis(1_600_000_000_000L));
    }
    Files.setLastModifiedTime(graph("9"), FileTime.fromMillis(1_700_000_000_000L));
    try (Harness other = models.start()) {
      JsonNode one = other.send(TestRequest.of("GET", "/v1/models/cast").event()).json();
      assertThat(one.get("created").asLong()).isEqualTo(1_700_000_000);
    }
  }

  private long newestFile() throws IOException {
    long newest = 0;
    for (String version : List.of("1", "9", "10")) {
      newest = Math.max(newest, Files.getLastModifiedTime(graph(version)).toMillis() / 1000);
    }
    return newest;
  }

  private Path graph(String version) {
    return root.resolve("cast").resolve(version).resolve("model.onnx");
  }

  @Test
  void headIsGetWithoutABody() {
    for (String path : List.of("/v2", "/v2/health/ready", "/v2/models/cast", "/v1/models")) {
      Harness.Reply head = harness.send(TestRequest.of("HEAD", path).event());
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
    }
  }

  private void repair(String model) throws IOException {
    Files.write(
        models.file(model, 1, "model.onnx"), OnnxModels.identity(Datatype.FP32, "n").toBytes());
  }

  private String state(String model) {
    for (JsonNode entry : ok("/v2/models").get("models")) {
      if (entry.get("name").asText().equals(model)) {
        return entry.get("state").asText();
      }
    }
    throw new AssertionError(model + " is not listed");
  }

  private Harness.Reply infer(String model, String inputs) {
    return new InferClient(harness).json(model, inputs, "");
  }

  private JsonNode ok(String path) {
    Harness.Reply reply = harness.send(get(path));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static byte[] get(String path) {
    return TestRequest.of("GET", path).event();
  }
}
