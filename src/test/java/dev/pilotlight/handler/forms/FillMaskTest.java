package dev.pilotlight.handler.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.model.forms.ByteLevelTokenizer;
import dev.pilotlight.model.forms.MaskGraphs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Masks by Hugging Face's door, against the formulas of transformers' pipeline.
class FillMaskTest {
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/invocations",
        "/models/masks",
        "/models/masks/pipeline/fill-mask",
        "/pipeline/fill-mask/masks"
      })
  void fiveBestTokensAreAnsweredByEveryRoute(String path) {
    String text = "Paris is the [MASK] of France.";
    JsonNode answers = fill(path, text, "{}");

    long[] ids = FormModels.ids(api, "masks", text);
    assertMask(
        answers,
        "masks",
        ids,
        MaskFormulas.place(ids, MASK),
        MaskFormulas.best(ids, MASK, FormModels.VOCABULARY),
        5);
  }

  @Test
  void equalLogitsAreInTheOrderOfTheirIds() {
    String text = "[MASK]";
    JsonNode answers = fill("/models/masks", text, "{\"top_k\":1000}");

    long[] ids = FormModels.ids(api, "masks", text);
    List<Integer> best = MaskFormulas.best(ids, MASK, FormModels.VOCABULARY);
    float first = MaskGraphs.logit(ids, 1, best.get(0));
    assertThat(MaskGraphs.logit(ids, 1, best.get(1))).as("a tie").isEqualTo(first);
    assertThat(answers).hasSize(1000);
    assertMask(answers, "masks", ids, 1, best, 1000);
  }

  @Test
  void severalMasksHaveListsAndKeepTheirSpecialTokens() {
    String text = "[MASK] is the [PAD] capital of [MASK].";
    JsonNode answers = fill("/models/masks", text, "{\"top_k\":2}");

    long[] ids = FormModels.ids(api, "masks", text);
    List<Integer> places =
        IntStream.range(0, ids.length).filter(i -> ids[i] == MASK).boxed().toList();
    assertThat(places).hasSize(2);
    assertThat(answers).hasSize(2);
    for (int mask = 0; mask < 2; mask++) {
      int place = places.get(mask);
      List<Integer> best = MaskFormulas.order(ids, place, MaskFormulas.all(FormModels.VOCABULARY));
      JsonNode own = answers.get(mask);
      assertThat(own).hasSize(2);
      for (int i = 0; i < 2; i++) {
        assertThat(own.get(i).get("token").asInt()).isEqualTo(best.get(i));
        long[] with = ids.clone();
        with[place] = best.get(i);
        assertThat(own.get(i).get("sequence").asText())
            .isEqualTo(FormModels.text(api, "masks", false, withoutPadding(with)))
            .startsWith("[CLS]")
            .contains("[MASK]");
      }
    }
  }

  private static long[] withoutPadding(long[] ids) {
    return Arrays.stream(ids).filter(id -> id != 0).toArray();
  }

  @Test
  void targetsAreTheOnlyTokensAndKeepTheirProbabilityAmongAll() {
    String text = "paris is the [MASK] of france";
    JsonNode answers =
        fill("/models/masks", text, "{\"targets\":[\"capital\",\"Heart\",\"##ing\",\"capital\"]}");

    long[] ids = FormModels.ids(api, "masks", text);
    int capital = (int) FormModels.ids(api, "masks", "capital")[1];
    int heart = (int) FormModels.ids(api, "masks", "heart")[1];
    int place = MaskFormulas.place(ids, MASK);
    List<Integer> best = MaskFormulas.order(ids, place, List.of(capital, heart, 2075));
    assertThat(best).hasSize(3);
    assertMask(answers, "masks", ids, place, best, 3);
    assertThat(fill("/models/masks", text, "{\"targets\":\"capital\",\"top_k\":3}").toString())
        .contains("\"token\":" + capital)
        .doesNotContain("\"token\":" + heart);
  }

  @Test
  void tokensOfAByteLevelTokenizerKeepTheirSpaces() {
    String text = "say <mask> now";
    JsonNode answers =
        fill("/models/bytes", text, "{\"targets\":[\"Ġhello\",\"hello\",\" hello\"]}");

    assertThat(answers).hasSize(2);
    for (JsonNode answer : answers) {
      boolean spaced = answer.get("token").asInt() == ByteLevelTokenizer.SPACE_HELLO;
      assertThat(answer.get("token_str").asText()).isEqualTo(spaced ? " hello" : "hello");
      assertThat(answer.get("sequence").asText())
          .isEqualTo(spaced ? "say hello now" : "sayhello now");
    }
    long[] ids = FormModels.ids(api, "bytes", text);
    JsonNode all = fill("/models/bytes", text, "{\"top_k\":1000}");
    assertThat(all).hasSize(ByteLevelTokenizer.VOCABULARY);
    assertMask(
        all,
        "bytes",
        ids,
        MaskFormulas.place(ids, 4),
        MaskFormulas.best(ids, 4, ByteLevelTokenizer.VOCABULARY),
        ByteLevelTokenizer.VOCABULARY);
    double sum = 0;
    for (JsonNode answer : all) {
      sum += answer.get("score").asDouble();
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  @Test
  void listOfTextsHasTheAnswerOfEach() {
    String one = fill("/models/masks", "a [MASK]", "{}").toString();
    String two = fill("/models/masks", "b [MASK]", "{}").toString();
    JsonNode both = send("/models/masks", "{\"inputs\":[\"a [MASK]\",\"b [MASK]\"]}");

    assertThat(both).hasSize(2);
    assertThat(both.get(0).toString()).isEqualTo(one);
    assertThat(both.get(1).toString()).isEqualTo(two);
    assertThat(send("/models/masks", "{\"inputs\":[\"a [MASK]\"]}").toString())
        .as("transformers answers a list of one as the one")
        .isEqualTo(one);
  }

  @Test
  void thousandTextsAreAnsweredInTheirOrder() {
    List<String> texts =
        new ArrayList<>(IntStream.range(0, 1000).mapToObj(i -> i % 50 + " [MASK]").toList());
    Collections.shuffle(texts, new Random(7));
    String body =
        "{\"inputs\":%s,\"parameters\":{\"top_k\":1}}".formatted(Harness.JSON.valueToTree(texts));
    JsonNode answers = send("/models/bytes", body.replace("[MASK]", "<mask>"));

    assertThat(answers).hasSize(1000);
    for (int i = 0; i < texts.size(); i += 83) {
      String own =
          fill("/models/bytes", texts.get(i).replace("[MASK]", "<mask>"), "{\"top_k\":1}")
              .toString();
      assertThat(answers.get(i).toString()).isEqualTo(own);
    }
  }

  @Test
  void storedAnswerIsTheSameBitForBitAndEachFormHasItsOwn() {
    String body = "{\"inputs\":\"kept [MASK]\",\"parameters\":%s}";
    Harness.Reply first = api.post("/models/masks", body.formatted("{}"));
    Harness.Reply again = api.post("/models/masks", body.formatted("{}"));
    assertThat(first.header("cache-status")).doesNotContain("hit");
    assertThat(again.header("cache-status")).contains("hit");
    assertThat(again.body()).isEqualTo(first.body());

    Harness.Reply other = api.post("/models/masks", body.formatted("{\"top_k\":2}"));
    assertThat(other.header("cache-status")).doesNotContain("hit");
    assertThat(other.json()).hasSize(2);
    Harness.Reply usual = api.post("/models/masks", body.formatted("{\"top_k\":5}"));
    assertThat(usual.header("cache-status")).contains("hit");
    Harness.Reply target = api.post("/models/masks", body.formatted("{\"targets\":[\"a\",\"b\"]}"));
    Harness.Reply swapped =
        api.post("/models/masks", body.formatted("{\"targets\":[\"b\",\"a\"]}"));
    assertThat(target.header("cache-status")).doesNotContain("hit");
    assertThat(swapped.header("cache-status")).contains("hit");
    assertThat(swapped.body()).isEqualTo(target.body());
  }

  @Test
  void textIsTruncatedAtTheSideOfTheModelOnlyIfTheRequestWantsIt() {
    String text = "[MASK] a b c d e f g h [MASK] i";
    assertThat(api.post("/models/small", input(text, "{}")).status()).isEqualTo(400);
    JsonNode answers = fill("/models/small", text, "{\"truncate\":true,\"top_k\":1}");

    long[] whole = FormModels.ids(api, "small", text);
    long[] kept = new long[8];
    kept[0] = whole[0];
    System.arraycopy(whole, whole.length - 7, kept, 1, 7);
    int place = MaskFormulas.place(kept, 3);
    assertThat(answers).as("the first mask is cut off").hasSize(1);
    assertMask(
        answers, "small", kept, place, MaskFormulas.best(kept, 3, FormModels.SMALL_VOCABULARY), 1);
    String early = "[MASK] a b c d e f g h i";
    assertThat(
            api.post("/models/small", input(early, "{\"truncate\":true}"))
                .json()
                .get("error")
                .asText())
        .contains("No mask_token ([MASK]) found on the input");
  }

  @ParameterizedTest
  @CsvSource({"500, 1, 1000", "20, 60, 100"})
  void sequencesOfAllTextsAreBounded(int texts, int masks, int top) {
    String text = "[MASK] ".repeat(masks) + "word word";
    String inputs = Harness.JSON.valueToTree(Collections.nCopies(texts, text)).toString();
    Harness.Reply reply =
        api.post("/", "{\"inputs\":%s,\"parameters\":{\"top_k\":%d}}".formatted(inputs, top));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.json().get("error").asText())
        .contains("parameters.top_k: with %d sequences for each mask".formatted(top))
        .contains("accepted: up to 33554432");
  }

  private static void assertMask(
      JsonNode answers, String model, long[] ids, int place, List<Integer> best, int count) {
    int vocabulary =
        switch (model) {
          case "masks" -> FormModels.VOCABULARY;
          case "bytes" -> ByteLevelTokenizer.VOCABULARY;
          default -> FormModels.SMALL_VOCABULARY;
        };
    double sum = 0;
    double largest =
        MaskGraphs.logit(
            ids, place, MaskFormulas.order(ids, place, MaskFormulas.all(vocabulary)).getFirst());
    for (int id = 0; id < vocabulary; id++) {
      sum += Math.exp(MaskGraphs.logit(ids, place, id) - largest);
    }
    assertThat(answers).hasSize(count);
    for (int i = 0; i < count; i++) {
      JsonNode answer = answers.get(i);
      int id = best.get(i);
      assertThat(answer.fieldNames())
          .toIterable()
          .containsExactly("score", "token", "token_str", "sequence");
      assertThat(answer.get("token").asInt()).as("answer %d", i).isEqualTo(id);
      assertThat(answer.get("score").floatValue())
          .isEqualTo((float) (Math.exp(MaskGraphs.logit(ids, place, id) - largest) / sum));
      // the small tokenizer does not have each id, and then /decode refuses it
      if (i < 5 && !model.equals("small")) {
        long[] with = ids.clone();
        with[place] = id;
        assertThat(answer.get("token_str").asText())
            .isEqualTo(FormModels.text(api, model, false, id));
        assertThat(answer.get("sequence").asText())
            .isEqualTo(FormModels.text(api, model, true, with));
      }
    }
  }

  private static JsonNode fill(String path, String text, String parameters) {
    return send(path, input(text, parameters));
  }

  private static String input(String text, String parameters) {
    return "{\"inputs\":%s,\"parameters\":%s}"
        .formatted(Harness.JSON.valueToTree(text), parameters);
  }

  private static JsonNode send(String path, String body) {
    Harness.Reply reply = api.post(path, body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }
}
