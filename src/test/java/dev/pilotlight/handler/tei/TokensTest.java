package dev.pilotlight.handler.tei;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `POST /tokenize`, `POST /decode`, `GET /info`, `GET /health` and `GET /ping`.
final class TokensTest {
  private static final String CLS =
      "{\"id\":101,\"text\":\"[CLS]\",\"special\":true,\"start\":null,\"stop\":null}";
  private static final String SEP =
      "{\"id\":102,\"text\":\"[SEP]\",\"special\":true,\"start\":null,\"stop\":null}";

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
  void eachTokenHasItsPlaceInTheText() {
    String hello = "{\"id\":7592,\"text\":\"Hello\",\"special\":false,\"start\":0,\"stop\":5}";
    String world = "{\"id\":2088,\"text\":\"world\",\"special\":false,\"start\":6,\"stop\":11}";

    assertThat(tokenize("'inputs':'Hello world'").toString())
        .isEqualTo("[[%s,%s,%s,%s]]".formatted(CLS, hello, world, SEP));
    assertThat(tokenize("'inputs':'Hello world','add_special_tokens':false").toString())
        .isEqualTo("[[%s,%s]]".formatted(hello, world));
    assertThat(tokenize("'inputs':['Hello','Hello']").toString())
        .isEqualTo("[[%s,%s,%s],[%s,%s,%s]]".formatted(CLS, hello, SEP, CLS, hello, SEP));
  }

  /// In `text-embeddings-inference`, `start` and `stop` are bytes of the text as UTF-8.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u6f22\u5b57 Gr\u00fc\u00dfe",
        "caf\u00e9 \uD83D\uDE00 x",
        "e\u0301tude",
        "\u00df[SEP] hello",
        "  tabs\tand\u00a0spaces "
      })
  void placesAreBytes(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    JsonNode tokens = tokenize("'inputs':'" + text.replace("\t", "\\t") + "'").get(0);
    assertThat(tokens.size()).isGreaterThan(2);
    int last = 0;
    for (JsonNode token : tokens) {
      if (token.get("special").asBoolean()) {
        assertThat(token.get("start").isNull()).isTrue();
        continue;
      }
      int from = token.get("start").asInt();
      int to = token.get("stop").asInt();
      assertThat(from).isGreaterThanOrEqualTo(last);
      assertThat(new String(Arrays.copyOfRange(utf8, from, to), StandardCharsets.UTF_8))
          .isEqualTo(token.get("text").asText());
      last = to;
    }
  }

  @Test
  void aCharacterOfThreeBytesHasAPlaceOfThree() {
    JsonNode tokens = tokenize("'inputs':'\u4e2d \u6587'").get(0);
    assertThat(tokens.get(1).toString())
        .endsWith("\"text\":\"\u4e2d\",\"special\":false,\"start\":0,\"stop\":3}");
    assertThat(tokens.get(2).toString()).endsWith("\"start\":4,\"stop\":7}");
  }

  @Test
  void thePromptIsPartOfTheText() {
    JsonNode tokens = tokenize("'inputs':'world','prompt_name':'query','model':'plain'").get(0);
    assertThat(tokens.get(1).get("text").asText()).isEqualTo("hello");
    assertThat(tokens.get(2).get("start").asInt()).isEqualTo(6);
    assertThat(send("/tokenize", "'inputs':'a','prompt_name':'x','model':'plain'").status())
        .isEqualTo(422);
  }

  @Test
  void aTextWithoutTokensHasNone() {
    assertThat(tokenize("'inputs':[' '],'add_special_tokens':false").toString()).isEqualTo("[[]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[101,7592,2088,102] | [\"hello world\"]",
        "[101,7592,2088,102],'skip_special_tokens':true | [\"hello world\"]",
        "[101,7592,2088,102],'skip_special_tokens':false | [\"[CLS] hello world [SEP]\"]",
        "[[7592],[2088,2088]] | [\"hello\",\"world world\"]",
        "[101,102] | [\"\"]",
      })
  void idsBecomeText(String ids, String texts) {
    assertThat(TeiModels.post(api, "/decode", "{'ids':" + ids + "}").toString()).isEqualTo(texts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/decode | 'ids':[30522] | 422 | token id 30522 | 30521",
        "/decode | 'ids':[[1],[2,2147483647]] | 422 | ids[1] | token id 2147483647",
        "/decode | 'ids':[4294967296] | 422 | ids[0] | 2147483647",
        "/decode | 'ids':[-1] | 422 | ids[0] | accepted",
        "/decode | 'ids':[] | 400 | ids is empty | Empty",
        "/decode | 'ids':[[]] | 400 | ids[0] is empty | Empty",
        "/decode | 'ids':'a' | 422 | ids is a string | Validation",
        "/decode | 'ids':[1,[2]] | 422 | ids[1] | Validation",
        "/decode | 'ids':[[1],2] | 422 | ids[1] | Validation",
        "/decode | 'ids':null | 422 | ids is null | Validation",
        "/decode | 'id':[1] | 422 | did you mean ids | Validation",
        "/decode | 'text':[1] | 422 | ids is missing | Validation",
        "/decode | 'ids':[1],'skip_special_tokens':1 | 422 | skip_special_tokens | true or false",
        "/decode | 'ids':[1],'model':'none' | 404 | none | Validation",
        "/decode | 'ids':[1],'model':'tensors' | 424 | no tokenizer | Backend",
        "/tokenize | 'inputs':'' | 400 | inputs is empty | Empty",
        "/tokenize | 'inputs':[] | 400 | inputs is empty | Empty",
        "/tokenize | 'inputs':['a',''] | 400 | inputs[1] is empty | Empty",
        "/tokenize | 'inputs':[1] | 422 | inputs[0] is a number | Validation",
        "/tokenize | 'inputs':{} | 422 | inputs is an object | Validation",
        "/tokenize | 'inputs':'a','add_special_tokens':'x' | 422 | add_special_tokens | Validation",
        "/tokenize | 'inputs':'a','prompt_name':5 | 422 | prompt_name is a number | Validation",
        "/tokenize | 'inputs':'a','prompt_name':'query' | 422 | prompt_name is there | no prompts",
        "/tokenize | 'inputs':'a','add_special_token':false | 422 | did you mean | Validation",
        "/tokenize | 'inputs':'a','model':'tensors' | 424 | no tokenizer | Backend",
        "/tokenize | | 422 | inputs is missing | Validation",
      })
  void badQuestionsAreRefused(
      String path, @Nullable String fields, int status, String part, String otherPart) {
    Harness.Reply reply = send(path, fields == null ? "" : fields);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json().fieldNames()).toIterable().containsExactly("error", "error_type");
    assertThat(reply.text()).contains(part, otherPart);
  }

  @Test
  void aTextHasALimitOfCharacters() {
    String text = "x ".repeat(16 * 125);
    assertThat(send("/tokenize", "'model':'plain','inputs':'" + text + "'").status())
        .isEqualTo(200);
    Harness.Reply refused = send("/tokenize", "'model':'plain','inputs':'" + text + "y'");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("4001 characters", "up to 4000");
  }

  @Test
  void aListHasALimit() {
    String many = "'a',".repeat(2048) + "'a'";
    assertThat(send("/tokenize", "'inputs':[" + many + "]").status()).isEqualTo(422);
    String lists = "[1],".repeat(2048) + "[1]";
    Harness.Reply refused = send("/decode", "'ids':[" + lists + "]");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("ids has more than 2048 elements");
  }

  /// 200 texts of 1,000 tokens have 12 MB as JSON.
  @Test
  void anAnswerThatIsTooLargeIsRefusedWhileItIsMade() {
    String texts = ("'" + "a ".repeat(1000) + "',").repeat(199) + "'a'";
    Harness.Reply refused = send("/tokenize", "'inputs':[" + texts + "]");
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.text()).containsPattern("the answer up to inputs\\[\\d\\d\\] has");
    String ids = "[" + "7592,".repeat(999) + "7592],";
    Harness.Reply decoded = send("/decode", "'ids':[" + ids.repeat(1150) + "[1]]");
    assertThat(decoded.status()).isEqualTo(413);
    assertThat(decoded.text()).containsPattern("the answer up to ids\\[\\d+\\] has");
  }

  @Test
  void infoHasTheModelAndTheLimits() {
    JsonNode info = get("/info").json();
    assertThat(info.get("model_id").asText()).isEqualTo(TeiModels.SAMPLE);
    assertThat(info.get("model_sha").asText()).hasSize(64);
    assertThat(info.at("/model_type/embedding/pooling").asText()).isEqualTo("mean");
    assertThat(info.get("max_input_length").asInt()).isEqualTo(256);
    assertThat(info.get("max_client_batch_size").asInt()).isEqualTo(2048);
    assertThat(info.get("auto_truncate").asBoolean()).isTrue();
    assertThat(info.get("max_concurrent_requests").isNull()).isTrue();
    assertThat(info.get("model_dtype").isNull()).isTrue();
    assertThat(info.fieldNames())
        .toIterable()
        .contains("model_dtype", "max_batch_tokens", "tokenization_workers", "version", "sha");
  }

  @Test
  void infoNamesTheLabelsOfClassifiers() throws IOException {
    assertThat(info(TeiModels.CLASSES).get("model_type").toString())
        .isEqualTo(
            "{\"classifier\":{\"id2label\":{\"0\":\"bad\",\"1\":\"good\",\"2\":\"so so\"},"
                + "\"label2id\":{\"bad\":0,\"good\":1,\"so so\":2}}}");
    assertThat(info(TeiModels.RANKER).at("/model_type/reranker/id2label")).hasSize(1);
    assertThat(info(TeiModels.TENSORS).get("error_type").asText()).isEqualTo("Backend");
    assertThat(info("..").get("error_type").asText()).isEqualTo("Validation");
  }

  private static JsonNode info(String model) throws IOException {
    ObjectNode event = (ObjectNode) Harness.JSON.readTree(TestRequest.of("GET", "/info").event());
    event.putObject("queryStringParameters").put("model", model);
    return api.send(TestRequest.utf8(event.toString())).json();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/ping"})
  void healthIsAnEmptyAnswer(String path) {
    Harness.Reply reply = get(path);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
  }

  @Test
  void withoutItsDefaultModelTheFunctionIsUnhealthy() {
    try (Harness broken =
        TeiModels.in(root.resolve("broken")).start("PILOTLIGHT_DEFAULT_MODEL", "absent")) {
      Harness.Reply reply = broken.send(TestRequest.of("GET", "/health").event());
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.text()).isEqualTo("{\"error\":\"unhealthy\",\"error_type\":\"Unhealthy\"}");
    }
  }

  private static JsonNode tokenize(String fields) {
    return TeiModels.post(api, "/tokenize", "{" + fields + "}");
  }

  private static Harness.Reply send(String path, String fields) {
    return api.post(path, TeiModels.quoted("{" + fields + "}"));
  }

  private static Harness.Reply get(String path) {
    return api.send(TestRequest.of("GET", path).event());
  }
}
