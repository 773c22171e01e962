package dev.pilotlight.e2e.batch.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.e2e.Client;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Batches of OpenAI's API, from the request that makes them to their files.
@Timeout(300)
class ApiBatchIT {
  private static final String KEY = "idempotency-key";

  private static LocalStack stack;
  private static ApiBatches batches;

  @BeforeAll
  static void start() {
    stack =
        LocalStack.start(
            Options.onFreePorts()
                .withVariable("PILOTLIGHT_BATCH_CHECKPOINT_MS", "200")
                .withVariable("PILOTLIGHT_BATCH_WINDOW_ITEMS", "16"));
    batches = new ApiBatches(stack);
  }

  @AfterAll
  static void stop() {
    batches.close();
    stack.close();
  }

  @Test
  void successesAndFailuresAreInTwoFiles() throws Exception {
    JsonNode batch = batches.awaitEnd(batches.create(ApiBatches.requests(40, 10)));
    assertThat(batch.path("status").textValue()).as("%s", batch).isEqualTo("completed");
    assertThat(batch.at("/request_counts/total").intValue()).isEqualTo(40);
    assertThat(batch.at("/request_counts/completed").intValue()).isEqualTo(36);
    assertThat(batch.at("/request_counts/failed").intValue()).isEqualTo(4);
    assertThat(batch.at("/usage/input_tokens").intValue()).isPositive();
    for (String time : Set.of("in_progress_at", "finalizing_at", "completed_at")) {
      assertThat(batch.path(time).isNumber()).as(time).isTrue();
    }
    assertThat(batches.lines(batch, "output_file_id"))
        .hasSize(36)
        .allSatisfy(
            line -> {
              assertThat(line.at("/response/status_code").intValue()).isEqualTo(200);
              assertThat(line.at("/error").isNull()).isTrue();
            });
    assertThat(batches.lines(batch, "error_file_id"))
        .hasSize(4)
        .allSatisfy(
            line -> {
              assertThat(line.at("/response/status_code").intValue()).isEqualTo(404);
              assertThat(line.at("/error").isNull()).isTrue();
            });
  }

  @Test
  void withoutFailuresThereIsNoErrorFileAndTheListHasTheNewestFirst() throws Exception {
    String first = batches.create(ApiBatches.request("a", Client.MODEL));
    JsonNode ended = batches.awaitEnd(first);
    assertThat(ended.path("status").textValue()).isEqualTo("completed");
    assertThat(ended.path("error_file_id").isNull()).isTrue();
    Thread.sleep(1_000); // times of creation are whole seconds
    String second = batches.create(ApiBatches.request("a", "none"));
    JsonNode failed = batches.awaitEnd(second);
    assertThat(failed.path("output_file_id").isNull()).isTrue();
    assertThat(batches.lines(failed, "error_file_id")).hasSize(1);

    JsonNode page = batches.get("/v1/batches?limit=1");
    assertThat(page.at("/data/0/id").textValue()).isEqualTo(second);
    assertThat(page.path("has_more").booleanValue()).isTrue();
    JsonNode next = batches.get("/v1/batches?limit=1&after=" + second);
    assertThat(next.path("first_id").textValue()).isEqualTo(first);
    assertThat(batches.post("/v1/batches/" + first + "/cancel", "{}").status()).isEqualTo(400);
  }

  @Test
  void invalidFileIsRefusedBeforeTheFirstAnswer() throws Exception {
    String lines = ApiBatches.requests(6, 100) + "{broken\n" + ApiBatches.request("c2", "m");
    JsonNode batch = batches.awaitEnd(batches.create(lines));
    assertThat(batch.path("status").textValue()).isEqualTo("failed");
    assertThat(batch.at("/errors/data/0/code").textValue()).isEqualTo("invalid_json_line");
    assertThat(batch.at("/errors/data/0/line").intValue()).isEqualTo(7);
    assertThat(batch.at("/errors/data/1/code").textValue()).isEqualTo("duplicate_custom_id");
    assertThat(batch.at("/errors/data/1/line").intValue()).isEqualTo(8);
    assertThat(batch.path("output_file_id").isNull()).isTrue();
    assertThat(batch.path("error_file_id").isNull()).isTrue();
  }

  @Test
  void cancelledBatchHasAnErrorForEachRequestWithoutAnAnswer() throws Exception {
    String id = batches.create(ApiBatches.requests(2_000, 1_000_000));
    var _ = batches.await(id, Set.of("in_progress"));
    Client.Reply reply = batches.post("/v1/batches/" + id + "/cancel", "{}");
    assertThat(reply.status()).as(new String(reply.body(), UTF_8)).isEqualTo(200);
    JsonNode batch = batches.awaitEnd(id);
    assertThat(batch.path("status").textValue()).isEqualTo("cancelled");
    assertThat(batch.path("cancelled_at").isNumber()).isTrue();
    requireAllHaveLines(batch, 2_000, "batch_cancelled");
  }

  @Test
  void aRepeatedIdempotencyKeyMakesNoOtherBatch() throws Exception {
    String body =
        ApiBatches.body(batches.upload(ApiBatches.request("a", Client.MODEL)), "/v1/embeddings");
    Client.Reply first = batches.post("/v1/batches", body, KEY, "once-1");
    Client.Reply second = batches.post("/v1/batches", body, KEY, "once-1");
    assertThat(ApiBatches.id(second)).isEqualTo(ApiBatches.id(first));
    assertThat(second.headers().get("idempotent-replayed")).containsExactly("true");
    Client.Reply other = batches.post("/v1/batches", body.replace("/v1/", "/v9/"), KEY, "once-1");
    assertThat(other.status()).isEqualTo(400);
    Client.Reply changed =
        batches.post("/v1/batches", body.replace("/v1/embeddings", "/rerank"), KEY, "once-1");
    assertThat(changed.status()).isEqualTo(422);
    assertThat(batches.awaitEnd(ApiBatches.id(first)).path("status").textValue())
        .isEqualTo("completed");
    JsonNode all = batches.get("/v1/batches?limit=100");
    assertThat(all.path("data").findValuesAsText("id")).containsOnlyOnce(ApiBatches.id(first));
  }

  @Test
  void unknownIdsAreNamed() {
    assertThat(batches.post("/v1/batches/batch_x/cancel", "{}").status()).isEqualTo(404);
    Client.Reply reply =
        batches.post(
            "/v1/batches",
            "{'input_file_id':'file-x','endpoint':'/v1/embeddings','completion_window':'24h'}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(new String(reply.body(), UTF_8)).contains("\"param\":\"input_file_id\"");
  }

  private static void requireAllHaveLines(JsonNode batch, int total, String code) {
    int answered = batches.lines(batch, "output_file_id").size();
    assertThat(batches.lines(batch, "error_file_id"))
        .hasSize(total - answered)
        .isNotEmpty()
        .allSatisfy(
            line -> {
              assertThat(line.path("response").isNull()).isTrue();
              assertThat(line.at("/error/code").textValue()).isEqualTo(code);
              assertThat(line.path("custom_id").textValue()).startsWith("c");
            });
    assertThat(batch.at("/request_counts/completed").intValue()).isEqualTo(answered);
    assertThat(batch.at("/request_counts/failed").intValue()).isEqualTo(total - answered);
  }
}
