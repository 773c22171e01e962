package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rankings of documents; the expected scores follow from the graph's formula.
class RerankTest {
  private static final List<String> TEXTS = List.of("a", "b c", "c", "q r s t", "z", "c");
  private static final double EXACT = 1e-15;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = DoorModels.start(root);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/rerank", "/v1/rerank", "/v2/rerank", "/v1/reranking"})
  void documentsAreInTheOrderOfTheirLogits(String path) {
    JsonNode body = post(path, "'query':'h','documents':" + json(TEXTS));

    List<Integer> order = order("h", TEXTS);
    // the two equal documents prove the order of ties
    assertThat(order.indexOf(2)).isEqualTo(order.indexOf(5) - 1);
    assertRanking(body.get("results"), order);
    assertRanking(body.get("data"), order);
    assertThat(body.get("object").asText()).isEqualTo("list");
    assertThat(body.get("model").asText()).isEqualTo(DoorModels.RANKER);
    assertThat(body.get("id").asText()).isEqualTo("r-1");
    assertThat(body.at("/results/0").has("document")).isFalse();
    assertThat(body.at("/data/0").has("document")).isFalse();
  }

  private static void assertRanking(JsonNode entries, List<Integer> order) {
    assertThat(entries.findValues("index")).extracting(JsonNode::asInt).isEqualTo(order);
    for (int place = 0; place < order.size(); place++) {
      double logit = DoorModels.logit("h", TEXTS.get(order.get(place)));
      assertThat(entries.at("/" + place + "/relevance_score").asDouble())
          .isCloseTo(Labels.sigmoid(logit), within(EXACT));
    }
  }

  @Test
  void tokensAreCounted() {
    JsonNode body = post("/v2/rerank", "'query':'h','documents':['a','b c']");

    // [CLS] h [SEP] a [SEP], and one more
    assertThat(body.get("usage"))
        .hasToString("{\"prompt_tokens\":11,\"completion_tokens\":0,\"total_tokens\":11}");
    assertThat(body.get("meta"))
        .hasToString(
            "{\"api_version\":{\"version\":\"2\"},\"billed_units\":{\"search_units\":1},"
                + "\"tokens\":{\"input_tokens\":11,\"output_tokens\":0}}");
    assertThat(post("/v1/rerank", "'query':'h','documents':['a']").at("/meta/api_version/version"))
        .hasToString("\"1\"");
  }

  @Test
  void teisClientsGetAnArray() {
    Harness.Reply reply = api.post("/rerank", "{'query':'h','texts':['a','z']}".replace('\'', '"'));

    List<Integer> order = order("h", List.of("a", "z"));
    String expected =
        "[{\"index\":%d,\"score\":%s},{\"index\":%d,\"score\":%s}]"
            .formatted(order.get(0), score(order.get(0)), order.get(1), score(order.get(1)));
    assertThat(reply.text()).isEqualTo(expected);
    assertThat(reply.header("cache-status")).isNotEmpty();
    assertThat(reply.header("pilotlight-cost-usd")).isNotEmpty();
  }

  private static double score(int index) {
    return Labels.sigmoid(DoorModels.logit("h", List.of("a", "z").get(index)));
  }

  @Test
  void textsAreReturnedIfTheRequestWantsThem() {
    JsonNode tei =
        raw("/rerank", "'query':'h','texts':['Grüße \uD83D\uDE00','b'],'return_text':true");
    assertThat(tei.findValuesAsText("text")).containsExactlyInAnyOrder("Grüße \uD83D\uDE00", "b");
    assertThat(tei.get(0).fieldNames()).toIterable().containsExactly("index", "text", "score");

    JsonNode object =
        post(
            "/v1/rerank",
            "'query':'h','documents':['a',{'text':'b','title':'t'}],'return_documents':true");
    assertThat(object.at("/results").findValues("document"))
        .extracting(JsonNode::toString)
        .containsExactlyInAnyOrder("{\"text\":\"a\"}", "{\"text\":\"b\"}");
    assertThat(object.at("/data").findValuesAsText("document")).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void mixedbreadsFieldsAreReadAndAnswered() {
    JsonNode body =
        post("/v1/reranking", "'query':'h','input':['a','b','c'],'top_k':2,'return_input':true");

    assertThat(body.get("data")).hasSize(2);
    assertThat(body.at("/data/0").fieldNames())
        .toIterable()
        .containsExactly("index", "relevance_score", "score", "input");
    assertThat(body.at("/data/0/score")).isEqualTo(body.at("/data/0/relevance_score"));
    assertThat(body.at("/data/0/input").asText())
        .isEqualTo(List.of("a", "b", "c").get(body.at("/data/0/index").asInt()));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/rerank, documents, top_n, 0, 6",
    "/v1/rerank, documents, top_n, 2, 2",
    "/v2/rerank, documents, top_k, 0, 6",
    "/v2/rerank, documents, top_k, 7, 6",
    "/v1/reranking, input, top_k, 1, 1",
    "/rerank, documents, top_n, 3, 3",
  })
  void topLimitsTheRankingAndZeroIsAll(
      String path, String field, String name, int top, int expected) {
    JsonNode body =
        post(path, "'query':'h','%s':%s,'%s':%d".formatted(field, json(TEXTS), name, top));

    assertThat(body.get("results")).hasSize(expected);
    assertThat(body.at("/results/0/index").asInt()).isEqualTo(order("h", TEXTS).getFirst());
    assertThat(raw("/rerank", "'query':'h','texts':%s,'top_n':%d".formatted(json(TEXTS), top)))
        .hasSize(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'raw_scores':true", "'use_activation':false", "'activation':false"})
  void rawScoresAreLogits(String choice) {
    JsonNode tei = raw("/rerank", "'query':'h','texts':['a'],%s".formatted(choice));
    JsonNode object = post("/v2/rerank", "'query':'h','documents':['a'],%s".formatted(choice));

    assertThat((float) tei.at("/0/score").asDouble()).isEqualTo(DoorModels.logit("h", "a"));
    assertThat(object.at("/results/0/relevance_score").asText())
        .isEqualTo(Float.toString(DoorModels.logit("h", "a")));
  }

  @Test
  void probabilitiesOfTheGraphAreScoresAsTheyAre() {
    JsonNode body = post("/v1/rerank", "'model':'sure','query':'h','documents':['a']");

    assertThat((float) body.at("/results/0/relevance_score").asDouble())
        .isEqualTo((float) Labels.sigmoid(DoorModels.logit("h", "a")), within(1e-6f));
    assertThat(body.get("model").asText()).isEqualTo(DoorModels.SURE);
  }

  @Test
  void longDocumentsAreTruncatedUnlessTheRequestRefuses() {
    String text = "a ".repeat(40).strip();
    String kept = "a ".repeat(12).strip();

    JsonNode body = post("/v1/rerank", "'query':'h','documents':['%s']".formatted(text));
    assertThat(body.at("/results/0/relevance_score").asDouble())
        .isCloseTo(Labels.sigmoid(DoorModels.logit("h", kept)), within(EXACT));
    for (String field : List.of("truncate", "truncation")) {
      Harness.Reply refused =
          api.post(
              "/v1/rerank",
              "{'query':'h','documents':['a','%s'],'%s':false}"
                  .formatted(text, field)
                  .replace('\'', '"'));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().get("message").asText()).contains("documents[1]");
    }
  }

  @Test
  void eachPairIsStoredByItself() {
    post("/v1/rerank", "'query':'k','documents':['a','b']");
    Harness.Reply reply =
        api.post("/rerank", "{'query':'k','texts':['b','x','a']}".replace('\'', '"'));

    assertThat(reply.header("cache-status")).contains("memory=2").contains("run=1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v2/rerank | {'model':'ranker','query':'h','documents':['a']} | /response/body/results/0",
        "/rerank | {'model':'ranker','query':'h','texts':['a','z']} | /response/body/0/index",
        "/predict | {'model':'ranker','inputs':['h','a']} | /response/body/0/score",
      })
  void lineOfABatchHasTheSameAnswer(String url, String body, String at) throws IOException {
    String line = "{'custom_id':'c','method':'POST','url':'%s','body':%s}".formatted(url, body);
    try (LineHarness lines = new LineHarness(root, DoorModels.EMBEDDER, Encoding.FLOAT)) {
      JsonNode answer = Harness.JSON.readTree(lines.json(1, line.replace('\'', '"')));

      assertThat(answer.at("/response/status_code").asInt()).isEqualTo(200);
      Harness.Reply reply = api.post(url, body.replace('\'', '"'));
      assertThat(answer.at(at)).isEqualTo(reply.json().at(at.replace("/response/body", "")));
      assertThat(answer.at(at).isMissingNode()).isFalse();
    }
  }

  @Test
  void aThousandDocumentsAreRanked() {
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      documents.add("%c %c %c".formatted('a' + i % 26, 'a' + i / 26 % 26, 'a' + i % 7));
    }

    JsonNode body = post("/v2/rerank", "'query':'q','documents':" + json(documents));

    List<Integer> expected = order("q", documents);
    assertThat(body.get("results").findValues("index"))
        .extracting(JsonNode::asInt)
        .isEqualTo(expected);
    // ties at every place of the ranking
    assertThat(documents.stream().map(it -> DoorModels.logit("q", it)).distinct().count())
        .isBetween(20L, 900L);
  }

  @Test
  void fieldsOfOtherServersThatChangeNothingAreAccepted() {
    Harness.Reply reply =
        api.post(
            "/v1/rerank",
            """
            {"query":"h","documents":["a"],"user":"u","priority":3,"rank_fields":["text"],
             "max_chunks_per_doc":1,"max_tokens_per_doc":4096,"truncate_prompt_tokens":-1,
             "rewrite_query":false,"instruction":null,"truncation_direction":"Right",
             "mm_processor_kwargs":{"a":[1]},"top_n":null}
            """);

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("pilotlight-ignored")).isEqualTo("mm_processor_kwargs");
  }

  @Test
  void theModelsSettingChoosesRawScores(@TempDir Path other) {
    try (Harness raw = DoorModels.startRaw(other)) {
      JsonNode body = raw.post("/rerank", "{\"query\":\"h\",\"texts\":[\"a\"]}").json();
      assertThat((float) body.at("/0/score").asDouble()).isEqualTo(DoorModels.logit("h", "a"));
      JsonNode not =
          raw.post("/rerank", "{\"query\":\"h\",\"texts\":[\"a\"],\"raw_scores\":false}").json();
      assertThat(not.at("/0/score").asDouble())
          .isCloseTo(Labels.sigmoid(DoorModels.logit("h", "a")), within(EXACT));
    }
  }

  /// The documents' places by the formula, highest logit first, ties by index.
  private static List<Integer> order(String query, List<String> documents) {
    Comparator<Integer> byLogit =
        Comparator.comparingDouble(i -> -DoorModels.logit(query, documents.get(i)));
    return IntStream.range(0, documents.size())
        .boxed()
        .sorted(byLogit.thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static String json(List<String> texts) {
    return Harness.JSON.valueToTree(texts).toString();
  }

  /// @param fields with single quotes
  private static JsonNode post(String path, String fields) {
    JsonNode body = raw(path, fields);
    assertThat(body.isObject()).isTrue();
    return body;
  }

  private static JsonNode raw(String path, String fields) {
    Harness.Reply reply = api.post(path, "{" + fields.replace('\'', '"') + "}");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }
}
