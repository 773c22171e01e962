package dev.pilotlight.e2e.batch.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.e2e.Client;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The largest batch of OpenAI's API.
@Timeout(3_600)
@EnabledIfSystemProperty(named = "pilotlight.soak", matches = "true")
class ApiBatchSoakIT {
  private static final int MOST = 50_000;
  private static final int TEXTS = 2_000;
  private static final int BAD_EVERY = 1_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static LocalStack stack;
  private static ApiBatches batches;

  @BeforeAll
  static void start() {
    stack = LocalStack.start(Options.onFreePorts());
    batches = new ApiBatches(stack);
  }

  @AfterAll
  static void stop() {
    batches.close();
    stack.close();
  }

  @Test
  void fiftyThousandRequestsAreAnsweredEachInItsPlace() throws Exception {
    JsonNode batch = batches.awaitEnd(batches.create(requests(MOST)));
    assertThat(batch.path("status").textValue()).as("%s", batch).isEqualTo("completed");
    assertThat(batch.at("/request_counts/total").intValue()).isEqualTo(MOST);
    assertThat(batch.at("/request_counts/failed").intValue()).isEqualTo(MOST / BAD_EVERY);
    assertThat(batch.at("/request_counts/completed").intValue()).isEqualTo(MOST - MOST / BAD_EVERY);
    assertThat(batches.lines(batch, "error_file_id")).hasSize(MOST / BAD_EVERY);

    Map<Integer, String> embeddings = new HashMap<>();
    Iterator<String> lines =
        batches.text(batch.path("output_file_id").textValue()).lines().iterator();
    for (int i = 0; i < MOST; i++) {
      if (isBad(i)) {
        continue;
      }
      JsonNode line = JSON.readTree(lines.next());
      assertThat(line.path("custom_id").textValue()).isEqualTo("c" + i);
      assertThat(line.at("/response/status_code").intValue()).isEqualTo(200);
      String embedding = line.at("/response/body/data/0/embedding").textValue();
      String before = embeddings.putIfAbsent(i % TEXTS, embedding);
      assertThat(before == null || before.equals(embedding)).as("line %d", i).isTrue();
    }
    assertThat(lines.hasNext()).isFalse();
    assertThat(embeddings.get(7)).isEqualTo(answer(7));
    assertThat(embeddings.values()).doesNotHaveDuplicates();
  }

  @Test
  void oneRequestMoreIsRefused() throws Exception {
    JsonNode batch = batches.awaitEnd(batches.create(requests(MOST + 1)));
    assertThat(batch.path("status").textValue()).as("%s", batch).isEqualTo("failed");
    assertThat(batch.at("/errors/data/0/message").textValue())
        .isEqualTo("the file has more than 50000 requests; accepted: 1 to 50000");
    assertThat(batch.path("output_file_id").isNull()).isTrue();
  }

  private static boolean isBad(int i) {
    return i % BAD_EVERY == BAD_EVERY - 1;
  }

  private static String requests(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                ("{\"custom_id\":\"c%d\",\"method\":\"POST\",\"url\":\"/v1/embeddings\","
                        + "\"body\":%s}\n")
                    .formatted(i, body(i)))
        .collect(Collectors.joining());
  }

  private static String body(int i) {
    return "{\"model\":\"%s\",\"input\":\"text %d\",\"encoding_format\":\"base64\"}"
        .formatted(isBad(i) ? "none" : Client.MODEL, i % TEXTS);
  }

  /// The API's own answer.
  private static String answer(int i) throws IOException {
    Client.Reply reply = batches.post("/v1/embeddings", body(i));
    assertThat(reply.status()).as(new String(reply.body(), UTF_8)).isEqualTo(200);
    return JSON.readTree(reply.body()).at("/data/0/embedding").textValue();
  }
}
