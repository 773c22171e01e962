package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.model.TextGraphs;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pairs of texts through the whole function: by the infer route, and in the lines of a batch.
final class PairRequestsTest {
  private static final String CLASSIFIER =
      "{\"architectures\": [\"BertForSequenceClassification\"]}";
  private static final String LOGITS = ",\"outputs\":[{\"name\":\"logits\"}]";
  private static final int HELLO = 7592;
  private static final int THIS = 2023;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @SuppressWarnings("NullAway.Init")
  private static InferClient client;

  @SuppressWarnings("NullAway.Init")
  private static LineHarness lines;

  @BeforeAll
  static void start() {
    TestModels models = new TestModels(root).withSample();
    models.withTokenizer("ranker", TextGraphs.crossEncoder(1));
    models.with("ranker", "config.json", CLASSIFIER);
    models.with("ranker", "pilotlight.json", "{\"max_tokens\": 8}");
    models.withTokenizer("nli", TextGraphs.crossEncoder(3));
    models.with("nli", "config.json", CLASSIFIER);
    api = models.start("PILOTLIGHT_DEFAULT_MODEL", TestModels.SAMPLE);
    client = new InferClient(api);
    lines = new LineHarness(root, "ranker", Encoding.FLOAT);
  }

  @AfterAll
  static void stop() {
    api.close();
    lines.close();
  }

  @Test
  void eachPairHasItsLabelAndScore() {
    JsonNode outputs = outputs("ranker", "['hello','this']", "['this','hello']", "");

    assertThat(outputs.findValuesAsText("name")).containsExactly("label", "score");
    assertThat(outputs.at("/1/shape")).hasToString("[2]");
    assertThat(outputs.at("/1/data/0").asDouble())
        .isCloseTo(Labels.sigmoid(logit(HELLO, THIS)), within(1e-6));
    assertThat(outputs.at("/1/data/1").asDouble())
        .isCloseTo(Labels.sigmoid(logit(THIS, HELLO)), within(1e-6));
  }

  @Test
  void logitsAreWrittenIfTheyAreRequested() {
    JsonNode one = outputs("ranker", "['hello']", "['this']", LOGITS);
    assertThat(one.findValuesAsText("name")).containsExactly("logits");
    assertThat(one.at("/0/shape")).hasToString("[1,1]");
    assertThat((float) one.at("/0/data/0").asDouble()).isEqualTo(logit(HELLO, THIS));

    JsonNode three = outputs("nli", "['hello','this']", "['this','hello']", LOGITS);
    assertThat(three.at("/0/shape")).hasToString("[2,3]");
    assertThat((float) three.at("/0/data/5").asDouble()).isEqualTo(3 * logit(THIS, HELLO));
  }

  @Test
  void pairsAndLogitsMayBeBinary() {
    List<Tensor> outputs =
        client.binaryToBinary(
            "ranker",
            Tensor.ofStrings("text", new long[] {1}, List.of("hello")),
            Tensor.ofStrings("text_pair", new long[] {1}, List.of("this")));
    assertThat(outputs).extracting(Tensor::name).containsExactly("label", "score");
  }

  @Test
  void metadataNamesTheLogits() {
    JsonNode nli = get("/v2/models/nli");

    assertThat(nli.at("/outputs").findValuesAsText("name"))
        .containsExactly("label", "score", "logits");
    assertThat(nli.at("/outputs/2/shape")).hasToString("[-1,3]");
    assertThat(nli.at("/outputs/2/datatype").asText()).isEqualTo("FP32");
  }

  @Test
  void equalPairsShareAResult() {
    Harness.Reply first = send("ranker", "['hello hello']", "['this']", "");
    Harness.Reply second =
        send("ranker", "['hello hello']", "['this']", ",\"parameters\":{\"truncate\":true}");
    Harness.Reply logits = send("ranker", "['hello hello']", "['this']", LOGITS);

    assertThat(first.header("cache-status")).doesNotContain("hit");
    assertThat(second.header("cache-status")).contains("hit");
    assertThat(logits.header("cache-status")).contains("hit");
    assertThat(id(second)).isEqualTo(id(first));
    assertThat(id(send("ranker", "['hello']", "['hello this']", ""))).isNotEqualTo(id(first));
  }

  @Test
  void pairOverTheLimitIsRefusedOrTruncated() {
    String second = "['this this this this this this']";
    Harness.Reply refused = send("ranker", "['hello']", second, "");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text())
        .contains("inputs[0].data[0]")
        .contains("the two texts have 10 tokens together; the model takes 8");

    JsonNode truncated =
        outputs("ranker", "['hello']", second, ",\"parameters\":{\"truncate\":true}" + LOGITS);
    float logit =
        TextGraphs.crossLogit(new int[] {101, HELLO, 102}, new int[] {THIS, THIS, THIS, THIS, 102});
    assertThat((float) truncated.at("/0/data/0").asDouble()).isEqualTo(logit);
  }

  @Test
  void modelOfEmbeddingsRefusesAPair() {
    Harness.Reply reply = send(TestModels.SAMPLE, "['hello']", "['this']", "");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text())
        .contains("inputs[1].name is \\\"text_pair\\\"; model all-minilm-l6-v2 takes one text");
  }

  @Test
  void lineOfABatchMayBeAPair() throws IOException {
    JsonNode line = line("{'id':'a','text':'hello','text_pair':'this'}");

    assertThat(line.at("/label").asText()).isEqualTo("LABEL_0");
    assertThat(line.at("/score").asDouble())
        .isCloseTo(Labels.sigmoid(logit(HELLO, THIS)), within(1e-6));
    assertThat(line.at("/tokens").asInt()).isEqualTo(5);
    assertThat(line.has("ignored")).isFalse();
    assertThat(line.at("/result_id").asText())
        .isNotEqualTo(line("{'id':'a','text':'hello'}").at("/result_id").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "'truncate':false,"})
  void lineWithAPairOverTheLimitIsAnError(String more) throws IOException {
    String text = "hello ".repeat(9).strip();

    JsonNode line = line("{%s'text':'%s','text_pair':'b'}".formatted(more, text));

    assertThat(line.at("/error/param").asText()).isEqualTo("text");
    assertThat(line.at("/error/message").asText()).contains("have 13 tokens together");
    assertThat(line("{'truncate':true,'text':'%s','text_pair':'b'}".formatted(text)).at("/tokens"))
        .hasToString("8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'all-minilm-l6-v2','text':'a','text_pair':'b'} | takes one text an item",
        "{'text':'a','text_pair':''} | text_pair is empty",
        "{'text_pair':'b'} | the line has no first one",
        "{'inputs':['a'],'text_pair':'b'} | the line has inputs",
      })
  void wrongLineNamesThePair(String json, String message) throws IOException {
    JsonNode error = line(json).at("/error");

    assertThat(error.at("/param").asText()).isEqualTo("text_pair");
    assertThat(error.at("/message").asText()).contains(message);
  }

  private static float logit(int first, int second) {
    return TextGraphs.crossLogit(new int[] {101, first, 102}, new int[] {second, 102});
  }

  private static JsonNode line(String json) throws IOException {
    return Harness.JSON.readTree(lines.json(1, json.replace('\'', '"')));
  }

  private static JsonNode get(String path) {
    return api.send(TestRequest.of("GET", path).event()).json();
  }

  private static String id(Harness.Reply reply) {
    return reply.json().at("/parameters/result_ids").asText();
  }

  private static JsonNode outputs(String model, String first, String second, String more) {
    Harness.Reply reply = send(model, first, second, more);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().at("/outputs");
  }

  /// @param first and `second` as JSON arrays with single quotes
  private static Harness.Reply send(String model, String first, String second, String more) {
    String count = "[%d]".formatted(first.split(",", -1).length);
    String inputs =
        InferClient.input("text", Datatype.BYTES, count, first)
            + ","
            + InferClient.input("text_pair", Datatype.BYTES, count, second);
    return client.json(model, inputs.replace('\'', '"'), more);
  }
}
