package dev.pilotlight.handler.tei;

import static dev.pilotlight.handler.tei.TeiModels.floats;
import static dev.pilotlight.handler.tei.TeiModels.mean;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.model.Expected;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `POST /embeddings`, in OpenAI's form, and lines of a batch.
final class EmbeddingsRouteTest {
  private static final float ROUNDING = 1e-6f;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = TeiModels.in(root).start("PILOTLIGHT_DEFAULT_MODEL", TeiModels.SAMPLE);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void theRouteInOpenAisFormAnswersObjects() {
    JsonNode answer = TeiModels.post(api, "/embeddings", "{'input':['a','hello'],'model':'plain'}");
    assertThat(answer.get("object").asText()).isEqualTo("list");
    assertThat(answer.get("model").asText()).isEqualTo("plain");
    assertThat(answer.get("data")).hasSize(2);
    assertThat(answer.at("/data/1/index").asInt()).isEqualTo(1);
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(6);
    assertThat(floats(answer.at("/data/1/embedding")))
        .containsExactly(Expected.unit(mean(101, 7592, 102)), within(ROUNDING));

    JsonNode base64 =
        TeiModels.post(
            api,
            "/embeddings",
            "{'input':'hello','model':'plain','encoding_format':'base64','user':'u'}");
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64.at("/data/0/embedding").asText()));
    assertThat(bytes.order(ByteOrder.LITTLE_ENDIAN).getFloat(4))
        .isEqualTo(floats(answer.at("/data/1/embedding"))[1]);
  }

  @Test
  void idsAreTakenOnlyWhereTheModelAcceptsThem() {
    assertThat(
            TeiModels.post(api, "/embeddings", "{'input':['a',[101,7592,102]]}")
                .at("/data/1/embedding"))
        .isEqualTo(
            TeiModels.post(api, "/embeddings", "{'input':['a','hello']}").at("/data/1/embedding"));
    Harness.Reply refused =
        api.post("/embeddings", "{\"input\":[\"a\",[101,7592,102]],\"model\":\"plain\"}");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("message").asText())
        .contains("input[1] holds token ids", "tiktoken", "token_ids");
  }

  @Test
  void theRouteInOpenAisFormHasAFlatError() {
    Harness.Reply refused = api.post("/embeddings", "{\"input\":\"\"}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text())
        .isEqualTo(
            "{\"message\":\"input is empty; accepted: a string that is not empty\",\"code\":400,"
                + "\"type\":\"Empty\"}");
  }

  @Test
  void aLineOfABatchHasTheSameAnswersAndErrors() throws IOException {
    String line =
        "{\"custom_id\":\"c\",\"method\":\"POST\",\"url\":\"/embed\",\"body\":"
            + "{\"model\":\"all-minilm-l6-v2\",\"inputs\":%s}}";
    try (LineHarness lines = new LineHarness(root, TeiModels.SAMPLE, Encoding.FLOAT)) {
      JsonNode good = Harness.JSON.readTree(lines.json(1, line.formatted("\"hello world\"")));
      assertThat(good.at("/response/status_code").asInt()).isEqualTo(200);
      assertThat(good.at("/response/body/0").toString())
          .isEqualTo(
              TeiModels.post(api, "/v1/embeddings", "{'input':'hello world'}")
                  .at("/data/0/embedding")
                  .toString());
      JsonNode bad = Harness.JSON.readTree(lines.json(2, line.formatted("\"\"")));
      assertThat(bad.at("/response/status_code").asInt()).isEqualTo(400);
      assertThat(bad.at("/response/body/error_type").asText()).isEqualTo("Empty");
    }
  }
}
