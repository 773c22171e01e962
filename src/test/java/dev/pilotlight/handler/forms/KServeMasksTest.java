package dev.pilotlight.handler.forms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.model.forms.MaskGraphs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Masks by KServe's protocols.
class KServeMasksTest {
  private static final int MASK = 103;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = new FormModels(root).start("PILOTLIGHT_DEFAULT_MODEL", "masks");
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void kserveAnswersTheBestTokensAsOneText() {
    JsonNode one =
        send(
            "/v1/models/masks:predict",
            "{\"instances\":[\"paris is [MASK]\",\"[MASK] or [MASK]\"]}");
    assertThat(one.get("predictions")).hasSize(2);
    long[] ids = FormModels.ids(api, "masks", "paris is [MASK]");
    int best = MaskFormulas.best(ids, MASK, FormModels.VOCABULARY).getFirst();
    assertThat(one.at("/predictions/0").asText())
        .isEqualTo(FormModels.text(api, "masks", false, best));
    long[] two = FormModels.ids(api, "masks", "[MASK] or [MASK]");
    long[] filled = {
      MaskFormulas.order(two, 1, MaskFormulas.all(FormModels.VOCABULARY)).getFirst(),
      MaskFormulas.order(two, 3, MaskFormulas.all(FormModels.VOCABULARY)).getFirst()
    };
    assertThat(one.at("/predictions/1").asText())
        .isEqualTo(FormModels.text(api, "masks", false, filled));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'instances':['no mask']} | 400 | instances[0]: No mask_token ([MASK]) found",
        "{'instances':['a [MASK]'],'parameters':{'return_probabilities':true}} | 400 | labels",
        "{'instances':['a [MASK]'],'parameters':{'return_raw_logits':true}} | 400 | labels",
        "{'instances':[]} | 400 | instances is empty"
      })
  void kserveRefusesWrongInstances(String body, int status, String message) {
    Harness.Reply reply = api.post("/v1/models/masks:predict", body.replace('\'', '"'));
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.json().get("error").asText()).contains(message);
  }

  @Test
  void kserveCountsTheSequencesThatItsResultsHold() {
    List<String> texts = IntStream.range(0, 2).mapToObj(i -> "[MASK] ".repeat(20) + i).toList();
    String body = "{\"instances\":%s}".formatted(Harness.JSON.valueToTree(texts));
    assertThat(api.post("/v1/models/masks:predict", body).status()).isEqualTo(200);
    texts = IntStream.range(0, 60).mapToObj(i -> "[MASK] ".repeat(400) + i).toList();
    body = "{\"instances\":%s}".formatted(Harness.JSON.valueToTree(texts));
    Harness.Reply reply = api.post("/v1/models/masks:predict", body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(413);
    assertThat(reply.json().get("error").asText())
        .contains("instances: with 1 sequences for each mask")
        .contains("accepted: up to 33554432; send fewer instances");
  }

  @Test
  void graphItselfRemainsInTheOpenInferenceProtocol() {
    Harness.Reply meta = api.send("GET", "/v2/models/masks", Map.of(), new byte[0]);
    assertThat(meta.json().at("/inputs/0/name").asText()).isEqualTo("input_ids");
    assertThat(meta.json().at("/outputs/0/name").asText()).isEqualTo("logits");
    assertThat(meta.json().at("/parameters/task/value").asText()).isEqualTo("fill-mask");
    assertThat(meta.json().at("/parameters/mask_token/value").asText()).isEqualTo("[MASK]");
    String inputs =
        """
        {"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,2],"data":[1,3]},
         {"name":"attention_mask","datatype":"INT64","shape":[1,2],"data":[1,1]}]}
        """;
    JsonNode logits = send("/v2/models/small/infer", inputs).at("/outputs/0/data");
    assertThat(logits.get(FormModels.SMALL_VOCABULARY + 9).floatValue())
        .isEqualTo(MaskGraphs.logit(new long[] {1, 3}, 1, 9));
    Harness.Reply text =
        api.post(
            "/v2/models/masks/infer",
            """
            {"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"]}]}
            """);
    assertThat(text.status()).isEqualTo(400);
    assertThat(text.json().get("error").asText()).contains("inputs[0].name is \"text\"");
  }

  private static JsonNode send(String path, String body) {
    Harness.Reply reply = api.post(path, body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }
}
