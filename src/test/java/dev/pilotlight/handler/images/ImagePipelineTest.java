package dev.pilotlight.handler.images;

import static dev.pilotlight.handler.images.ImageModels.COLOURS;
import static dev.pilotlight.handler.images.ImageModels.COLUMNS;
import static dev.pilotlight.handler.images.ImageModels.EYE;
import static dev.pilotlight.handler.images.ImageModels.LABELS;
import static dev.pilotlight.handler.images.ImageModels.LAMPS;
import static dev.pilotlight.handler.images.ImageRequests.base64;
import static dev.pilotlight.handler.images.ImageRequests.dataUrl;
import static dev.pilotlight.handler.images.ImageRequests.raw;
import static dev.pilotlight.handler.images.ImageRequests.upload;
import static dev.pilotlight.handler.images.Pictures.BLUE;
import static dev.pilotlight.handler.images.Pictures.GREEN;
import static dev.pilotlight.handler.images.Pictures.ORANGE;
import static dev.pilotlight.handler.images.Pictures.RED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Images at Hugging Face's paths; the expected answers follow from the graphs' formulas.
final class ImagePipelineTest {
  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = ImageModels.in(root).start("PILOTLIGHT_DEFAULT_MODEL", ImageModels.TEXTS);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static JsonNode send(TestRequest request) {
    return ImageRequests.answer(api, request).json();
  }

  private static JsonNode post(String path, String body) {
    return send(TestRequest.post(path, body.replace('\'', '"')));
  }

  @ParameterizedTest
  @ValueSource(ints = {RED, GREEN, BLUE, ORANGE, 0x000000, 0xFFFFFF, 0x0080FF})
  void aClassifierAnswersTheFiveBestLabelsOfAnImage(int colour) {
    double[] scores = softmax(ImageModels.logits(colour));
    JsonNode answer = send(raw("/models/" + COLOURS, "image/png", Pictures.png(colour)));
    assertLabels(answer, scores, 5);
  }

  /// Grey and none have the same logit whatever the image is.
  @Test
  void equalScoresKeepTheOrderOfTheLabels() {
    JsonNode answer = send(raw("/models/" + COLOURS, "image/png", Pictures.png(RED)));
    assertThat(answer.findValuesAsText("label"))
        .containsExactly("red", "grey", "none", "dark", "green");
  }

  @ParameterizedTest
  @CsvSource({"none, 6, 6", "sigmoid, 2, 2", "softmax, 1, 1", "softmax, 99, 6", "default, 5, 5"})
  void parametersOfLabelsAreApplied(String function, int top, int count) {
    double[] logits = ImageModels.logits(ORANGE);
    double[] scores =
        switch (function) {
          case "none" -> logits;
          case "sigmoid" -> Arrays.stream(logits).map(ImagePipelineTest::sigmoid).toArray();
          default -> softmax(logits);
        };
    String parameters = "{'function_to_apply':'" + function + "','top_k':" + top + "}";
    String image = base64(Pictures.png(ORANGE));
    JsonNode answer =
        post("/models/" + COLOURS, "{'inputs':'" + image + "','parameters':" + parameters + "}");
    assertLabels(answer, scores, count);
  }

  @Test
  void labelsThatApplyOnTheirOwnHaveTheirOwnProbabilities() {
    double[] logits = ImageModels.lampLogits(ORANGE);
    JsonNode answer = send(raw("/models/" + LAMPS, "image/png", Pictures.png(ORANGE)));
    assertThat(answer.findValuesAsText("label")).containsExactly("warm", "bright");
    assertThat(answer.at("/0/score").asDouble()).isCloseTo(sigmoid(logits[1]), within(1e-6));
    assertThat(answer.at("/1/score").asDouble()).isCloseTo(sigmoid(logits[0]), within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "image/png",
        "IMAGE/PNG; q=1",
        "application/octet-stream",
        "application/x-image",
        "image/*"
      })
  void everyFormOfTheSameImageGivesTheSameBytes(String type) {
    byte[] image = Pictures.png(ORANGE, BLUE);
    String expected = send(raw("/models/" + COLOURS, "image/png", image)).toString();
    for (String path :
        List.of(
            "/models/" + COLOURS,
            "/models/" + COLOURS + "/pipeline/image-classification",
            "/pipeline/image-classification/" + COLOURS)) {
      assertThat(send(raw(path, type, image)).toString()).isEqualTo(expected);
      assertThat(send(raw(path, type, image).compressed()).toString()).isEqualTo(expected);
      assertThat(send(upload(path, image)).toString()).isEqualTo(expected);
    }
    for (String text :
        List.of(base64(image), dataUrl(image), "DATA:Image/PNG;x=y;BASE64," + base64(image))) {
      assertThat(post("/models/" + COLOURS, "{'inputs':'" + text + "'}").toString())
          .isEqualTo(expected);
    }
  }

  @Test
  void aListOfImagesGivesAListOfAnswers() {
    String red = base64(Pictures.png(RED));
    String blue = dataUrl(Pictures.png(BLUE));
    JsonNode answer =
        post("/models/" + COLOURS, "{'inputs':['" + red + "','" + blue + "','" + red + "']}");
    assertThat(answer).hasSize(3);
    assertLabels(answer.get(0), softmax(ImageModels.logits(RED)), 5);
    assertLabels(answer.get(1), softmax(ImageModels.logits(BLUE)), 5);
    assertThat(answer.get(2)).isEqualTo(answer.get(0));
    JsonNode vectors = post("/models/" + EYE, "{'inputs':['" + red + "','" + blue + "']}");
    assertThat(vectors).hasSize(2);
    assertThat(vectors.get(1).get(2).asDouble()).isPositive();
    assertThat(post("/models/" + EYE, "{'inputs':['" + red + "']}").get(0))
        .isEqualTo(vectors.get(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {RED, GREEN, ORANGE, 0x404040})
  void anEmbedderAnswersTheVectorOfAnImage(int colour) {
    double[] means = ImageModels.means(colour);
    JsonNode answer = send(raw("/models/" + EYE, "image/png", Pictures.png(colour)));
    assertDirection(answer, 1e-6, means);
    assertThat(
            send(
                upload(
                    "/models/" + EYE + "/pipeline/image-feature-extraction", Pictures.png(colour))))
        .isEqualTo(answer);
  }

  @Test
  void anImageIsTurnedAsItsOrientationDemands() {
    byte[] image = Pictures.jpeg(RED, BLUE);
    assertDirection(column(image), 2e-2, 1, 0, 0);
    assertDirection(column(Pictures.oriented(image, 1)), 2e-2, 1, 0, 0);
    assertDirection(column(Pictures.oriented(image, 2)), 2e-2, 0, 0, 1);
    assertDirection(column(Pictures.oriented(image, 3)), 2e-2, 0, 0, 1);
    assertDirection(column(Pictures.oriented(image, 4)), 2e-2, 1, 0, 0);
    assertDirection(column(Pictures.oriented(image, 6)), 2e-2, 1, 0, 1);
  }

  private static JsonNode column(byte[] image) {
    return send(raw("/models/" + COLUMNS, "image/jpeg", image));
  }

  /// Requires a vector of about this direction.
  private static void assertDirection(JsonNode vector, double tolerance, double... expected) {
    double product = 0;
    double length = 0;
    double expectedLength = 0;
    assertThat(vector).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      double value = vector.get(i).asDouble();
      product += value * expected[i];
      length += value * value;
      expectedLength += expected[i] * expected[i];
    }
    assertThat(product / Math.sqrt(length * expectedLength))
        .as(vector.toString())
        .isCloseTo(1, within(tolerance));
  }

  @Test
  void withoutANameTheFirstModelOfTheTaskAnswersAnImage() {
    byte[] image = Pictures.png(RED);
    JsonNode named = send(raw("/models/" + COLOURS, "image/png", image));
    for (String path : List.of("/", "/invocations")) {
      assertThat(send(raw(path, "image/png", image))).isEqualTo(named);
    }
  }

  @Test
  void theSameBytesAreAHitInEveryForm() {
    byte[] image = Pictures.png(0x123456);
    String path = "/models/" + COLOURS;
    assertThat(status(raw(path, "image/png", image))).contains("fwd=miss");
    for (TestRequest again :
        List.of(
            raw(path, "", image),
            upload(path, image),
            TestRequest.post(path, "{\"inputs\":\"" + dataUrl(image) + "\"}"))) {
      assertThat(status(again)).contains("hit");
    }
    assertThat(status(raw(path, "image/png", image).with("x-use-cache", "false"))).contains("fwd");
  }

  private static String status(TestRequest request) {
    return ImageRequests.answer(api, request).header("cache-status").toLowerCase(Locale.ROOT);
  }

  private static void assertLabels(JsonNode answer, double[] scores, int count) {
    List<Integer> order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted((a, b) -> Double.compare(scores[b], scores[a]))
            .toList();
    assertThat(answer).hasSize(count);
    for (int i = 0; i < count; i++) {
      int label = order.get(i);
      assertThat(answer.get(i).get("score").asDouble()).isCloseTo(scores[label], within(1e-6));
      assertThat(scores[LABELS.indexOf(answer.get(i).get("label").asText())])
          .isCloseTo(scores[label], within(1e-9));
    }
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  private static double[] softmax(double[] logits) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(x -> Math.exp(x) / sum).toArray();
  }
}
