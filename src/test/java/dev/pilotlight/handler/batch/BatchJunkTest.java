package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.input.LineHarness;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.handler.refusals.Mutations;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Malformed lines of a batch.
final class BatchJunkTest {
  private static final long SEED = 4;

  @TempDir private static Path root;

  @SuppressWarnings("NullAway.Init")
  private static LineHarness lines;

  @BeforeAll
  static void start() {
    new TestModels(root)
        .withSample()
        .withClassifier("moods")
        .with("quotient", OnnxModels.quotient());
    lines = new LineHarness(root, TestModels.SAMPLE, Encoding.FLOAT);
  }

  @AfterAll
  static void stop() {
    lines.close();
  }

  @Test
  void anyJunkGivesExactlyOneLineThatParses() throws IOException {
    Random random = new Random(SEED);
    String tensors = "{\"id\":1,\"model\":\"quotient\",\"inputs\":[{\"name\":\"a\"}]}";
    List<TestRequest> good =
        List.of(
            TestRequest.post("/", "{\"id\":\"x\",\"text\":\"a\"}"),
            TestRequest.post("/", "{\"id\":2,\"inputs\":[\"a\",\"b\"],\"truncate\":true}"),
            TestRequest.post("/", tensors),
            TestRequest.post(
                "/", request("/v1/embeddings", "{\"model\":\"moods\",\"input\":\"a\"}")),
            TestRequest.post("/", request("/v2/models/moods/infer", "{\"inputs\":[]}")));
    Mutations mutations = new Mutations(random, good);
    int sound = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] junk = mutations.next().body();
      String answer = lines.json(i, junk);
      assertThat(answer.indexOf('\n')).as("line %d", i).isEqualTo(answer.length() - 1);
      JsonNode json = Harness.JSON.readTree(answer);
      boolean known = json.path("line").asInt(-1) == i || json.at("/response").isObject();
      assertThat(known).as(answer).isTrue();
      assertThat(answer).doesNotContain("internal error");
      sound += json.has("embedding") || json.has("embeddings") ? 1 : 0;
    }
    assertThat(sound).as("of the junk some is none").isPositive();
  }

  private static String request(String url, String body) {
    return "{\"custom_id\":\"c\",\"method\":\"POST\",\"url\":\"%s\",\"body\":%s}"
        .formatted(url, body);
  }
}
