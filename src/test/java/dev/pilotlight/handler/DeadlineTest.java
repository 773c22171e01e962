package dev.pilotlight.handler;

import static dev.pilotlight.handler.InferClient.input;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.OnnxModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A graph that takes longer than its request may, through the whole function.
@Timeout(60)
class DeadlineTest {
  private static final Duration DEADLINE = Duration.ofMillis(400);
  // of a short time half is kept for storing
  private static final Duration RUN_TIME = DEADLINE.dividedBy(2);
  // far below what the runs would take, far above what stopping takes on a busy machine
  private static final Duration ANSWERED_WITHIN = Duration.ofMillis(2_500);
  private static final int WORD = 7592;

  private static Harness harness;
  private static InferClient client;

  @BeforeAll
  static void start(@TempDir Path root) {
    harness =
        new TestModels(root)
            .with("slow", OnnxModels.slow())
            .withSample()
            .start("PILOTLIGHT_DEADLINE_MS", Long.toString(DEADLINE.toMillis()));
    client = new InferClient(harness);
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  @Test
  void aSlowGraphIsStoppedAndTheModelServesOn() {
    assertTimedOut(() -> client.json("slow", rounds("1000000000"), ""));
    Harness.Reply reply = client.json("slow", rounds("2"), "");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().at("/outputs/0/data/0").floatValue())
        .isEqualTo(1f / OnnxModels.SLOW_SIZE);
  }

  @Test
  void aTensorOfManyTextsIsStoppedAndOneOfFewIsNot() {
    // 64 texts of 256 tokens: some seconds
    Tensor[] many = texts(64, 256);
    assertTimedOut(() -> client.send(TestModels.SAMPLE, true, many));
    List<Tensor> few = client.binaryToBinary(TestModels.SAMPLE, texts(1, 8));
    assertThat(few).extracting(Tensor::name).containsExactly("last_hidden_state");
  }

  private interface Call {
    Harness.Reply send();
  }

  private static void assertTimedOut(Call call) {
    long start = System.nanoTime();
    Harness.Reply reply = call.send();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(RUN_TIME, ANSWERED_WITHIN);
    assertThat(reply.status()).as(reply.text()).isEqualTo(503);
    assertThat(reply.header("retry-after")).isEqualTo("1");
    assertThat(reply.json().fieldNames()).toIterable().containsExactly("error");
    assertThat(reply.json().get("error").asText())
        .matches("the graph was stopped after \\d+ ms, .*smaller input.*batch.*");
  }

  private static String rounds(String count) {
    return input("rounds", Datatype.INT64, "[]", count);
  }

  private static Tensor[] texts(int count, int tokens) {
    return new Tensor[] {
      longs("input_ids", count, tokens, WORD), longs("attention_mask", count, tokens, 1)
    };
  }

  private static Tensor longs(String name, int rows, int columns, long value) {
    long[] values = new long[rows * columns];
    Arrays.fill(values, value);
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return new Tensor(name, Datatype.INT64, new long[] {rows, columns}, bytes.array());
  }
}
