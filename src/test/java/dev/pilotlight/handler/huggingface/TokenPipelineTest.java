package dev.pilotlight.handler.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.handler.tei.TeiModels;
import dev.pilotlight.model.TextGraphs;
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
import org.junit.jupiter.params.provider.ValueSource;

/// The task token-classification on the paths of Hugging Face's inference API.
final class TokenPipelineTest {
  private static final String NER = "ner-model";
  private static final String LABELS = "O,B-PER,I-PER,B-LOC,I-LOC";
  // [CLS] hello world [SEP]
  private static final int HELLO = 7592;
  private static final int WORLD = 2088;
  private static final double FLOAT = 1e-6;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void open() {
    api = start(root);
  }

  /// The function on a token classifier, the default, next to models of other tasks.
  static Harness start(Path models) {
    TestModels all = TeiModels.in(models).withTokenizer(NER, TextGraphs.tokenClassifier(5));
    all.with(
        NER,
        "config.json",
        """
        {"architectures": ["BertForTokenClassification"], "max_position_embeddings": 16,
         "id2label": {"0": "O", "1": "B-PER", "2": "I-PER", "3": "B-LOC", "4": "I-LOC"}}
        """);
    return all.start("PILOTLIGHT_DEFAULT_MODEL", NER);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/invocations",
        "/models/ner-model",
        "/models/org/ner-model",
        "/models/ner-model/pipeline/token-classification",
        "/models/ner-model/pipeline/ner",
        "/pipeline/token-classification/ner-model",
        "/pipeline/ner/ner-model"
      })
  void oneTextGivesItsEntitiesAndAListAListForEach(String path) {
    JsonNode one = post(path, "'inputs':'hello world','parameters':{'ignore_labels':[]}");
    assertThat(one.isArray()).isTrue();
    assertThat(one.get(0).fieldNames())
        .toIterable()
        .containsExactly("entity_group", "score", "word", "start", "end");
    JsonNode many = post(path, "'inputs':['hello world','a'],'parameters':{'ignore_labels':[]}");
    assertThat(many).hasSize(2);
    assertThat(many.get(0)).isEqualTo(one);
    assertThat(post(path, "'inputs':['hello world'],'parameters':{'ignore_labels':[]}"))
        .hasSize(1)
        .first()
        .isEqualTo(one);
  }

  @Test
  void withoutAggregationEachTokenHasItsLabelByTheFormula() {
    JsonNode tokens = all("hello world", "none");
    assertThat(tokens).hasSize(2);
    assertToken(tokens.get(0), HELLO, 1, "hello", 0, 5);
    assertToken(tokens.get(1), WORLD, 2, "world", 6, 11);
  }

  private static void assertToken(
      JsonNode token, int id, int index, String word, int start, int end) {
    double sum = 0;
    int best = 0;
    for (int label = 0; label < 5; label++) {
      sum += Math.exp(TextGraphs.tokenLogit(id, label));
      best = TextGraphs.tokenLogit(id, label) > TextGraphs.tokenLogit(id, best) ? label : best;
    }
    assertThat(token.fieldNames())
        .toIterable()
        .containsExactly("entity", "score", "index", "word", "start", "end");
    assertThat(token.get("entity").asText()).isEqualTo(LABELS.split(",", -1)[best]);
    assertThat(token.get("score").asDouble())
        .isCloseTo(Math.exp(TextGraphs.tokenLogit(id, best)) / sum, within(FLOAT));
    assertThat(token.get("index").asInt()).isEqualTo(index);
    assertThat(token.get("word").asText()).isEqualTo(word);
    assertThat(token.get("start").asInt()).isEqualTo(start);
    assertThat(token.get("end").asInt()).isEqualTo(end);
  }

  @Test
  void simpleAndTheLabelOAreTheDefaults() {
    JsonNode all = all("the quick brown fox jumps over it", "simple");
    JsonNode some = post("/", "'inputs':'the quick brown fox jumps over it'");
    List<JsonNode> kept =
        IntStream.range(0, all.size())
            .mapToObj(all::get)
            .filter(it -> !it.get("entity_group").asText().equals("O"))
            .toList();
    assertThat(kept).isNotEmpty().hasSizeLessThan(all.size());
    assertThat(some).containsExactlyElementsOf(kept);
    assertThat(post("/", "'inputs':'the quick brown fox jumps over it','parameters':null"))
        .isEqualTo(some);
  }

  /// Places count code points of the text as it was sent, however the tokenizer changes it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "HELLO World | hello=HELLO world=World",
        "Caf\u00e9 noir | cafe=Caf\u00e9 noir=noir",
        "\uD83D\uDE00 hello | [UNK]=\uD83D\uDE00 hello=hello",
        "\u6771\u4eac hello | \u6771=\u6771 \u4eac=\u4eac hello=hello",
        "\uD83D\uDC69\u200d\uD83D\uDE80a   world! | world=world !=!",
      })
  void wordsAreFoundInTheText(String text, String expected) {
    JsonNode tokens = all(text, "none");
    int[] points = text.codePoints().toArray();
    for (String pair : expected.split(" ", -1)) {
      String word = pair.substring(0, pair.indexOf('=', 1));
      String part = pair.substring(pair.indexOf('=', 1) + 1);
      assertThat(tokens)
          .anySatisfy(
              token -> {
                // an unknown token has the text's part as its word
                String shown = word.equals("[UNK]") ? part : word;
                assertThat(token.get("word").asText()).isEqualTo(shown);
                int start = token.get("start").asInt();
                int count = token.get("end").asInt() - start;
                assertThat(new String(points, start, count)).isEqualTo(part);
              });
    }
  }

  @Test
  void longTextIsTruncatedUnlessTheRequestForbidsIt() {
    String text = "hello ".repeat(40);
    JsonNode tokens = all(text, "none");
    assertThat(tokens).hasSize(14);
    assertThat(tokens.get(13).get("end").asInt()).isEqualTo(83);
    Harness.Reply refused =
        api.post(
            "/", TeiModels.quoted("{'inputs':'" + text + "','parameters':{'truncation':false}}"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("error").asText()).contains("42 tokens", "16");
  }

  @Test
  void textOfSpacesHasNoEntities() {
    assertThat(all(" ", "none")).isEmpty();
    assertThat(post("/", "'inputs':[' ',' ']").toString()).isEqualTo("[[],[]]");
  }

  @Test
  void storedAnswerHasTheSameBytesForEveryAggregation() {
    String fields = "{'inputs':'unbelievably ramazzotti','parameters':{'ignore_labels':[],";
    List<String> strategies = List.of("none", "simple", "first", "average", "max");
    List<String> fresh = new ArrayList<>();
    for (String strategy : strategies) {
      String body = fields + "'aggregation_strategy':'" + strategy + "'}";
      fresh.add(reply(body + ",'options':{'use_cache':false}}").text());
    }
    for (int i = 0; i < fresh.size(); i++) {
      String body = fields + "'aggregation_strategy':'" + strategies.get(i) + "'}}";
      assertThat(reply(body).header("cache-status")).contains("hit");
      assertThat(reply(body).text()).isEqualTo(fresh.get(i));
    }
    assertThat(fresh).doesNotHaveDuplicates();
  }

  @Test
  void thousandTextsAreAnsweredInOrder() {
    List<String> texts = IntStream.range(0, 1000).mapToObj(i -> "'hello " + i + "'").toList();
    JsonNode all = post("/", "'inputs':%s,'parameters':{'ignore_labels':[]}".formatted(texts));
    assertThat(all).hasSize(1000);
    for (int i : new int[] {0, 7, 999}) {
      assertThat(all.get(i)).isEqualTo(all("hello " + i, "simple"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/predict | {'inputs':'a','model':'ner-model'} | is not a classifier model",
        "/embed | {'inputs':'a','model':'ner-model'} | is not an embedding model",
        "/rerank | {'query':'a','texts':['b'],'model':'ner-model'} | re-ranker",
        "/similarity | {'inputs':{'source_sentence':'a','sentences':['b']},'model':'ner-model'} |"
            + " embedding model",
      })
  void teiRefusesTheTask(String path, String body, String part) {
    Harness.Reply reply = api.post(path, TeiModels.quoted(body));
    assertThat(reply.status()).as(reply.text()).isEqualTo(424);
    assertThat(reply.json().get("error").asText()).containsIgnoringCase(part);
    assertThat(reply.json().get("error_type").asText()).isEqualTo("Backend");
  }

  @Test
  void teisInfoHasNoTypeForTheTask() throws IOException {
    ObjectNode event = (ObjectNode) Harness.JSON.readTree(TestRequest.of("GET", "/info").event());
    event.putObject("queryStringParameters").put("model", NER);
    Harness.Reply reply = api.send(TestRequest.utf8(event.toString()));
    assertThat(reply.status()).as(reply.text()).isEqualTo(424);
    assertThat(reply.json().get("error").asText()).contains("classifies tokens");
  }

  @Test
  void metadataNamesTheTaskAndItsOutputs() {
    JsonNode model = api.send(TestRequest.of("GET", "/v2/models/ner-model").event()).json();
    assertThat(model.at("/parameters/task/value").asText()).isEqualTo("token-classification");
    assertThat(model.at("/parameters/scoring/value").asText()).isEqualTo("SOFTMAX");
    assertThat(model.at("/outputs").findValuesAsText("name"))
        .containsExactly(
            "tokens",
            "label",
            "score",
            "offset_mapping",
            "special_tokens_mask",
            "subword",
            "token_ids",
            "logits");
    assertThat(model.at("/outputs/7/shape")).hasToString("[-1,-1,5]");
  }

  private static JsonNode all(String text, String strategy) {
    return post(
        "/models/ner-model",
        "'inputs':'%s','parameters':{'aggregation_strategy':'%s','ignore_labels':[]}"
            .formatted(text, strategy));
  }

  private static JsonNode post(String path, String fields) {
    return TeiModels.post(api, path, "{" + fields + "}");
  }

  private static Harness.Reply reply(String body) {
    Harness.Reply reply = api.post("/", TeiModels.quoted(body));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply;
  }
}
