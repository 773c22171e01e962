package dev.pilotlight.handler.refusals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad input through the whole function: each case gets the right status in the protocol's own
/// error form, which names the field, and the function goes on answering.
class BadInputTest {
  private static final int CASES_LEAST = 100;
  private static final int GOOD_REQUEST_EVERY = 10;
  private static final List<String> OPEN_AI_KEYS = List.of("message", "type", "param", "code");
  private static final String GOOD = "{\"inputs\":[%s,%s]}".formatted(BadInfer.A, BadInfer.B);

  private static Harness harness;
  private static int answered;

  @BeforeAll
  static void start(@TempDir Path root) {
    harness =
        new TestModels(root)
            .withSample()
            .with(TestModels.SAMPLE, "pilotlight.json", "{\"token_ids\": \"accept\"}")
            .withClassifier("classes")
            .with("sum", OnnxModels.sumAndDifference())
            .with("quotient", OnnxModels.quotient())
            .with("words", OnnxModels.words())
            .with("join", OnnxModels.concatenation())
            .with("flags", OnnxModels.identity(Datatype.BOOL, "n"))
            .with("square", OnnxModels.identity(Datatype.FP32, 2, 2))
            .with("fill", fill())
            .with("half", OnnxModels.cast(Datatype.FP32, Datatype.FP16))
            .start();
  }

  /// Zeros in the shape of the input.
  private static OnnxGraph fill() {
    return new OnnxGraph("fill")
        .input("x", Datatype.INT64, "n")
        .output("y", Datatype.FP32, "a", "b")
        .node("ConstantOfShape", List.of("x"), List.of("y"));
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  static Stream<BadInput> cases() {
    return Stream.of(
            BadTransport.all(),
            BadEmbeddings.all(),
            BadInfer.all(),
            BadTensors.all(),
            BadBinary.all())
        .flatMap(cases -> cases);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void badInputIsRefusedByName(BadInput bad) {
    Harness.Reply reply = harness.send(bad.event());

    assertThat(reply.status()).as(reply.text()).isEqualTo(bad.status());
    assertThat(reply.header("x-request-id")).isEqualTo("r-1");
    assertThat(reply.header("content-type")).isEqualTo("application/json");
    if (bad.status() == 405) {
      assertThat(reply.header("allow")).containsAnyOf("POST", "GET, HEAD");
    }
    if (bad.name().startsWith("HEAD ")) {
      assertThat(reply.body()).isEmpty();
    } else if (bad.openAi()) {
      requireOpenAiError(reply.json(), bad);
    } else {
      requireInferenceError(reply.json(), bad);
    }
  }

  private static void requireOpenAiError(JsonNode body, BadInput bad) {
    assertThat(body.fieldNames()).toIterable().containsExactly("error");
    JsonNode error = body.get("error");
    assertThat(error.fieldNames()).toIterable().containsExactlyElementsOf(OPEN_AI_KEYS);
    assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.get("code").asText()).isNotEmpty();
    if (bad.field() == null) {
      assertThat(error.get("param").isNull()).isTrue();
    } else {
      assertThat(error.get("param").asText()).isEqualTo(bad.field());
    }
    requireUseful(error.get("message"), bad);
  }

  private static void requireInferenceError(JsonNode body, BadInput bad) {
    assertThat(body.fieldNames()).toIterable().containsExactly("error");
    requireUseful(body.get("error"), bad);
    if (bad.field() != null) {
      assertThat(body.get("error").asText()).contains(bad.field());
    }
  }

  /// Says what was wrong, briefly, and nothing of what is inside.
  private static void requireUseful(JsonNode message, BadInput bad) {
    assertThat(message.isTextual()).isTrue();
    assertThat(message.asText())
        .contains(bad.says())
        .hasSizeBetween(10, 1100)
        .doesNotContain("Exception", ".java", ".cc:", ".h:", "onnxruntime", "/tmp", "jackson");
  }

  @AfterEach
  void aGoodRequestIsAnsweredRightInBetween() {
    if (answered++ % GOOD_REQUEST_EVERY == 0) {
      Harness.Reply reply = harness.post("/v2/models/sum/infer", GOOD);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json().at("/outputs/0/data").toString()).isEqualTo("[4.0,6.0]");
      assertThat(reply.json().at("/outputs/1/data").toString()).isEqualTo("[-2.0,-2.0]");
    }
  }

  @Test
  void thereAreCasesEnough() {
    assertThat(cases().count()).isGreaterThan(CASES_LEAST);
    assertThat(cases().map(BadInput::status)).contains(400, 404, 405, 413, 415);
  }

  @Test
  void answersThatCannotFitAreRefusedBeforeTheFirstRun() {
    String texts = BadEmbeddings.sample(BadEmbeddings.texts(2048));
    assertThat(harness.post(BadEmbeddings.PATH, texts).status()).isEqualTo(413);

    String first = BadEmbeddings.sample("\"input\":\"never run 0\"");
    Harness.Reply reply = harness.post(BadEmbeddings.PATH, first);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("cache-status")).startsWith("pilotlight; fwd=miss");
  }
}
