package dev.pilotlight.handler.models;

import static dev.pilotlight.handler.InferClient.input;
import static dev.pilotlight.handler.InferClient.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.refusals.BadBinary;
import dev.pilotlight.model.OnnxModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tensors through the whole function: strings that a graph reads, sizes that callers choose,
/// several inputs and outputs, numbers without JSON form, and texts to labels.
class TensorsTest {
  private static final String A = input("a", Datatype.FP32, "[2]", "[1,2]");
  private static final String B = input("b", Datatype.FP32, "[2]", "[0.5,4]");
  private static final String SUM = output("sum", Datatype.FP32, "[2]", "[1.5,6.0]");
  private static final String DIFFERENCE = output("difference", Datatype.FP32, "[2]", "[0.5,-2.0]");

  // [CLS], [SEP] and the words, as the sample's vocabulary numbers them
  private static final long[] HELLO = {101, 7592, 102};
  private static final long[] HELLO_WORLD = {101, 7592, 2088, 102};
  private static final String[] LABELS = {"bad", "good", "so so"};

  private static Harness harness;
  private static InferClient client;

  @BeforeAll
  static void start(@TempDir Path root) {
    harness =
        new TestModels(root)
            .with("both", OnnxModels.sumAndDifference())
            .with("quotient", OnnxModels.quotient())
            .with("labels", OnnxModels.labels())
            .with("words", OnnxModels.words())
            .with("join", OnnxModels.concatenation())
            .with("square", OnnxModels.identity(Datatype.FP32, "n", 2))
            .with("flags", OnnxModels.identity(Datatype.BOOL, "n"))
            .withClassifier("classes")
            .start();
    client = new InferClient(harness);
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  @Test
  void aGraphReadsStringsAsTheyWereSent() {
    List<String> keys = new ArrayList<>(OnnxModels.LABEL_KEYS);
    keys.add("something else");
    Tensor texts = Tensor.ofStrings("text", new long[] {keys.size()}, keys);
    String places = "[0,1,2,3,4,5,6,-1]";

    Harness.Reply binary = client.send("labels", false, texts);
    assertThat(InferClient.outputs(binary))
        .isEqualTo(output("label", Datatype.INT64, "[8]", places));
    Harness.Reply json = client.json("labels", strings(keys), "");
    assertThat(InferClient.outputs(json)).isEqualTo(InferClient.outputs(binary));
  }

  @Test
  void outputsOfTheGraphComeBackUnchanged() {
    List<String> keys = OnnxModels.LABEL_KEYS;
    Tensor texts = Tensor.ofStrings("text", new long[] {keys.size()}, keys);
    Tensor words = Tensor.ofStrings("word", new long[] {keys.size()}, OnnxModels.WORDS);

    assertThat(client.binaryToBinary("words", texts)).containsExactly(words);
    JsonNode json = client.json("words", strings(keys), "").json().at("/outputs/0/data");
    assertThat(json).extracting(JsonNode::asText).containsExactlyElementsOf(OnnxModels.WORDS);
  }

  @Test
  void stringsAreJoinedOverU0000AndSurrogates() {
    String inputs =
        input("a", Datatype.BYTES, "[2]", "[\"a\\u0000\",\"\\ud83d\\ude00\"]")
            + ","
            + input("b", Datatype.BYTES, "[2]", "[\"\\u0000b\",\"\\ud83d\\ude00\"]");
    JsonNode joined = client.json("join", inputs, "").json().at("/outputs/0/data");
    assertThat(joined.get(0).asText()).isEqualTo("a\0\0b");
    assertThat(joined.get(1).asText()).isEqualTo(OnnxModels.EMOJI + OnnxModels.EMOJI);
  }

  @Test
  void sizesAreTheCallers() {
    for (int rows : new int[] {1, 5, 0, 1000, 2}) {
      String row = "[1.5,-2.0],";
      String nested = row.repeat(rows);
      String data = "[" + nested.substring(0, Math.max(0, nested.length() - 1)) + "]";
      String shape = "[" + rows + ",2]";
      Harness.Reply reply = client.json("square", input("x", Datatype.FP32, shape, data), "");
      String flat = data.replace("[", "").replace("]", "");
      assertThat(InferClient.outputs(reply))
          .isEqualTo(output("y", Datatype.FP32, shape, "[" + flat + "]"));
    }
  }

  @Test
  void inputsComeInAnyOrder() {
    assertThat(InferClient.outputs(client.json("both", A + "," + B, "")))
        .isEqualTo(SUM + "," + DIFFERENCE);
    assertThat(InferClient.outputs(client.json("both", B + "," + A, "")))
        .isEqualTo(SUM + "," + DIFFERENCE);
  }

  @Test
  void onlyWantedOutputsComeBackInTheirOrder() {
    String turned = ",\"outputs\":[{\"name\":\"difference\"},{\"name\":\"sum\"}]";
    assertThat(InferClient.outputs(client.json("both", A + "," + B, turned)))
        .isEqualTo(DIFFERENCE + "," + SUM);
    String one = ",\"outputs\":[{\"name\":\"difference\"}]";
    assertThat(InferClient.outputs(client.json("both", A + "," + B, one))).isEqualTo(DIFFERENCE);
  }

  @Test
  void eachOutputHasItsOwnForm() {
    String mixed =
        ",\"outputs\":[{\"name\":\"sum\",\"parameters\":{\"binary_data\":true}},"
            + "{\"name\":\"difference\"}]";
    Harness.Reply reply = client.json("both", A + "," + B, mixed);
    int header = Integer.parseInt(reply.header(BadBinary.LENGTH));
    assertThat(reply.text()).startsWith("{").contains(DIFFERENCE + "]}");
    assertThat(reply.body())
        .hasSize(header + 2 * Float.BYTES)
        .endsWith(0, 0, 0xc0, 0x3f, 0, 0, 0xc0, 0x40);
  }

  @Test
  void theIdComesBack() {
    String id = "\"7 \\ud83d\\ude00\"";
    JsonNode answer = client.json("both", A + "," + B, ",\"id\":" + id).json();
    assertThat(answer.get("id").asText()).isEqualTo("7 " + OnnxModels.EMOJI);
    assertThat(answer.get("model_name").asText()).isEqualTo("both");
    assertThat(answer.get("model_version").asText()).isEqualTo("1");
  }

  @Test
  void notANumberIsRefusedInJsonAndReturnedInBinary() {
    Tensor a = Tensor.ofFloats("a", new long[] {3}, new float[] {0, 1, -1});
    Tensor zeros = Tensor.ofFloats("b", new long[] {3}, new float[3]);

    Harness.Reply refused = client.send("quotient", false, a, zeros);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("error").asText()).contains("quotient", "NaN", "binary_data");
    assertThat(client.binaryToBinary("quotient", a, zeros).getFirst().floats())
        .containsExactly(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
  }

  @Test
  void aRawBodyIsTheOnlyInput() {
    byte[] body = Tensor.ofFloats("x", new long[] {4}, new float[] {1, 2, 3, 4}).data();
    Harness.Reply reply =
        harness.send(
            TestRequest.post(InferClient.path("square"), body).with(BadBinary.LENGTH, "0").event());
    assertThat(InferClient.binary(reply))
        .containsExactly(new Tensor("y", Datatype.FP32, new long[] {2, 2}, body));
  }

  @Test
  void textsGetALabelAndAScoreEach() {
    String texts = input("text", Datatype.BYTES, "[2]", "[\"hello\",\"Hello World\"]");
    JsonNode outputs = client.json("classes", texts, "").json().get("outputs");
    assertThat(outputs).hasSize(2);
    assertThat(outputs.at("/0/name").asText()).isEqualTo("label");
    assertThat(outputs.at("/0/datatype").asText()).isEqualTo("BYTES");
    assertThat(outputs.at("/0/shape").toString()).isEqualTo("[2]");
    assertThat(outputs.at("/1/name").asText()).isEqualTo("score");
    assertThat(outputs.at("/1/datatype").asText()).isEqualTo("FP32");
    assertThat(outputs.at("/1/shape").toString()).isEqualTo("[2]");

    long[][] tokens = {HELLO, HELLO_WORLD};
    for (int i = 0; i < tokens.length; i++) {
      double[] scores = scores(tokens[i]);
      int best = best(scores);
      assertThat(outputs.at("/0/data/" + i).asText()).isEqualTo(LABELS[best]);
      assertThat(outputs.at("/1/data/" + i).doubleValue()).isCloseTo(scores[best], within(1e-6));
    }
  }

  @Test
  void aModelOfTextsTakesItsGraphsOwnTensorsToo() {
    String inputs =
        input("input_ids", Datatype.INT64, "[1,3]", "[[101,7592,102]]")
            + ","
            + input("attention_mask", Datatype.INT64, "[1,3]", "[1,1,1]");
    JsonNode output = client.json("classes", inputs, "").json().at("/outputs/0");
    assertThat(output.get("name").asText()).isEqualTo("logits");
    assertThat(output.get("shape").toString()).isEqualTo("[1,3]");
    double[] logits = logits(HELLO);
    for (int label = 0; label < logits.length; label++) {
      assertThat(output.at("/data/" + label).doubleValue()).isCloseTo(logits[label], within(1e-5));
    }
  }

  private static String strings(List<String> texts) {
    String data = Harness.JSON.valueToTree(texts).toString();
    return input("text", Datatype.BYTES, "[" + texts.size() + "]", data);
  }

  private static double[] scores(long[] tokens) {
    double[] logits = logits(tokens);
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    double[] scores = new double[logits.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(logits[i]) / sum;
    }
    return scores;
  }

  /// As the graph computes them: the mean embedding times the weights.
  private static double[] logits(long[] tokens) {
    double[] logits = new double[LABELS.length];
    for (int place = 0; place < OnnxModels.EMBEDDING_SIZE; place++) {
      double mean = 0;
      for (long token : tokens) {
        mean += OnnxModels.embedding(token, place) / tokens.length;
      }
      for (int label = 0; label < logits.length; label++) {
        logits[label] += mean * OnnxModels.classifierWeight(place, label);
      }
    }
    return logits;
  }

  private static int best(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }
}
