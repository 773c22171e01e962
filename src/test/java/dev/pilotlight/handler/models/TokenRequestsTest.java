package dev.pilotlight.handler.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
import dev.pilotlight.model.TextGraphs;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Labels of tokens by the infer route, by KServe's first protocol, and in the lines of a batch.
final class TokenRequestsTest {
  private static final int LABELS = 3;
  // [CLS] hello world [SEP]
  private static final int[] HELLO_WORLD = {101, 7592, 2088, 102};
  private static final int[] A = {101, 1037, 102};
  private static final String LOGITS =
      ",\"outputs\":[{\"name\":\"logits\"},{\"name\":\"special_tokens_mask\"},"
          + "{\"name\":\"tokens\"}]";

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
    models.withTokenizer("ner", TextGraphs.tokenClassifier(LABELS));
    models.with(
        "ner",
        "config.json",
        "{\"architectures\": [\"BertForTokenClassification\"], \"id2label\":"
            + " {\"0\": \"O\", \"1\": \"B-X\", \"2\": \"I-X\"}}");
    models.with("ner", "pilotlight.json", "{\"token_ids\": \"accept\"}");
    api = models.start("PILOTLIGHT_DEFAULT_MODEL", TestModels.SAMPLE);
    client = new InferClient(api);
    lines = new LineHarness(root, "ner", Encoding.FLOAT);
  }

  @AfterAll
  static void stop() {
    api.close();
    lines.close();
  }

  @Test
  void textsHaveAllOutputsButTheLogits() {
    JsonNode outputs = infer("['hello world']", "").at("/outputs");

    assertThat(outputs.findValuesAsText("name"))
        .containsExactly(
            "tokens",
            "label",
            "score",
            "offset_mapping",
            "special_tokens_mask",
            "subword",
            "token_ids");
    assertThat(outputs.at("/0/shape")).hasToString("[1,4]");
    assertThat(outputs.at("/0/data")).hasToString("[\"[CLS]\",\"hello\",\"world\",\"[SEP]\"]");
    assertThat(outputs.at("/3/shape")).hasToString("[1,4,2]");
    assertThat(outputs.at("/3/data")).hasToString("[0,0,0,5,6,11,0,0]");
    assertThat(outputs.at("/4/data")).hasToString("[true,false,false,true]");
    assertThat(outputs.at("/6/data")).hasToString("[101,7592,2088,102]");
  }

  @Test
  void shorterTextsArePaddedAndMasked() {
    JsonNode outputs = infer("['hello world','a']", LOGITS).at("/outputs");

    assertThat(outputs.at("/0/shape")).hasToString("[2,4,3]");
    List<Float> logits = new ArrayList<>();
    for (int[] ids : List.of(HELLO_WORLD, A)) {
      for (int id : ids) {
        IntStream.range(0, LABELS).forEach(it -> logits.add(TextGraphs.tokenLogit(id, it)));
      }
    }
    logits.addAll(List.of(0f, 0f, 0f));
    assertThat(outputs.at("/0/data")).extracting(it -> (float) it.asDouble()).isEqualTo(logits);
    assertThat(outputs.at("/1/data")).hasToString("[true,false,false,true,true,false,true,true]");
    assertThat(outputs.at("/2/data"))
        .hasToString("[\"[CLS]\",\"hello\",\"world\",\"[SEP]\",\"[CLS]\",\"a\",\"[SEP]\",\"\"]");
  }

  @Test
  void outputsMayBeBinary() {
    List<Tensor> outputs =
        client.binaryToBinary(
            "ner", Tensor.ofStrings("text", new long[] {2}, List.of("hello world", "a")));
    assertThat(outputs).extracting(Tensor::datatype).contains(Datatype.INT32, Datatype.BOOL);
    assertThat(outputs.getLast().shape()).containsExactly(2, 4);
  }

  @Test
  void graphAnswersItsOwnTensors() {
    Harness.Reply reply =
        client.json(
            "ner",
            InferClient.input("input_ids", Datatype.INT64, "[1,2]", "[101,7592]")
                + ","
                + InferClient.input("attention_mask", Datatype.INT64, "[1,2]", "[1,1]"),
            "");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().at("/outputs/0/shape")).hasToString("[1,2,3]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ",'outputs':[{'name':'logits','parameters':{'classification':2}}] |"
            + " outputs[0].parameters.classification is for one row a text",
        ",'outputs':[{'name':'embedding'}] | outputs[0].name",
      })
  void outputsThatTheTaskCannotGiveAreRefused(String more, String part) {
    Harness.Reply reply =
        client.json(
            "ner",
            InferClient.input("text", Datatype.BYTES, "[1]", "[\"a\"]"),
            more.replace('\'', '"'));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("error").asText()).contains(part);
  }

  @Test
  void pairsAreRefused() {
    Harness.Reply reply =
        client.json(
            "ner",
            InferClient.input("text", Datatype.BYTES, "[1]", "[\"a\"]")
                + ","
                + InferClient.input("text_pair", Datatype.BYTES, "[1]", "[\"b\"]"),
            "");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("takes one text an item, not a pair");
  }

  @Test
  void predictionsAreThePlacesOfTheBestLabelsAsInKServesRuntime() {
    JsonNode body = predict("{'instances':['hello world','a']}");
    assertThat(body.at("/predictions/0")).hasToString("[[%s]]".formatted(best(HELLO_WORLD)));
    assertThat(body.at("/predictions/1")).hasToString("[[%s]]".formatted(best(A)));
  }

  @Test
  void predictionsOfScoresAreOneObjectAToken() {
    JsonNode logits = predict("{'instances':['a'],'parameters':{'return_raw_logits':true}}");
    assertThat(logits.at("/predictions/0")).hasSize(3);
    assertThat((float) logits.at("/predictions/0/1/2").asDouble())
        .isEqualTo(TextGraphs.tokenLogit(1037, 2));
    JsonNode shares = predict("{'instances':['a'],'parameters':{'return_probabilities':true}}");
    double sum = 0;
    for (int i = 0; i < LABELS; i++) {
      sum += Math.exp(TextGraphs.tokenLogit(1037, i));
    }
    double share = Math.exp(TextGraphs.tokenLogit(1037, 2)) / sum;
    assertThat(shares.at("/predictions/0/1/2").asDouble()).isEqualTo(Math.round(share * 1e4) / 1e4);
  }

  private static String best(int... ids) {
    List<String> places = new ArrayList<>();
    for (int id : ids) {
      int best = 0;
      for (int i = 1; i < LABELS; i++) {
        best = TextGraphs.tokenLogit(id, i) > TextGraphs.tokenLogit(id, best) ? i : best;
      }
      places.add(Integer.toString(best));
    }
    return String.join(",", places);
  }

  @Test
  void lineOfABatchHasTheEntitiesOfHuggingFacesDoor() throws IOException {
    JsonNode door = post("/models/ner", "{'inputs':'hello world'}");
    JsonNode line = line("{'model':'ner','text':'hello world'}");
    assertThat(line.at("/entities")).isEqualTo(door);
    assertThat(line.at("/tokens").asInt()).isEqualTo(4);
    assertThat(line.at("/result_id").asText()).isNotEmpty();

    JsonNode listed = line("{'model':'ner','inputs':['hello world','a']}");
    assertThat(listed.at("/entities"))
        .isEqualTo(post("/models/ner", "{'inputs':['hello world','a']}"));
    assertThat(listed.at("/result_ids")).hasSize(2);
  }

  @Test
  void lineOfABatchMayBeARequest() throws IOException {
    JsonNode line =
        line(
            "{'custom_id':'a','method':'POST','url':'/models/ner','body':{'inputs':'hello world',"
                + "'parameters':{'aggregation_strategy':'none','ignore_labels':[]}}}");
    assertThat(line.at("/response/status_code").asInt()).as(line.toString()).isEqualTo(200);
    assertThat(line.at("/response/body")).hasSize(2);
    assertThat(line.at("/response/body/0/word").asText()).isEqualTo("hello");
  }

  @Test
  void lineWithTheWrongParameterHasTheDoorsError() throws IOException {
    JsonNode line =
        line(
            "{'custom_id':'b','method':'POST','url':'/models/ner','body':{'inputs':'a',"
                + "'parameters':{'stride':1}}}");
    assertThat(line.at("/response/status_code").asInt()).isEqualTo(400);
    assertThat(line.at("/response/body/error").asText()).contains("stride is not supported");
  }

  private static JsonNode predict(String body) {
    return post("/v1/models/ner:predict", body);
  }

  private static JsonNode post(String path, String body) {
    Harness.Reply reply = api.post(path, body.replace('\'', '"'));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static JsonNode line(String json) throws IOException {
    return Harness.JSON.readTree(lines.json(1, json.replace('\'', '"')));
  }

  private static JsonNode infer(String texts, String more) {
    String count = "[%d]".formatted(texts.split(",", -1).length);
    Harness.Reply reply =
        client.json(
            "ner",
            InferClient.input("text", Datatype.BYTES, count, texts).replace('\'', '"'),
            more);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }
}
