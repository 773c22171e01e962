package dev.pilotlight.handler.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.handler.Harness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every event of the API in `events/` is answered, and answered right.
class EventsTest {
  private static final int DIMENSIONS = 384;
  private static Harness harness;

  @BeforeAll
  static void start() {
    harness = new Harness();
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  @Test
  void embeddings() throws IOException {
    JsonNode answer = ok("embeddings.json").json();
    assertThat(answer.at("/data/0/embedding")).hasSize(DIMENSIONS);
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
    assertThat(length(floats(answer.at("/data/0/embedding")))).isBetween(0.99999, 1.00001);
  }

  @Test
  void inferInJson() throws IOException {
    JsonNode answer = ok("infer.json").json();
    assertThat(answer.get("id").asText()).isEqualTo("42");
    assertThat(answer.at("/outputs/0/shape").toString()).isEqualTo("[2,384]");
    assertThat(answer.at("/outputs/0/data")).hasSize(2 * DIMENSIONS);
    assertThat(answer.at("/parameters/result_ids").asText().split(",")).hasSize(2);
  }

  @Test
  void inferInBinaryGivesTheSameBitsAsInJson() throws IOException {
    Harness.Reply reply = ok("infer-binary.json");
    int header = Integer.parseInt(reply.header("inference-header-content-length"));
    ByteBuffer tensors =
        ByteBuffer.wrap(reply.body(), header, reply.body().length - header)
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(tensors.remaining()).isEqualTo(2 * DIMENSIONS * Float.BYTES);

    float[] json = floats(ok("infer.json").json().at("/outputs/0/data"));
    for (int i = 0; i < DIMENSIONS; i++) {
      assertThat(tensors.getFloat()).isEqualTo(json[i]);
    }
  }

  @Test
  void restApi() throws IOException {
    JsonNode answer = ok("rest-v1.json").json();
    byte[] base64 = Base64.getDecoder().decode(answer.at("/data/0/embedding").asText());
    ByteBuffer vector = ByteBuffer.wrap(base64).order(ByteOrder.LITTLE_ENDIAN);
    float[] plain = floats(ok("embeddings.json").json().at("/data/0/embedding"));
    for (float value : plain) {
      assertThat(vector.getFloat()).isEqualTo(value);
    }
  }

  @Test
  void thePayloadForPowerTuningRunsTheModelEachTime() throws IOException {
    JsonNode input = new ObjectMapper().readTree(Path.of("events", "tune.json").toFile());
    byte[] payload = new ObjectMapper().writeValueAsBytes(input.get("payload"));
    for (int i = 0; i < 2; i++) {
      Harness.Reply reply = harness.send(payload);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("cache-status")).startsWith("pilotlight; fwd=request");
    }
    assertThat(input.get("num").asInt()).isGreaterThanOrEqualTo(5);
    assertThat(input.get("strategy").asText()).isEqualTo("balanced");
    assertThat(input.get("powerValues"))
        .extracting(JsonNode::asInt)
        .isSorted()
        .contains(1769)
        .allMatch(size -> size >= 512 && size <= 10_240);
  }

  @Test
  void noEventIsWithoutATest() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("events"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              List.of(
                  "embeddings.json",
                  "infer.json",
                  "infer-binary.json",
                  "rest-v1.json",
                  // these two go through the buckets of SampleEventsIT
                  "s3-put.json",
                  "reviews.jsonl",
                  "tune.json",
                  // no event: the environment that sam local gives the function, see SamLocalIT
                  "env.json"));
    }
  }

  private static Harness.Reply ok(String event) throws IOException {
    Harness.Reply reply = harness.send(Files.readAllBytes(Path.of("events", event)));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply;
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(array.get(i).asText());
    }
    return values;
  }

  private static double length(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
