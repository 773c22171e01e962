package dev.pilotlight.handler.models;

import static dev.pilotlight.handler.InferClient.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
import dev.pilotlight.model.OddOutputs;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.TextGraphs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Graphs that exporters make, through the whole function.
final class OddGraphsTest {
  private static final List<String> CLASSES = List.of("b", OnnxModels.EMOJI, "a");
  private static final String ROWS = "[[0,1,3],[2,-1,0.5]]";
  private static final float[][] SCORES = {{0, 1, 3}, {2, -1, 0.5f}};
  private static final int[] HELLO_WORLD = {101, 7592, 2088, 102};

  private static Harness harness;
  private static InferClient client;

  @BeforeAll
  static void start(@TempDir Path root) {
    TestModels models =
        new TestModels(root)
            .with("numbers", OddOutputs.sklearn(10, 14, 12))
            .with("names", OddOutputs.sklearn(CLASSES))
            .with("sequence", OddOutputs.sequence())
            .with("optional", OddOutputs.optional())
            .with("optional-input", OddOutputs.optionalInput())
            .with("any-shape", OddOutputs.anyShape())
            .with("silu", OddOutputs.doubleSilu());
    withText(models, "fixed", TextGraphs.masked(Datatype.BOOL, "input_ids", "input_mask", 2, 9));
    withText(models, "batch", TextGraphs.scaledByBatch(3));
    withText(models, "decoder", TextGraphs.decoder(2, 3));
    withText(models, "task", TextGraphs.withTask(), ", \"inputs\": {\"task_id\": 2, \"scale\": 1}");
    harness = models.start();
    client = new InferClient(harness);
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  @Test
  void classifierGivesProbabilitiesInTheOrderOfItsClasses() {
    JsonNode outputs = outputs("numbers", "");

    assertThat(outputs.findValuesAsText("name"))
        .containsExactly("output_label", "output_probability", "output_probability_labels");
    assertThat(outputs.at("/0/data").toString()).isEqualTo("[12,10]");
    assertThat(outputs.at("/1/shape").toString()).isEqualTo("[2,3]");
    assertThat(outputs.at("/1/datatype").asText()).isEqualTo("FP32");
    assertThat(outputs.at("/2/datatype").asText()).isEqualTo("INT64");
    assertThat(outputs.at("/2/data").toString()).isEqualTo("[10,12,14]");
    // the columns of 14 and 12 change places
    requireProbabilities(outputs.at("/1/data"), 0, 2, 1);
  }

  @Test
  void classesMayBeTexts() {
    JsonNode outputs = outputs("names", "");

    assertThat(outputs.at("/2/data"))
        .extracting(JsonNode::asText)
        .containsExactly("a", "b", OnnxModels.EMOJI);
    requireProbabilities(outputs.at("/1/data"), 2, 0, 1);
  }

  @Test
  void probabilitiesComeInBinaryAndAlone() {
    Tensor x = Tensor.ofFloats("x", new long[] {1, 3}, new float[] {0, 0, 0});
    List<Tensor> all = client.binaryToBinary("names", x);

    assertThat(all.get(1).shape()).containsExactly(1, 3);
    assertThat(all.get(2))
        .isEqualTo(
            Tensor.ofStrings(
                "output_probability_labels", new long[] {3}, List.of("a", "b", OnnxModels.EMOJI)));
    JsonNode alone = outputs("names", ",\"outputs\":[{\"name\":\"output_probability\"}]");
    assertThat(alone).hasSize(1);
    requireProbabilities(alone.at("/0/data"), 2, 0, 1);
  }

  @Test
  void noRowsHaveNoProbabilities() {
    Tensor none = new Tensor("x", Datatype.FP32, new long[] {0, 3}, new byte[0]);
    Harness.Reply reply = client.send("numbers", false, none);

    // the labels come with the rows
    JsonNode outputs = reply.json().get("outputs");
    assertThat(outputs.at("/1/shape").toString()).isEqualTo("[0,0]");
    assertThat(outputs.at("/2/shape").toString()).isEqualTo("[0]");
  }

  @Test
  void metadataShowsProbabilitiesAndLabels() {
    JsonNode outputs = get("/v2/models/names").get("outputs");

    assertThat(outputs.toString())
        .contains("{\"name\":\"output_probability\",\"datatype\":\"FP32\",\"shape\":[-1,-1]}")
        .contains("{\"name\":\"output_probability_labels\",\"datatype\":\"BYTES\",\"shape\":[-1]}");
  }

  @ParameterizedTest
  @CsvSource({"''", "',\"outputs\":[{\"name\":\"y\"},{\"name\":\"both\"}]'"})
  void outputWithoutAFormIsRefusedByName(String outputs) {
    Harness.Reply reply = client.json("sequence", input("x", Datatype.FP32, "[1]", "[1]"), outputs);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text())
        .contains("output \\\"both\\\" is a sequence of tensors")
        .contains("request outputs by name: \\\"y\\\" (FP32 [-1])");
  }

  @Test
  void otherOutputsOfTheSameGraphAreAnswered() {
    Harness.Reply reply =
        client.json(
            "sequence",
            input("x", Datatype.FP32, "[2]", "[1,2.5]"),
            ",\"outputs\":[{\"name\":\"y\"}]");

    assertThat(reply.json().at("/outputs/0/data").toString()).isEqualTo("[1.0,2.5]");
  }

  @ParameterizedTest
  @CsvSource({
    "optional, 'its outputs are maybe, an optional value'",
    "optional-input, 'input maybe is an optional value'"
  })
  void graphWithoutTensorsIsNotLoadedWithAReason(String model, String message) {
    Harness.Reply reply = client.json(model, input("x", Datatype.FP32, "[1]", "[1]"), "");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.text()).contains(message);
  }

  @ParameterizedTest
  @CsvSource({"'[]', '[1.5]'", "'[3]', '[1.0,2.0,3.0]'", "'[1,2,1]', '[1.0,2.0]'", "'[0]', '[]'"})
  void inputOfNoDeclaredRankTakesEveryShape(String shape, String data) {
    Harness.Reply reply = client.json("any-shape", input("x", Datatype.FP32, shape, data), "");

    assertThat(InferClient.outputs(reply))
        .isEqualTo(InferClient.output("y", Datatype.FP32, shape, data));
  }

  @Test
  void metadataDistinguishesAnyShapeFromAScalar() {
    assertThat(get("/v2/models/any-shape").at("/inputs/0").toString())
        .isEqualTo(
            "{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[],"
                + "\"parameters\":{\"any_shape\":true}}");
  }

  @Test
  void graphThatOptimisationBreaksAnswersRightly() {
    Harness.Reply reply = client.json("silu", input("x", Datatype.FP64, "[2]", "[-0.75,4]"), "");

    JsonNode y = reply.json().at("/outputs/0/data");
    assertThat(y.get(0).asDouble()).isCloseTo(-0.75 / (1 + Math.exp(0.75)), within(1e-12));
    assertThat(y.get(1).asDouble()).isCloseTo(4 / (1 + Math.exp(-4)), within(1e-12));
  }

  @Test
  void textFillsAFixedBatchOfFixedLengthWithoutChangingItsEmbedding() {
    JsonNode answer = embeddings("fixed", "\"hello world\"");

    requireEmbedding(answer, 0, 1, 0);
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
  }

  @Test
  void neighboursInARequestNeverShareAFixedBatch() {
    JsonNode together = embeddings("batch", "[\"hello world\",\"another text\",\"third\"]");
    JsonNode alone = embeddings("batch", "\"another text\"");

    assertThat(together.at("/data/1/embedding")).isEqualTo(alone.at("/data/0/embedding"));
    float largest = 0;
    for (int token : HELLO_WORLD) {
      for (int place = 0; place < OnnxModels.EMBEDDING_SIZE; place++) {
        largest = Math.max(largest, Math.abs(OnnxModels.embedding(token, place)));
      }
    }
    requireEmbedding(together, 0, 1 / largest, 0);
  }

  @Test
  void decoderEmbedsWithAnEmptyPast() {
    // positions 0 to 3 of 4 tokens, and 100 for each token in the cache
    requireEmbedding(embeddings("decoder", "\"hello world\""), 0, 1, 401.5);
  }

  @Test
  void constantsOfPilotlightJsonReachTheGraph() {
    requireEmbedding(embeddings("task", "\"hello world\""), 0, 1, 3);
  }

  private static void requireEmbedding(JsonNode answer, int index, double times, double plus) {
    JsonNode embedding = answer.at("/data/%d/embedding".formatted(index));
    for (int place = 0; place < OnnxModels.EMBEDDING_SIZE; place++) {
      double mean = 0;
      for (int token : HELLO_WORLD) {
        mean += OnnxModels.embedding(token, place) / HELLO_WORLD.length;
      }
      assertThat(embedding.get(place).asDouble()).isCloseTo(mean * times + plus, within(1e-4));
    }
  }

  /// @param columns of [#SCORES], in the order of the answer
  private static void requireProbabilities(JsonNode data, int... columns) {
    for (int row = 0; row < SCORES.length; row++) {
      double sum = 0;
      for (float score : SCORES[row]) {
        sum += Math.exp(score);
      }
      for (int i = 0; i < columns.length; i++) {
        assertThat(data.get(row * columns.length + i).asDouble())
            .isCloseTo(Math.exp(SCORES[row][columns[i]]) / sum, within(1e-6));
      }
    }
  }

  private static void withText(TestModels models, String name, OnnxGraph graph, String... more) {
    models.with(name, graph).withTokenizer(name);
    models.with(
        name,
        "pilotlight.json",
        "{\"task\": \"embedding\", \"normalise\": false%s}".formatted(String.join("", more)));
  }

  private static JsonNode outputs(String model, String more) {
    Harness.Reply reply = client.json(model, input("x", Datatype.FP32, "[2,3]", ROWS), more);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().get("outputs");
  }

  private static JsonNode embeddings(String model, String input) {
    Harness.Reply reply =
        harness.post("/v1/embeddings", "{\"model\":\"%s\",\"input\":%s}".formatted(model, input));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static JsonNode get(String path) {
    return harness.send("GET", path, Map.of(), new byte[0]).json();
  }
}
