package dev.pilotlight.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The requests of Flink's SQL function `ML_PREDICT` with the provider `triton`, as they are on the
/// wire: one row a request, the column's name as the tensor's, and one wanted output. Flink reads
/// `data` of each output: all of it for `ARRAY`, else its first value.
///
/// Source: <https://github.com/apache/flink/tree/master/flink-models/flink-model-triton>
/// (`TritonInferenceModelFunction`, `TritonTypeMapper`, `TritonUtils`)
@Timeout(120)
class FlinkIT {
  private static final String CLASSES = "classes";
  private static final String JSON_TYPE = "application/json; charset=utf-8";

  @TempDir private static Path models;

  @SuppressWarnings("NullAway.Init")
  private static LocalStack stack;

  @SuppressWarnings("NullAway.Init")
  private static Client client;

  @BeforeAll
  static void start() {
    new TestModels(models)
        .withSample()
        .with(TestModels.SAMPLE, ".complete", "")
        .withClassifier(CLASSES)
        .with(CLASSES, ".complete", "");
    stack = LocalStack.start(Options.onFreePorts().withModels(models));
    client = new Client(stack.gatewayUrl());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  /// `INPUT (text STRING) OUTPUT (embedding ARRAY<FLOAT>)`
  @Test
  void aColumnOfStringsBecomesArraysOfFloats() {
    String text = "naïve Grüße, 東京 🚀";
    for (String version : List.of("", "/versions/1")) {
      Client.Reply reply =
          infer(
              Client.MODEL + version, row("text", "BYTES", "[1]", "\"" + text + "\"", "embedding"));
      assertThat(Floats.of(data(reply))).isEqualTo(embedding(text));
    }
  }

  /// `INPUT (text STRING) OUTPUT (label STRING)`, and `OUTPUT (score FLOAT)`
  @Test
  void aColumnOfStringsBecomesLabelsOrScores() {
    JsonNode label = data(infer(CLASSES, row("text", "BYTES", "[1]", "\"hello\"", "label")));
    JsonNode score = data(infer(CLASSES, row("text", "BYTES", "[1]", "\"hello\"", "score")));
    assertThat(label).hasSize(1);
    assertThat(List.of("bad", "good", "so so")).contains(label.get(0).asText());
    assertThat(score).hasSize(1);
    assertThat(score.get(0).floatValue()).isBetween(1 / 3f, 1f);
  }

  /// With `sequence-id`, `sequence-start`, `priority`, `compression` and `auth-token`.
  @Test
  void itsOptionsChangeNoAnswer() throws IOException {
    String inputs = row("text", "BYTES", "[1]", "\"hello world\"", "embedding").substring(1);
    String request =
        "{\"id\":\"sequence-0-7\",\"parameters\":{\"priority\":1,\"sequence_start\":true},"
            + inputs;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
      gzip.write(request.getBytes(UTF_8));
    }
    Client.Reply reply =
        client.post(
            "/v2/models/" + Client.MODEL + "/infer",
            body.toByteArray(),
            "content-type",
            JSON_TYPE,
            "content-encoding",
            "gzip",
            "authorization",
            "Bearer any");
    assertThat(Floats.of(data(reply))).isEqualTo(embedding("hello world"));
    assertThat(reply.json().get("id").asText()).isEqualTo("sequence-0-7");
  }

  /// A `NULL` in the column; and the first versions, which send all names in capitals.
  @Test
  void nullsAndNamesInCapitalsAreRefused() {
    Client.Reply none = infer(Client.MODEL, row("text", "BYTES", "[1]", "null", "embedding"));
    assertThat(none.status()).isEqualTo(400);
    assertThat(none.json().get("error").asText()).contains("inputs[0].data[0] is null");

    Client.Reply capitals =
        infer(Client.MODEL, row("TEXT", "BYTES", "[1]", "\"hello\"", "EMBEDDING"));
    assertThat(capitals.status()).isEqualTo(400);
    assertThat(capitals.json().get("error").asText()).contains("TEXT").contains("text");
  }

  private static String row(String input, String type, String shape, String data, String output) {
    return """
        {"inputs":[{"name":"%s","datatype":"%s","shape":%s,"data":[%s]}],\
        "outputs":[{"name":"%s"}]}"""
        .formatted(input, type, shape, data, output);
  }

  private static Client.Reply infer(String model, String request) {
    return client.post(
        "/v2/models/" + model + "/infer", request.getBytes(UTF_8), "content-type", JSON_TYPE);
  }

  private static JsonNode data(Client.Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().get("outputs")).hasSize(1);
    return reply.json().at("/outputs/0/data");
  }

  private static List<Float> embedding(String text) {
    return Floats.of(client.embeddings(List.of(text)).vectors());
  }
}
