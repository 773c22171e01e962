package dev.pilotlight.handler.tei;

import static dev.pilotlight.handler.tei.TeiModels.floats;
import static dev.pilotlight.handler.tei.TeiModels.mean;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.model.Expected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `POST /embed`. Vectors are compared with those of `/v1/embeddings`, and those of the small model
/// with its formula.
final class EmbedTest {
  private static final String EMBED = "/embed";
  // [CLS] hello world [SEP]
  private static final long[] HELLO_WORLD = {101, 7592, 2088, 102};
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

  @ParameterizedTest
  @ValueSource(strings = {"hello world", "Gr\u00fc\u00dfe, \u6f22\u5b57 \uD83D\uDE00", " a "})
  void oneTextGivesAListOfOneVector(String text) {
    JsonNode answer = post("'inputs':'%s'".formatted(text));
    assertThat(answer).hasSize(1);
    assertThat(answer.get(0).toString()).isEqualTo(openAi("'" + text + "'", "").toString());
  }

  @Test
  void vectorsHaveTheOrderOfTheirTexts() {
    JsonNode answer = post("'inputs':['b','a','c','a']");
    assertThat(answer).hasSize(4);
    for (int i = 0; i < 4; i++) {
      String text = List.of("'b'", "'a'", "'c'", "'a'").get(i);
      assertThat(answer.get(i).toString()).isEqualTo(openAi(text, "").toString());
    }
  }

  @Test
  void thousandTextsAreAnsweredInOrder() {
    List<String> words = IntStream.range(0, 1000).mapToObj(i -> "'hello " + i + "'").toList();
    JsonNode all = post("'model':'plain','inputs':" + words);
    assertThat(all).hasSize(1000);
    for (int i : new int[] {0, 1, 499, 998, 999}) {
      JsonNode alone = post("'model':'plain','inputs':" + words.get(i));
      assertThat(all.get(i)).isEqualTo(alone.get(0));
    }
  }

  @Test
  void idsAreDecodedAndTokenisedAgain() {
    JsonNode text = post("'inputs':'hello world'");
    assertThat(post("'inputs':[101,7592,2088,102]")).isEqualTo(text);
    // no special tokens are added
    assertThat(post("'inputs':[7592,2088]").get(0).toString())
        .isEqualTo(openAi("[7592,2088]", "").toString())
        .isNotEqualTo(text.get(0).toString());
  }

  /// The word of `##ing` (2075) alone is not `##ing` again.
  @Test
  void idsOfAPartOfAWordBecomeTheTokensOfItsText() {
    JsonNode tokens =
        TeiModels.post(api, "/tokenize", "{'inputs':'##ing','add_special_tokens':false}");
    List<String> ids = new ArrayList<>();
    tokens.get(0).forEach(token -> ids.add(token.get("id").asText()));
    assertThat(ids).hasSizeGreaterThan(1);

    assertThat(post("'inputs':[2075]").get(0).toString())
        .isEqualTo(openAi(ids.toString(), "").toString())
        .isNotEqualTo(openAi("[2075]", "").toString());
  }

  @Test
  void textsAndIdsMayBeMixed() {
    JsonNode answer = post("'inputs':['b',[101,7592,2088,102],'b']");
    assertThat(answer.get(0)).isEqualTo(answer.get(2));
    assertThat(answer.get(1)).isEqualTo(post("'inputs':'hello world'").get(0));
  }

  @Test
  void vectorsAreNormalisedUnlessTheRequestWantsThemAsTheyAre() {
    float[] raw = mean(HELLO_WORLD);
    String body = "'model':'plain','inputs':'hello world'";

    assertThat(floats(post(body).get(0))).containsExactly(Expected.unit(raw), within(ROUNDING));
    assertThat(floats(post(body + ",'normalize':true").get(0)))
        .containsExactly(Expected.unit(raw), within(ROUNDING));
    assertThat(floats(post(body + ",'normalize':false").get(0)))
        .containsExactly(raw, within(ROUNDING));
  }

  @Test
  void dimensionsAreCutBeforeVectorsAreNormalised() {
    float[] first = Arrays.copyOf(mean(HELLO_WORLD), 2);
    String body = "'model':'plain','inputs':'hello world','dimensions':2";

    assertThat(floats(post(body).get(0))).containsExactly(Expected.unit(first), within(ROUNDING));
    assertThat(floats(post(body + ",'normalize':false").get(0)))
        .containsExactly(first, within(ROUNDING));
  }

  @Test
  void textsOverTheLimitAreTruncatedUnlessTheRequestRefusesIt() {
    String text = "'" + words(400) + "'";
    JsonNode expected = openAi(text, ",'truncate':true");
    for (String more : new String[] {"", ",'truncate':null", ",'truncate':true"}) {
      assertThat(post("'inputs':" + text + more).get(0).toString()).isEqualTo(expected.toString());
    }
    Harness.Reply refused = send("'inputs':" + text + ",'truncate':false");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("402 tokens", "256");
  }

  @ParameterizedTest
  @CsvSource({"Left,256", "left,256", "Right,0", "right,0"})
  void theSideOfTruncationDecidesWhichTokensRemain(String side, int from) {
    String body = "'inputs':'%s','truncation_direction':'%s'".formatted(words(400), side);
    List<Integer> kept = new ArrayList<>(List.of(101));
    for (int i = 0; i < 254; i++) {
      kept.add(word((from == 0 ? 0 : 146) + i));
    }
    kept.add(102);

    assertThat(post(body).get(0).toString()).isEqualTo(openAi(kept.toString(), "").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Left", "Right"})
  void idsOverTheLimitAreCutOnTheSideOfTheRequest(String side) {
    List<Integer> ids = IntStream.range(0, 300).map(EmbedTest::word).boxed().toList();
    List<Integer> kept = side.equals("Left") ? ids.subList(44, 300) : ids.subList(0, 256);

    String body = "'inputs':%s,'truncation_direction':'%s'".formatted(ids, side);
    assertThat(post(body).get(0).toString()).isEqualTo(openAi(kept.toString(), "").toString());
    Harness.Reply refused = send(body + ",'truncate':false");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("300 tokens", "256");
  }

  @Test
  void aTextWithinTheLimitHasOneVectorOnEitherSide() {
    JsonNode text = post("'inputs':'hello world'");
    assertThat(post("'inputs':'hello world','truncation_direction':'Left'")).isEqualTo(text);
  }

  @Test
  void aPromptGoesBeforeTextsAndIds() {
    JsonNode expected = post("'model':'plain','inputs':'hello world'");
    String prompt = ",'prompt_name':'query','model':'plain'";
    assertThat(post("'inputs':'world'" + prompt)).isEqualTo(expected);
    assertThat(post("'inputs':[101,2088,102]" + prompt)).isEqualTo(expected);
    assertThat(post("'inputs':'hello world','prompt_name':'document','model':'plain'"))
        .isEqualTo(expected);
  }

  @Test
  void anUnknownPromptIsRefusedWithTheNames() {
    Harness.Reply refused = send("'inputs':'a','model':'plain','prompt_name':'passage'");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("prompt_name", "query, document", "\"Validation\"");
  }

  @Test
  void aModelAtUnitLengthRefusesToGiveMore() {
    Harness.Reply refused = send("'inputs':'a','normalize':false");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("normalize is false", "unit length", "\"Validation\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {TeiModels.CLASSES, TeiModels.RANKER, TeiModels.TENSORS})
  void aModelOfAnotherTaskIsAFailedDependency(String model) {
    Harness.Reply refused = send("'inputs':'a','model':'" + model + "'");
    assertThat(refused.status()).isEqualTo(424);
    assertThat(refused.json().get("error_type").asText()).isEqualTo("Backend");
    assertThat(refused.json().get("error").asText()).contains("not an embedding model");
  }

  @Test
  void vectorsThatNoModelGivesAreAFailedDependency() {
    Harness.Reply refused = api.post("/embed_sparse", "{\"inputs\":\"a\"}");
    assertThat(refused.status()).isEqualTo(424);
    assertThat(refused.json().get("error_type").asText()).isEqualTo("Backend");
  }

  @Test
  void withoutAModelTheFirstThatEmbedsAnswers() {
    try (Harness other =
        TeiModels.in(root.resolve("other")).start("PILOTLIGHT_DEFAULT_MODEL", TeiModels.CLASSES)) {
      JsonNode answer = TeiModels.post(other, EMBED, "{'inputs':'hello world'}");
      assertThat(answer.get(0)).hasSize(384);
    }
  }

  @Test
  void theAnswerHasTeisCountsAndOurHeaders() {
    Harness.Reply reply = send("'inputs':['\uD83D\uDE00b',[101,102]],'texts':1");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("x-compute-characters")).isEqualTo("4");
    // [CLS] [UNK] [SEP] and the two ids
    assertThat(reply.header("x-compute-tokens")).isEqualTo("5");
    assertThat(reply.header("pilotlight-ignored")).isEqualTo("texts");
    assertThat(reply.header("cache-status")).contains("fwd=");
    assertThat(send("'inputs':['\uD83D\uDE00b',[101,102]]").header("cache-status")).contains("hit");
  }

  private static JsonNode post(String fields) {
    return TeiModels.post(api, EMBED, "{" + fields + "}");
  }

  private static Harness.Reply send(String fields) {
    return api.post(EMBED, TeiModels.quoted("{" + fields + "}"));
  }

  private static JsonNode openAi(String input, String more) {
    return TeiModels.post(api, "/v1/embeddings", "{'input':" + input + more + "}")
        .at("/data/0/embedding");
  }

  /// Letters and digits, each a word and one token.
  private static String words(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Character.toString('a' + i % 26))
        .collect(Collectors.joining(" "));
  }

  /// The token of [#words] at a place; the letters' tokens begin at 1037.
  private static int word(int place) {
    return 1037 + place % 26;
  }
}
