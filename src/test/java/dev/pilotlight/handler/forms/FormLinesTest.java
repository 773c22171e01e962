package dev.pilotlight.handler.forms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Lines of batches that ask for masks, sparse vectors and vectors of all tokens, held against what
/// the API answers.
class FormLinesTest {
  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @SuppressWarnings("NullAway.Init")
  private static LineHarness lines;

  @BeforeAll
  static void start() {
    api = new FormModels(root).start("PILOTLIGHT_DEFAULT_MODEL", "masks");
    lines = new LineHarness(root, "masks", Encoding.FLOAT);
  }

  @AfterAll
  static void stop() {
    api.close();
    lines.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/models/masks | {'inputs':'a [MASK] b','parameters':{'top_k':2}} | 200",
        "/models/bytes | {'inputs':['a <mask>','<mask> <mask>']} | 200",
        "/models/masks | {'inputs':'none'} | 400",
        "/embed_sparse | {'inputs':['a','b c'],'model':'splade'} | 200",
        "/embed_sparse | {'inputs':'a','model':'masks'} | 424",
        "/embed_all | {'inputs':'a b','model':'linear'} | 200",
        "/embed_all | {'inputs':'a','model':'splade'} | 424"
      })
  void requestIsAnsweredAsByTheApi(String url, String body, int status)
      throws JsonProcessingException {
    String request = body.replace('\'', '"');
    ObjectNode line = Harness.JSON.createObjectNode().put("custom_id", "c").put("method", "POST");
    line.put("url", url).set("body", Harness.JSON.readTree(request));
    JsonNode answer = Harness.JSON.readTree(lines.json(1, line.toString())).get("response");

    Harness.Reply reply = api.post(url, request);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(answer.get("status_code").asInt()).isEqualTo(status);
    assertThat(answer.get("body")).isEqualTo(reply.json());
  }

  @Test
  void simpleLineOfSuchAModelIsRefusedByItsTask() {
    assertThat(lines.json(1, "{\"id\":\"1\",\"text\":\"a [MASK]\"}"))
        .contains("has the task fill-mask, for which a line is a request");
    assertThat(lines.json(1, "{\"id\":\"1\",\"model\":\"splade\",\"text\":\"a\"}"))
        .contains("has the task sparse-embedding, for which a line is a request");
  }
}
