package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.model.OnnxModels;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The names by which models may be asked for, and what answers where none is named.
final class NamedModelsTest {
  private static final String TENSOR =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[2]}]}";
  private static final String POINTER = "version https://git-lfs.github.com/spec/v1\noid 1\n";

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness harness;

  @BeforeAll
  static void start() {
    harness =
        new TestModels(root)
            .withSample()
            .with(TestModels.SAMPLE, "pilotlight.json", "{\"aliases\":[\"ada\",\"openai/ada-3\"]}")
            .with("a-tensors", OnnxModels.identity(Datatype.FP32, "n"))
            .with("Twin", OnnxModels.identity(Datatype.FP32, "n"))
            .with("tWIN", OnnxModels.identity(Datatype.FP32, "n"))
            .with("x", 3, OnnxModels.identity(Datatype.FP32, "n"))
            .with("pointer", "model.onnx", POINTER)
            .start();
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TestModels.SAMPLE,
        "ada",
        "openai/ada-3",
        "azure/ada",
        "sentence-transformers/all-MiniLM-L6-v2",
        "All-MiniLM-L6-v2"
      })
  void embeddingsAreAnsweredUnderTheNameAskedFor(String name) {
    JsonNode own = embeddings("\"model\":\"%s\",".formatted(TestModels.SAMPLE));
    JsonNode json = embeddings("\"model\":\"%s\",".formatted(name));

    assertThat(json.get("model").asText()).isEqualTo(name);
    assertThat(json.get("data")).as("with the same result id").isEqualTo(own.get("data"));
  }

  @Test
  void withoutANameTheFirstModelOfTextsAnswersUnderItsOwnName() {
    assertThat(embeddings("").get("model").asText()).isEqualTo(TestModels.SAMPLE);
    assertThat(embeddings("\"model\":null,").get("model").asText()).isEqualTo(TestModels.SAMPLE);
  }

  @Test
  void theDefaultModelOfTheSettingsAnswersEmbeddingsWithoutAName() {
    try (Harness set =
        new TestModels(root).start("PILOTLIGHT_DEFAULT_MODEL", "sentence-transformers/ADA")) {
      JsonNode json = set.post("/v1/embeddings", "{\"input\":\"a\"}").json();
      assertThat(json.get("data")).hasSize(1);
      assertThat(json.get("model").asText()).isEqualTo(TestModels.SAMPLE);
      assertThat(set.send(TestRequest.of("GET", "/v2/health/ready").event()).status())
          .isEqualTo(200);
    }
  }

  @Test
  void aDefaultModelThatMayBeTwoLeavesTheServerUnreadyNotDown() {
    try (Harness set = new TestModels(root).start("PILOTLIGHT_DEFAULT_MODEL", "twin")) {
      assertThat(set.send(TestRequest.of("GET", "/v2/health/ready").event()).status())
          .isEqualTo(503);
      assertThat(set.post("/v2/models/x/infer", TENSOR).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x, x",
    "X, X",
    "owner/x, owner/x",
    "owner%2Fx, owner/x",
    "a/b/c/x, a/b/c/x",
  })
  void pathsTakeTheSameNamesAndVersions(String path, String name) {
    for (String version : new String[] {"", "/versions/3", "/versions/latest"}) {
      JsonNode answer = ok(harness.post("/v2/models/" + path + version + "/infer", TENSOR));
      assertThat(answer.get("model_name").asText()).isEqualTo(name);
      assertThat(answer.get("model_version").asText()).isEqualTo("3");
      JsonNode model = ok(get("/v2/models/" + path + version));
      assertThat(model.get("name").asText()).isEqualTo(name);
      assertThat(model.get("versions").toString()).isEqualTo("[\"3\"]");
      assertThat(ok(get("/v2/models/" + path + version + "/ready")).get("ready").asBoolean())
          .isTrue();
    }
    assertThat(ok(get("/v1/models/" + path)).get("id").asText()).isEqualTo(name);
  }

  @Test
  void aNameThatMayMeanTwoModelsIsA400ThatListsBoth() {
    for (Harness.Reply reply :
        new Harness.Reply[] {
          harness.post("/v2/models/twin/infer", TENSOR),
          get("/v2/models/owner%2FTWIN"),
          harness.post("/v1/embeddings", "{\"model\":\"twin\",\"input\":\"a\"}")
        }) {
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.text()).contains("Twin or tWIN");
    }
    assertThat(harness.post("/v2/models/Twin/infer", TENSOR).status()).isEqualTo(200);
  }

  @Test
  void modelThatCanNeverLoadIsRefusedWithAReasonAndWithoutRetryAfter() {
    Harness.Reply reply = harness.post("/v2/models/pointer/infer", TENSOR);

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.headers().has("retry-after")).isFalse();
    assertThat(reply.text()).contains("model.onnx is a Git LFS pointer", "git lfs pull");
    JsonNode models = ok(get("/v2/models")).get("models");
    assertThat(models)
        .filteredOn(model -> model.get("name").asText().equals("pointer"))
        .singleElement()
        .satisfies(
            model -> {
              assertThat(model.get("state").asText()).isEqualTo("UNAVAILABLE");
              assertThat(model.get("reason").asText()).contains("Git LFS pointer");
            });
  }

  private static JsonNode embeddings(String model) {
    return ok(harness.post("/v1/embeddings", "{%s\"input\":\"a\"}".formatted(model)));
  }

  private static Harness.Reply get(String path) {
    return harness.send(TestRequest.of("GET", path).event());
  }

  private static JsonNode ok(Harness.Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }
}
