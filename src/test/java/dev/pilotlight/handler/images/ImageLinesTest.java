package dev.pilotlight.handler.images;

import static dev.pilotlight.handler.images.ImageRequests.base64;
import static dev.pilotlight.handler.images.ImageRequests.dataUrl;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Lines of a batch with images have the answers of the API.
final class ImageLinesTest {
  private static final byte[] RED = Pictures.png(Pictures.RED);

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @SuppressWarnings("NullAway.Init")
  private static LineHarness lines;

  @BeforeAll
  static void start() {
    api = ImageModels.in(root).start("PILOTLIGHT_DEFAULT_MODEL", ImageModels.TEXTS);
    lines = new LineHarness(root, ImageModels.TEXTS, Encoding.FLOAT);
  }

  @AfterAll
  static void stop() {
    api.close();
    lines.close();
  }

  static Stream<Arguments> requests() {
    String two = "['" + base64(RED) + "','" + dataUrl(Pictures.png(Pictures.BLUE)) + "']";
    String gif = base64(Pictures.gif());
    String cut = base64(Pictures.cut(RED, 20));
    return Stream.of(
        Arguments.of("/models/colours", 200, "{'inputs':'" + dataUrl(RED) + "'}"),
        Arguments.of("/models/eye", 200, "{'inputs':" + two + "}"),
        Arguments.of("/v1/embeddings", 200, "{'model':'eye','input':" + two + "}"),
        Arguments.of(
            "/v2/models/colours/infer",
            200,
            "{'inputs':[{'name':'image','datatype':'BYTES','shape':[2],'data':" + two + "}]}"),
        Arguments.of("/models/colours", 415, "{'inputs':'" + gif + "'}"),
        Arguments.of("/models/colours", 400, "{'inputs':['" + dataUrl(RED) + "','" + cut + "']}"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aLineHasTheBodyOfTheApi(String url, int status, String body) throws IOException {
    String json = body.replace('\'', '"');
    Harness.Reply reply = api.post(url, json);
    assertThat(reply.status()).isEqualTo(status);
    String line =
        "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"" + url + "\",\"body\":" + json + "}";
    lines.beginObject();
    JsonNode response = Harness.JSON.readTree(lines.json(1, line)).get("response");
    assertThat(response.get("status_code").asInt()).isEqualTo(status);
    assertThat(response.get("body")).isEqualTo(reply.json());
  }

  @Test
  void aLineWithATextIsRefused() throws IOException {
    JsonNode answer = Harness.JSON.readTree(lines.json(1, "{\"model\":\"eye\",\"text\":\"a\"}"));
    assertThat(answer.at("/error/message").asText())
        .contains("takes images, not texts", "method, url and body");
  }
}
