package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.local.states.Execution;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A large object is answered in shards by the template's state machine, and its output equals that
/// of one chain of invocations.
///
/// `mvn -Pfaults` runs it.
@Timeout(300)
@Order(1) // it is long
@OnlyInFaults
class StateMachineIT {
  private static final String KEY = "huge/many lines.jsonl";
  private static final int LINES = 1_000;
  private static final int SHARD_LINES = 200;
  private static final int SHARDS = LINES / SHARD_LINES;

  @SuppressWarnings("NullAway.Init")
  private static BatchStack batches;

  @SuppressWarnings("NullAway.Init")
  private static BatchStack.Output reference;

  private static final String OBJECT = BatchLines.repeated(31, LINES, 40);

  @BeforeAll
  static void answerInOneChain() throws Exception {
    try (BatchStack chain = FanOutStack.start(0, SHARD_LINES)) {
      reference = chain.answer(KEY, OBJECT);
      BatchCrashIT.requireWhole(reference, LINES, LINES / 500);
      assertThat(chain.stack().machines().executions()).isEmpty();
    }
    batches = FanOutStack.start(10_000, SHARD_LINES);
  }

  @AfterAll
  static void stop() {
    batches.close();
  }

  @BeforeEach
  void resetFaults() {
    batches.betweenS3().rule(BatchFaults::pass);
    batches.betweenDynamo().rule(BatchFaults::pass);
  }

  @Test
  void shardsOfTwoEnvironmentsGiveTheBytesOfOneChain() throws Exception {
    requireSame(batches.answer(KEY, OBJECT));
    assertThat(batches.stack().environments(BatchStack.FUNCTION)).isEqualTo(2);
    assertThat(batches.stack().logs())
        .anyMatch(line -> line.endsWith("shards: %d of %d".formatted(SHARDS, SHARDS)));
  }

  @Test
  void secondEventOfTheSameVersionChangesNothing() throws Exception {
    batches.forget();
    int before = batches.stack().machines().executions().size();
    batches.put(KEY, OBJECT);
    while (batches.stack().machines().executions().size() == before) {
      Thread.sleep(5);
    }
    Execution first = batches.stack().machines().executions().getLast();
    byte[] event = first.input().getBytes(StandardCharsets.UTF_8);
    String _ = batches.stack().machines().start("FanOut", event);
    requireSame(batches.awaitOutput(KEY));
    batches.betweenS3().forgetCalls();
    String _ = batches.stack().machines().start("FanOut", event);
    requireSame(batches.awaitOutput(KEY));
  }

  @Test
  void killedEnvironmentIsRetriedFromTheShardsCheckpoint() throws Exception {
    batches.forget();
    batches.awaitReady();
    AtomicInteger checkpoints = new AtomicInteger();
    batches
        .betweenS3()
        .rule(
            call -> {
              if (isOfShard(call) && checkpoints.incrementAndGet() == 2) {
                batches.kill();
              }
              return BatchFaults.pass(call);
            });
    batches.put(KEY, OBJECT);
    requireSame(batches.awaitOutput(KEY));
    assertThat(checkpoints).hasValueGreaterThan(2);
  }

  @Test
  void failedMapLeavesItsReasonAndARedriveFinishesIt() throws Exception {
    batches.forget();
    batches.awaitReady();
    AtomicInteger refused = new AtomicInteger();
    batches
        .betweenS3()
        .rule(
            call ->
                isOfShard(call) && refused.incrementAndGet() > 3
                    ? new Fate.Fail(403, FORBIDDEN)
                    : BatchFaults.pass(call));
    batches.put(KEY, OBJECT);
    batches.awaitIdle();
    Execution failed = batches.stack().machines().executions().getLast();
    assertThat(failed.status()).as(failed.toString()).isEqualTo(Execution.Status.FAILED);
    assertThat(failed.state()).isEqualTo("Shards");
    assertThat(batches.read(BatchStack.OUT, KEY + ".failed.json")).isPresent();
    resetFaults();
    batches.stack().machines().redrive(failed.id());
    requireSame(batches.awaitOutput(KEY));
    assertThat(batches.read(BatchStack.OUT, KEY + ".failed.json")).isEmpty();
    assertThat(batches.stack().machines().executions().getLast().status())
        .isEqualTo(Execution.Status.SUCCEEDED);
  }

  private static boolean isOfShard(Between.Call call) {
    String path = call.uri().getPath();
    return call.method().equals("PUT")
        && path.contains("/.pilotlight/")
        && !path.endsWith("plan.json");
  }

  private static final String FORBIDDEN =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>""";

  private static void requireSame(BatchStack.Output output) throws IOException {
    output.requireSame(reference);
    batches.requireNothingLeft();
    assertThat(batches.stack().failures()).isEmpty();
  }
}
