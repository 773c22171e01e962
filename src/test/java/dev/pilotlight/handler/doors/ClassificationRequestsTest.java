package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.InferClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Triton's classification extension on the infer route.
class ClassificationRequestsTest {
  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static Harness api;

  @SuppressWarnings("NullAway.Init")
  private static InferClient client;

  @BeforeAll
  static void start() {
    api = DoorModels.start(root);
    client = new InferClient(api);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void logitsHaveTheNamesOfTheirLabels() {
    JsonNode output = texts(DoorModels.JUDGE, "'a','h'", "logits", 2).at("/outputs/0");

    assertThat(output.get("datatype").asText()).isEqualTo("BYTES");
    assertThat(output.get("shape")).hasToString("[2,2]");
    assertThat(output.get("data").get(0).asText()).isEqualTo(highest("a"));
    assertThat(output.get("data").get(2).asText()).isEqualTo(highest("h"));
    assertThat(texts(DoorModels.JUDGE, "'a'", "logits", 9).at("/outputs/0/shape"))
        .hasToString("[1,3]");
  }

  private static String highest(String text) {
    float first = DoorModels.judgeLogit(text);
    int label = first > 0 ? 2 : 0;
    return String.format(Locale.ROOT, "%.6f:%d:LABEL_%d", first * (label + 1), label, label);
  }

  @Test
  void valuesOfOtherOutputsHaveNoNames() {
    JsonNode vector = texts(DoorModels.EMBEDDER, "'a','b'", "embedding", 3).at("/outputs/0");
    assertThat(vector.get("shape")).hasToString("[2,3]");
    assertThat(vector.get("data").get(0).asText()).matches("0\\.\\d{6}:\\d+");

    JsonNode score = texts(DoorModels.JUDGE, "'a','b'", "score", 3).at("/outputs/0");
    assertThat(score.get("shape")).hasToString("[2,1]");
    assertThat(score.get("data").get(0).asText()).matches("[01]\\.\\d{6}:0");
  }

  @Test
  void tensorsAreClassifiedByRow() {
    JsonNode output = tensors("[2,3]", "[1,2,3,9,8,7.5]", 2).at("/outputs/0");

    assertThat(output.get("shape")).hasToString("[2,2]");
    assertThat(output.get("data"))
        .hasToString("[\"3.000000:2\",\"2.000000:1\",\"9.000000:0\",\"8.000000:1\"]");
    assertThat(tensors("[2,3]", "[1,2,3,9,8,7.5]", 0).at("/outputs/0/datatype").asText())
        .isEqualTo("FP32");
  }

  @Test
  void classesMayBeBinary() {
    Harness.Reply reply =
        client.json(
            "square",
            input("[1,2]", "[1,2]"),
            ",\"outputs\":[{\"name\":\"y\",\"parameters\":"
                + "{\"classification\":1,\"binary_data\":true}}]");
    List<Tensor> outputs = InferClient.binary(reply);

    assertThat(outputs).hasSize(1);
    assertThat(outputs.getFirst().datatype()).isEqualTo(Datatype.BYTES);
    assertThat(outputs.getFirst().bytes())
        .extracting(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .containsExactly("2.000000:1");
  }

  @ParameterizedTest
  @CsvSource({"judge, label, BYTES", "judge, product, the model has"})
  void outputThatHasNoOrderIsRefused(String model, String output, String message) {
    Harness.Reply reply = send(model, "'a'", output, 1);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("error").asText()).contains("outputs[0]").contains(message);
  }

  private static JsonNode tensors(String shape, String data, int classes) {
    Harness.Reply reply =
        client.json(
            "square",
            input(shape, data),
            ",\"outputs\":[{\"name\":\"y\",\"parameters\":{\"classification\":%d}}]"
                .formatted(classes));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static String input(String shape, String data) {
    return InferClient.input("x", Datatype.FP32, shape, data);
  }

  private static JsonNode texts(String model, String texts, String output, int classes) {
    Harness.Reply reply = send(model, texts, output, classes);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static Harness.Reply send(String model, String texts, String output, int classes) {
    String shape = "[%d]".formatted(texts.split(",", -1).length);
    String data = "[" + texts.replace('\'', '"') + "]";
    return client.json(
        model,
        InferClient.input("text", Datatype.BYTES, shape, data),
        ",\"outputs\":[{\"name\":\"%s\",\"parameters\":{\"classification\":%d}}]"
            .formatted(output, classes));
  }
}
