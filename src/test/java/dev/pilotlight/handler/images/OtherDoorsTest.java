package dev.pilotlight.handler.images;

import static dev.pilotlight.handler.images.ImageRequests.base64;
import static dev.pilotlight.handler.images.ImageRequests.dataUrl;
import static dev.pilotlight.handler.images.ImageRequests.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images at the doors of OpenAI, Azure, Cohere and the Open Inference Protocol. Each answer is
/// that of Hugging Face's door, whose tests have the formulas.
final class OtherDoorsTest {
  private static final byte[] RED = Pictures.png(Pictures.RED);
  private static final byte[] ORANGE = Pictures.jpeg(Pictures.ORANGE);

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

  private static JsonNode vector(byte[] image) {
    return send(raw("/models/" + ImageModels.EYE, "", image));
  }

  private static String jpegUrl(byte[] image) {
    return "data:image/jpeg;base64," + base64(image);
  }

  @Test
  void openAisEmbeddingsTakeDataUrls() {
    String input = "'input':['" + dataUrl(RED) + "','" + jpegUrl(ORANGE) + "']";
    for (String more : List.of("", ",'modality':'image'", ",'truncate':true", ",'dimensions':3")) {
      JsonNode answer = post("/v1/embeddings", "{'model':'eye'," + input + more + "}");
      assertThat(answer.at("/data/0/embedding")).isEqualTo(vector(RED));
      assertThat(answer.at("/data/1/embedding")).isEqualTo(vector(ORANGE));
      assertThat(answer.at("/model").asText()).isEqualTo("eye");
      assertThat(answer.at("/usage/total_tokens").asInt()).isZero();
    }
    JsonNode one = post("/openai/deployments/eye/embeddings", "{'input':'" + base64(RED) + "'}");
    assertThat(one.at("/data/0/embedding")).isEqualTo(vector(RED));
  }

  @Test
  void aDataUrlForAModelOfTextsIsAText() {
    String text = "data:image/png;base64,iVBORw0KGgo=";
    JsonNode answer = post("/v1/embeddings", "{'input':'" + text + "'}");
    JsonNode same = post("/models/" + ImageModels.TEXTS, "{'inputs':'" + text + "'}");
    assertThat(answer.at("/data/0/embedding")).isEqualTo(same);
    assertThat(answer.at("/usage/total_tokens").asInt()).isGreaterThan(2);
  }

  @Test
  void coheresEmbeddingsTakeDataUrls() {
    String images = "'images':['" + dataUrl(RED) + "','" + jpegUrl(ORANGE) + "']";
    JsonNode answer = post("/v2/embed", "{'model':'eye','input_type':'image'," + images + "}");
    assertThat(answer.at("/embeddings/float/0")).isEqualTo(vector(RED));
    assertThat(answer.at("/embeddings/float/1")).isEqualTo(vector(ORANGE));
    assertThat(answer.at("/texts")).isEmpty();
    assertThat(answer.at("/meta/billed_units/images").asInt()).isEqualTo(2);
    String part = "{'content':[{'type':'image_url','image_url':{'url':'" + dataUrl(RED) + "'}}]}";
    JsonNode inputs =
        post(
            "/v2/embed",
            "{'model':'eye','input_type':'search_document',"
                + "'embedding_types':['float','int8'],'inputs':[%s,%s]}".formatted(part, part));
    assertThat(inputs.at("/embeddings/float/1")).isEqualTo(vector(RED));
    assertThat(inputs.at("/embeddings/int8")).hasSize(2);
    assertThat(post("/v1/embed", "{'model':'eye'," + images + "}").at("/embeddings/0"))
        .isEqualTo(vector(RED));
  }

  @Test
  void withoutANameTheFirstModelOfImagesAnswersCoheresImages() {
    String body = "{'input_type':'image','images':['" + dataUrl(RED) + "']}";
    assertThat(post("/v2/embed", body).at("/embeddings/float/0")).hasSize(3);
  }

  @Test
  void theInferRouteTakesImagesAsTextInJson() {
    JsonNode answer =
        post(
            "/v2/models/colours/infer",
            "{'inputs':[{'name':'image','datatype':'BYTES','shape':[2],'data':['%s','%s']}]}"
                .formatted(base64(RED), jpegUrl(ORANGE)));
    JsonNode label = output(answer, "label");
    JsonNode score = output(answer, "score");
    assertThat(label.get("shape").toString()).isEqualTo("[2]");
    for (int i = 0; i < 2; i++) {
      JsonNode best = send(raw("/models/colours", "", i == 0 ? RED : ORANGE)).get(0);
      assertThat(label.at("/data/" + i).asText()).isEqualTo(best.get("label").asText());
      assertThat(score.at("/data/" + i).asDouble())
          .isCloseTo(best.get("score").asDouble(), within(1e-6));
    }
    JsonNode logits =
        post(
            "/v2/models/colours/infer",
            "{'inputs':[{'name':'image','datatype':'BYTES','shape':[1,1],'data':['%s']}],"
                    .formatted(base64(RED))
                + "'outputs':[{'name':'logits'}]}");
    assertThat(output(logits, "logits").get("shape").toString()).isEqualTo("[1,6]");
    assertThat(output(logits, "logits").at("/data/0").asDouble()).isCloseTo(4, within(1e-5));
  }

  @Test
  void theInferRouteTakesImagesAsBytes() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] json =
        TestRequest.utf8(
            ("{'inputs':[{'name':'image','datatype':'BYTES','shape':[2],"
                    + "'parameters':{'binary_data_size':"
                    + (8 + RED.length + ORANGE.length)
                    + "}}]}")
                .replace('\'', '"'));
    body.writeBytes(json);
    for (byte[] image : new byte[][] {RED, ORANGE}) {
      body.writeBytes(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(image.length).array());
      body.writeBytes(image);
    }
    JsonNode answer =
        send(
            raw("/v2/models/eye/infer", "application/octet-stream", body.toByteArray())
                .with("inference-header-content-length", Integer.toString(json.length)));
    JsonNode vectors = output(answer, "embedding");
    assertThat(vectors.get("shape").toString()).isEqualTo("[2,3]");
    for (int i = 0; i < 3; i++) {
      assertThat(vectors.at("/data/" + i)).isEqualTo(vector(RED).get(i));
      assertThat(vectors.at("/data/" + (3 + i))).isEqualTo(vector(ORANGE).get(i));
    }
    Harness.Reply alone =
        ImageRequests.answer(
            api,
            raw("/v2/models/eye/infer", "application/octet-stream", RED)
                .with("inference-header-content-length", "0"));
    ByteBuffer floats =
        ByteBuffer.wrap(alone.body(), alone.body().length - 3 * Float.BYTES, 3 * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 3; i++) {
      assertThat(floats.getFloat()).isEqualTo(vector(RED).get(i).floatValue());
    }
  }

  @Test
  void theMetadataOfAModelHasItsInput() {
    JsonNode model = send(TestRequest.of("GET", "/v2/models/eye"));
    assertThat(model.at("/inputs/0/name").asText()).isEqualTo("image");
    assertThat(model.at("/inputs/0/datatype").asText()).isEqualTo("BYTES");
    assertThat(model.at("/outputs/0/name").asText()).isEqualTo("embedding");
  }

  @Test
  void theGraphsOwnTensorsAreAnswered() {
    String zeros = "0,".repeat(3 * 8 * 8 - 1) + "0";
    JsonNode answer =
        post(
            "/v2/models/colours/infer",
            "{'inputs':[{'name':'pixel_values','datatype':'FP32','shape':[1,3,8,8],'data':["
                + zeros
                + "]}]}");
    assertThat(output(answer, "logits").get("data").toString())
        .isEqualTo("[0.0,0.0,0.0,0.5,0.5,-1.0]");
  }

  private static JsonNode output(JsonNode answer, String name) {
    for (JsonNode output : answer.get("outputs")) {
      if (output.get("name").asText().equals(name)) {
        return output;
      }
    }
    throw new AssertionError(name + " is not in " + answer);
  }
}
