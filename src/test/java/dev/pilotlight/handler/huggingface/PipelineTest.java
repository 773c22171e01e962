package dev.pilotlight.handler.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.tei.TeiModels;
import dev.pilotlight.model.Expected;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pipelines of embeddings and similarities, on all paths.
final class PipelineTest {
  private static final double EXACT = 1e-6;
  // [CLS] hello world [SEP]
  private static final long[] HELLO_WORLD = {101, 7592, 2088, 102};

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
  @ValueSource(
      strings = {
        "/",
        "/invocations",
        "/models/all-minilm-l6-v2",
        "/models/sentence-transformers/all-minilm-l6-v2",
        "/models/all-minilm-l6-v2/pipeline/feature-extraction",
        "/models/sentence-transformers/all-minilm-l6-v2/pipeline/feature-extraction",
        "/pipeline/feature-extraction/all-minilm-l6-v2",
        "/pipeline/feature-extraction/sentence-transformers/all-minilm-l6-v2",
        "/pipeline/feature-extraction/sentence-transformers%2Fall-minilm-l6-v2",
      })
  void oneTextGivesAVectorAndAListGivesAList(String path) {
    String vector = openAi("hello world");
    assertThat(post(path, "'inputs':'hello world'").toString()).isEqualTo(vector);
    assertThat(post(path, "'inputs':['hello world']").toString()).isEqualTo("[" + vector + "]");
    JsonNode many = post(path, "'inputs':['b','hello world','b']");
    assertThat(many).hasSize(3);
    assertThat(many.get(1).toString()).isEqualTo(vector);
    assertThat(many.get(0)).isEqualTo(many.get(2)).isNotEqualTo(many.get(1));
  }

  @Test
  void thousandTextsAreAnsweredInOrder() {
    List<String> words = IntStream.range(0, 1000).mapToObj(i -> "'hello " + i + "'").toList();
    JsonNode all = post("/models/plain", "'inputs':" + words);
    assertThat(all).hasSize(1000);
    for (int i : new int[] {0, 1, 499, 999}) {
      assertThat(all.get(i)).isEqualTo(post("/models/plain", "'inputs':" + words.get(i)));
    }
  }

  /// Clients send the parameters of this task next to `inputs`, or in `parameters`.
  @ParameterizedTest
  @ValueSource(strings = {"%s", "'parameters':{%s}"})
  void parametersMayBeInEitherPlace(String place) {
    float[] raw = TeiModels.mean(HELLO_WORLD);
    assertThat(plain(place.formatted("'normalize':true")))
        .containsExactly(Expected.unit(raw), within(1e-6f));
    assertThat(plain(place.formatted("'normalize':false"))).containsExactly(raw, within(1e-6f));
    assertThat(plain(place.formatted("'normalize':null"))).containsExactly(raw, within(1e-6f));
    assertThat(plain(place.formatted("'dimensions':2,'normalize':true")))
        .containsExactly(Expected.unit(Arrays.copyOf(raw, 2)), within(1e-6f));
    assertThat(
            TeiModels.floats(
                post(
                    "/models/plain",
                    "'inputs':'world'," + place.formatted("'prompt_name':'query'"))))
        .containsExactly(raw, within(1e-6f));
  }

  private static float[] plain(String parameters) {
    return TeiModels.floats(post("/models/plain", "'inputs':'hello world'," + parameters));
  }

  @Test
  void longTextsAreTruncatedByPipelinesOfEmbeddingsOnly() {
    String words = "a ".repeat(300);
    assertThat(post("/", "'inputs':'" + words + "'")).hasSize(384);
    assertThat(send("/", "'inputs':'" + words + "','truncate':false").status()).isEqualTo(400);
    assertThat(send("/models/classes", "'inputs':'" + words + "'").text()).contains("302 tokens");
    assertThat(post("/models/classes", "'inputs':'" + words + "','parameters':{'truncation':true}"))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/models/all-minilm-l6-v2",
        "/models/all-minilm-l6-v2/pipeline/sentence-similarity",
        "/pipeline/sentence-similarity/all-minilm-l6-v2",
      })
  void sentencesAreComparedWithTheSource(String path) {
    JsonNode scores =
        post(path, "'inputs':{'source_sentence':'hello','sentences':['hello','cat','b']}");
    assertThat(scores).hasSize(3);
    assertThat(scores.get(0).asDouble()).isCloseTo(1, within(EXACT));
    for (int i = 1; i < 3; i++) {
      assertThat(scores.get(i).asDouble())
          .isCloseTo(cosine("hello", List.of("hello", "cat", "b").get(i)), within(EXACT));
    }
  }

  @Test
  void sentencesOfAModelThatDoesNotNormaliseAreComparedByTheirAngle() {
    double expected = cosine(TeiModels.mean(101, 7592, 102), TeiModels.mean(101, 2088, 102));
    JsonNode scores =
        post("/models/plain", "'inputs':{'source_sentence':'hello','sentences':['world']}");
    assertThat(scores.get(0).asDouble()).isCloseTo(expected, within(EXACT));
  }

  @Test
  void thePathsTaskChoosesAmongModelsIfNoneIsNamed() {
    try (Harness other =
        TeiModels.in(root.resolve("other")).start("PILOTLIGHT_DEFAULT_MODEL", TeiModels.CLASSES)) {
      assertThat(TeiModels.post(other, "/", "{'inputs':'hello'}").get(0)).hasSize(3);
      JsonNode similarity =
          TeiModels.post(
              other, "/", "{'inputs':{'source_sentence':'hello','sentences':['hello']}}");
      assertThat(similarity.get(0).asDouble()).isCloseTo(1, within(EXACT));
    }
  }

  @Test
  void theBodyMayNameTheModelWhereThePathDoesNot() {
    assertThat(post("/", "'inputs':'hello','model':'classes'").get(0)).hasSize(3);
    assertThat(post("/models/plain", "'inputs':'hello','model':'plain'")).hasSize(4);
  }

  @Test
  void useCacheDecidesWhetherStoredAnswersCount() {
    assertThat(cached("")).contains("fwd=miss");
    assertThat(cached("")).contains("hit");
    assertThat(cached(",'options':{'use_cache':true,'wait_for_model':true}")).contains("hit");
    assertThat(cached(",'options':{'use_cache':false}")).contains("fwd=request");
    assertThat(cached(",'options':null")).contains("hit");
    TestRequest request =
        TestRequest.post("/", TeiModels.quoted("{'inputs':'kept or not'}"))
            .with("content-type", "application/json");
    assertThat(api.send(request.with("x-use-cache", "false").event()).header("cache-status"))
        .contains("fwd=request");
    assertThat(api.send(request.with("x-use-cache", "true").event()).header("cache-status"))
        .contains("hit");
    Harness.Reply contradiction =
        api.send(
            request.with("cache-control", "only-if-cached").with("x-use-cache", "false").event());
    assertThat(contradiction.status()).isEqualTo(504);
  }

  private static String cached(String more) {
    return send("/", "'inputs':'kept or not'" + more).header("cache-status");
  }

  @Test
  void fieldsWithoutEffectAreNamed() {
    Harness.Reply reply =
        send(
            "/",
            "'options':{'use_gpu':true},'parameters':{'batch_size':1},'inputs':'a','session':1");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("pilotlight-ignored")).isEqualTo("session, batch_size, use_gpu");
  }

  @Test
  void aLineOfABatchHasTheSameAnswersAndErrors() throws IOException {
    String line = "{\"custom_id\":\"c\",\"method\":\"POST\",\"url\":\"/models/plain\",\"body\":%s}";
    try (LineHarness lines = new LineHarness(root, TeiModels.SAMPLE, Encoding.FLOAT)) {
      JsonNode good = line(lines, line.formatted("{\"inputs\":\"hello\"}"));
      assertThat(good.at("/response/body")).isEqualTo(post("/models/plain", "'inputs':'hello'"));
      JsonNode bad = line(lines, line.formatted("{\"inputs\":5}"));
      assertThat(bad.at("/response/status_code").asInt()).isEqualTo(400);
      assertThat(bad.at("/response/body/error").asText()).contains("inputs is a number");
      JsonNode cache =
          line(lines, line.formatted("{\"inputs\":\"a\",\"options\":{\"use_cache\":false}}"));
      assertThat(cache.at("/response/body/error").asText()).contains("options.use_cache");
    }
  }

  private static JsonNode line(LineHarness lines, String line) throws IOException {
    return Harness.JSON.readTree(lines.json(1, line));
  }

  private static JsonNode post(String path, String fields) {
    return TeiModels.post(api, path, "{" + fields + "}");
  }

  private static Harness.Reply send(String path, String fields) {
    return api.post(path, TeiModels.quoted("{" + fields + "}"));
  }

  private static String openAi(String text) {
    return TeiModels.post(api, "/v1/embeddings", "{'input':'" + text + "'}")
        .at("/data/0/embedding")
        .toString();
  }

  private static double cosine(String a, String b) {
    return cosine(
        TeiModels.floats(post("/", "'inputs':'" + a + "'")),
        TeiModels.floats(post("/", "'inputs':'" + b + "'")));
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      squaresOfA += (double) a[i] * a[i];
      squaresOfB += (double) b[i] * b[i];
    }
    return product / Math.sqrt(squaresOfA * squaresOfB);
  }
}
