package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Cohere's embeddings: their floats are those of OpenAI's route.
final class CohereEmbedTest {
  private static final String V1 = "/v1/embed";
  private static final String V2 = "/v2/embed";
  private static final String DOCUMENT = "\"input_type\": \"search_document\"";
  private static final String ALL_TYPES =
      "\"embedding_types\": [\"base64\", \"float\", \"int8\", \"uint8\", \"binary\", \"ubinary\"]";

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @BeforeAll
  static void start() {
    api = new EmbeddingDoorModels(root).start(EmbeddingDoorModels.SAMPLE);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void versionTwoAnswersByType() {
    JsonNode answer = embed(V2, "mean", "[\"hello world\", \"naïve 東京 🚀\"]", DOCUMENT);
    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("response_type", "id", "embeddings", "texts", "meta");
    assertThat(answer.get("response_type").asText()).isEqualTo("embeddings_by_type");
    assertThat(answer.get("id").asText()).isEqualTo("r-1");
    assertThat(answer.get("embeddings").fieldNames()).toIterable().containsExactly("float");
    assertThat(answer.at("/embeddings/float/0")).isEqualTo(openAi("mean", "hello world"));
    assertThat(answer.at("/embeddings/float/1")).isEqualTo(openAi("mean", "naïve 東京 🚀"));
    assertThat(answer.get("texts").toString()).isEqualTo("[\"hello world\",\"naïve 東京 🚀\"]");
    assertThat(answer.at("/meta/api_version/version").asText()).isEqualTo("2");
    int tokens = tokens("hello world") + tokens("naïve 東京 🚀");
    assertThat(answer.at("/meta/billed_units/input_tokens").asInt()).isEqualTo(tokens);
  }

  @Test
  void useOfAVectorIsNamedWhereTheModelHasNoPrompts() {
    String body = "{\"model\": \"mean\", \"texts\": [\"hello\"]%s}";
    Harness.Reply reply = api.post(V2, body.formatted(", " + DOCUMENT + ", \"tier\": 1"));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("pilotlight-ignored")).isEqualTo("input_type, tier");
    assertThat(api.post(V1, body.formatted("")).headers().has("pilotlight-ignored")).isFalse();
  }

  @Test
  void versionOneAnswersAListOfFloatsUnlessTypesAreNamed() {
    JsonNode list = embed(V1, "mean", "[\"hello world\"]", "\"truncate\": \"END\"");
    assertThat(list.get("response_type").asText()).isEqualTo("embeddings_floats");
    assertThat(list.at("/embeddings/0")).isEqualTo(openAi("mean", "hello world"));
    assertThat(list.at("/meta/api_version/version").asText()).isEqualTo("1");

    JsonNode typed =
        embed(V1, "mean", "[\"hello world\"]", "\"embedding_types\": [\"float\", \"float\"]");
    assertThat(typed.get("response_type").asText()).isEqualTo("embeddings_by_type");
    assertThat(typed.at("/embeddings/float")).isEqualTo(list.get("embeddings"));
    JsonNode none = embed(V1, "mean", "[\"hello world\"]", "\"embedding_types\": []");
    assertThat(none).isEqualTo(list);
  }

  @Test
  void everyTypeFollowsFromTheFloats() {
    JsonNode all =
        embed(V2, EmbeddingDoorModels.SAMPLE, "[\"hello world\"]", DOCUMENT + ", " + ALL_TYPES)
            .get("embeddings");
    assertThat(all.fieldNames())
        .toIterable()
        .containsExactly("float", "int8", "uint8", "binary", "ubinary", "base64");
    JsonNode floats = all.at("/float/0");
    assertThat(floats).hasSize(384).isEqualTo(openAi(EmbeddingDoorModels.SAMPLE, "hello world"));
    ByteBuffer base64 =
        ByteBuffer.wrap(Base64.getDecoder().decode(all.at("/base64/0").asText()))
            .order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder bits = new StringBuilder();
    double squares = 0;
    for (JsonNode value : floats) {
      squares += value.floatValue() * (double) value.floatValue();
    }
    for (int i = 0; i < floats.size(); i++) {
      float value = floats.get(i).floatValue();
      assertThat(base64.getFloat(i * Float.BYTES)).isEqualTo(value);
      assertThat(all.at("/int8/0").get(i).asLong())
          .isEqualTo(Math.round(value * (12.7 * Math.sqrt(384 / squares))));
      assertThat(all.at("/uint8/0").get(i).asInt() - all.at("/int8/0").get(i).asInt())
          .isEqualTo(128);
      bits.append(value > 0 ? '1' : '0');
    }
    assertThat(all.at("/ubinary/0")).hasSize(48);
    for (int i = 0; i < 48; i++) {
      int packed = Integer.parseInt(bits.substring(i * 8, i * 8 + 8), 2);
      assertThat(all.at("/ubinary/0").get(i).asInt()).isEqualTo(packed);
      assertThat(all.at("/binary/0").get(i).asInt()).isEqualTo((byte) packed);
    }
  }

  @Test
  void int8KeepsTheDirectionOfTheSamplesVectors() {
    String texts =
        IntStream.range(0, 200)
            .mapToObj(i -> "\"text %d about %s\"".formatted(i, "things and ".repeat(i % 7)))
            .collect(Collectors.joining(",", "[", "]"));
    String types = "\"embedding_types\": [\"float\", \"int8\"]";
    JsonNode answer =
        embed(V2, EmbeddingDoorModels.SAMPLE, texts, DOCUMENT + ", " + types).get("embeddings");
    double least = 1;
    for (int i = 0; i < 200; i++) {
      least = Math.min(least, cosine(answer.get("float").get(i), answer.get("int8").get(i)));
    }
    assertThat(least).isGreaterThan(0.9995);
  }

  @Test
  void inputsWithOneTextAreTexts() {
    String inputs =
        "[{\"content\": [{\"type\": \"text\", \"text\": \"hello\"}]},"
            + " {\"content\": [{\"text\": \"world\", \"type\": \"text\"}]}]";
    JsonNode answer =
        api.post(V2, "{\"model\": \"mean\", \"inputs\": %s, %s}".formatted(inputs, DOCUMENT))
            .json();
    assertThat(answer.at("/embeddings/float/0")).isEqualTo(openAi("mean", "hello"));
    assertThat(answer.at("/embeddings/float/1")).isEqualTo(openAi("mean", "world"));
    assertThat(answer.get("texts").toString()).isEqualTo("[\"hello\",\"world\"]");
  }

  @ParameterizedTest
  @CsvSource({
    "search_query, query: hello",
    "search_document, passage: hello",
    "classification, hello",
    "clustering, hello"
  })
  void useChoosesThePrompt(String use, String text) {
    JsonNode answer = embed(V2, "prompted", "[\"hello\"]", "\"input_type\": \"%s\"".formatted(use));
    assertThat(answer.at("/embeddings/float/0")).isEqualTo(openAi("mean", text));
    JsonNode without = embed(V2, "mean", "[\"hello\"]", "\"input_type\": \"%s\"".formatted(use));
    assertThat(without.at("/embeddings/float/0")).isEqualTo(openAi("mean", "hello"));
  }

  @Test
  void vectorsAreCutAndThenWrittenByType() {
    String size = ", \"output_dimension\": 2, \"embedding_types\": [\"float\", \"ubinary\"]";
    JsonNode answer = embed(V2, "mean", "[\"hello world\"]", DOCUMENT + size).get("embeddings");
    JsonNode full = openAi("mean", "hello world");
    double length = Math.hypot(full.get(0).asDouble(), full.get(1).asDouble());
    assertThat(answer.at("/float/0")).hasSize(2);
    assertThat(answer.at("/float/0/0").floatValue())
        .isEqualTo((float) (full.get(0).floatValue() / length));
    assertThat(answer.at("/ubinary/0")).hasSize(1);
  }

  @Test
  void textsOverTheLimitAreTruncatedUnlessTheRequestRefusesThat() {
    String text = "word ".repeat(300).strip();
    JsonNode cut = embed(V2, EmbeddingDoorModels.SAMPLE, "[\"%s\"]".formatted(text), DOCUMENT);
    assertThat(cut.at("/embeddings/float/0")).isEqualTo(openAi(EmbeddingDoorModels.SAMPLE, text));
    assertThat(cut.at("/meta/billed_units/input_tokens").asInt()).isEqualTo(256);
    String end = DOCUMENT + ", \"truncate\": \"END\"";
    assertThat(
            embed(V2, EmbeddingDoorModels.SAMPLE, "[\"%s\"]".formatted(text), end)
                .get("embeddings"))
        .isEqualTo(cut.get("embeddings"));
    Harness.Reply refused =
        post(
            V2,
            EmbeddingDoorModels.SAMPLE,
            "[\"a\", \"%s\"]".formatted(text),
            "\"truncate\": \"NONE\"");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("message").asText()).contains("texts[1]", "302 tokens", "256");
  }

  @Test
  void startIsTruncatedWhereTheModelDoesSo() {
    String text = "a b c d hello world again now";
    JsonNode cut =
        embed(V2, "left", "[\"%s\"]".formatted(text), DOCUMENT + ", \"truncate\": \"START\"");
    assertThat(cut.at("/embeddings/float/0")).isEqualTo(openAi("mean", "hello world again now"));
    assertThat(embed(V2, "left", "[\"%s\"]".formatted(text), DOCUMENT).get("embeddings"))
        .isEqualTo(cut.get("embeddings"));
  }

  @Test
  void requestWithoutAModelIsAnsweredByTheDefaultIfItEmbeds() {
    String body = "{\"texts\": [\"hello\"], %s}".formatted(DOCUMENT);
    assertThat(api.post(V2, body).json().at("/embeddings/float/0"))
        .isEqualTo(openAi(EmbeddingDoorModels.SAMPLE, "hello"));
    try (Harness classifies =
        new Harness("PILOTLIGHT_MODELS", root.toString(), "PILOTLIGHT_DEFAULT_MODEL", "classes")) {
      assertThat(classifies.post(V2, body).json().at("/embeddings/float/0"))
          .isEqualTo(openAi(EmbeddingDoorModels.SAMPLE, "hello"));
    }
  }

  @Test
  void thousandDocumentsKeepTheirOrder() {
    String texts =
        IntStream.range(0, 1000)
            .mapToObj(i -> i % 10 == 9 ? "\"hello\"" : "\"text %d\"".formatted(i))
            .collect(Collectors.joining(",", "[", "]"));
    JsonNode answer = embed(V2, "mean", texts, DOCUMENT);
    assertThat(answer.at("/embeddings/float")).hasSize(1000);
    assertThat(answer.at("/embeddings/float/17")).isEqualTo(openAi("mean", "text 17"));
    assertThat(answer.at("/embeddings/float/999"))
        .isEqualTo(openAi("mean", "hello"))
        .isEqualTo(answer.at("/embeddings/float/9"));
  }

  @Test
  void secondRequestIsAHitOfTheFirstAndOfOpenAisRoute() {
    embed(V1, "mean", "[\"cohere and openai share\"]", "\"truncate\": \"END\"");
    Harness.Reply again =
        post(V2, "mean", "[\"cohere and openai share\"]", "\"embedding_types\": [\"int8\"]");
    assertThat(again.header("cache-status")).startsWith("pilotlight; hit");
    Harness.Reply openAi =
        api.post("/v1/embeddings", "{\"model\":\"mean\",\"input\":\"cohere and openai share\"}");
    assertThat(openAi.header("cache-status")).startsWith("pilotlight; hit");
  }

  @Test
  void otherFieldsAreIgnoredAndNamed() {
    String fields = "\"compress\": true, \"priority\": 7, \"max_tokens\": 512";
    Harness.Reply reply = post(V2, "mean", "[\"hello\"]", fields);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("pilotlight-ignored")).isEqualTo("input_type, compress");
  }

  @Test
  void nullCountsAsAbsent() {
    String nulls =
        "\"inputs\": null, \"images\": null, \"embedding_types\": null, \"truncate\": null,"
            + " \"output_dimension\": null, \"max_tokens\": null, \"priority\": null";
    assertThat(embed(V2, "mean", "[\"hello\"]", DOCUMENT + ", " + nulls))
        .isEqualTo(embed(V2, "mean", "[\"hello\"]", DOCUMENT));
    assertThat(embed(V2, "mean", "[\"hello\"]", DOCUMENT + ", \"images\": []"))
        .isEqualTo(embed(V2, "mean", "[\"hello\"]", DOCUMENT));
  }

  static JsonNode embed(String path, String model, String texts, String fields) {
    Harness.Reply reply =
        api.post(path, "{\"model\": \"%s\", \"texts\": %s, %s}".formatted(model, texts, fields));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static Harness.Reply post(String path, String model, String texts, String fields) {
    return api.post(
        path,
        "{\"model\": \"%s\", \"texts\": %s, %s, %s}".formatted(model, texts, DOCUMENT, fields));
  }

  private static JsonNode openAi(String model, String text) {
    return EmbeddingDoorModels.embedding(api, model, text);
  }

  private static int tokens(String text) {
    String body = "{\"model\": \"mean\", \"input\": \"%s\"}".formatted(text);
    return api.post("/v1/embeddings", body).json().at("/usage/total_tokens").asInt();
  }

  private static double cosine(JsonNode one, JsonNode other) {
    double product = 0;
    double squares = 0;
    double otherSquares = 0;
    for (int i = 0; i < one.size(); i++) {
      product += one.get(i).asDouble() * other.get(i).asDouble();
      squares += one.get(i).asDouble() * one.get(i).asDouble();
      otherSquares += other.get(i).asDouble() * other.get(i).asDouble();
    }
    return product / Math.sqrt(squares * otherSquares);
  }
}
