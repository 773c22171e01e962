package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A batch whose helpers fail now and then ends as if nothing had happened.
@Timeout(300)
@Order(1) // it is long
@OnlyInFaults
class BatchFaultsIT {
  private static final String KEY = "faults.jsonl";
  private static final int LINES = 240;
  private static final int LONG_LINES = 6;
  private static final int LONG_LINE_CHARS = 3_000_000;
  private static final double TENTH = 0.1;

  @SuppressWarnings("NullAway.Init")
  private static BatchStack batches;

  @SuppressWarnings("NullAway.Init")
  private static String lines;

  @SuppressWarnings("NullAway.Init")
  private static BatchStack.Output reference;

  private final BatchFaults faults = new BatchFaults(8);

  @BeforeAll
  static void answerUndisturbed() throws Exception {
    batches = BatchStack.start(options -> options);
    lines = BatchLines.mixed(7, LINES) + longLines();
    reference = batches.answer(KEY, lines);
    BatchCrashIT.requireWhole(reference, LINES + LONG_LINES, LINES / 10 + LONG_LINES);
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
  void aTenthOfTheCallsToS3Refused() throws Exception {
    batches.betweenS3().rule(faults.refuse(TENTH, BatchFaults::pass));
    requireSame();
    assertThat(faults.refused).hasPositiveValue();
  }

  /// There are so few of them that a tenth might be none.
  @Test
  void halfOfTheBodiesFromS3BrokenOff() throws Exception {
    batches.betweenS3().rule(faults.cut(0.5, BatchFaults::pass));
    requireSame();
    assertThat(faults.cut).hasPositiveValue();
  }

  @Test
  void aDynamoWithoutThroughput() throws Exception {
    batches.betweenDynamo().rule(faults.throttle(3 * TENTH, BatchFaults::pass));
    requireSame();
    assertThat(faults.throttled).hasPositiveValue();
    assertThat(faults.unprocessed).hasPositiveValue();
  }

  @Test
  void aRedisThatGoesAway() throws Exception {
    stopRedisDuringTheRun();
    try {
      requireSame();
      assertThat(batches.stack().redis().orElseThrow().running()).isFalse();
    } finally {
      batches.stack().redis().orElseThrow().start();
    }
  }

  @Test
  void allOfThisTogether() throws Exception {
    stopRedisDuringTheRun();
    batches.betweenS3().rule(faults.refuse(TENTH, faults.cut(0.5, BatchFaults::pass)));
    try {
      requireSame();
      assertThat(faults.refused).hasPositiveValue();
      assertThat(faults.throttled).hasPositiveValue();
    } finally {
      batches.stack().redis().orElseThrow().start();
    }
  }

  private void stopRedisDuringTheRun() {
    assumeThat(batches.stack().redis()).isPresent();
    AtomicInteger writes = new AtomicInteger();
    batches
        .betweenDynamo()
        .rule(
            faults.throttle(
                TENTH,
                call -> {
                  if (call.action().equals("BatchWriteItem") && writes.incrementAndGet() == 3) {
                    batches.stack().redis().orElseThrow().stop();
                  }
                  return BatchFaults.pass(call);
                }));
  }

  private static void requireSame() throws IOException, InterruptedException {
    BatchStack.Output output = batches.answer(KEY, lines);
    output.requireSame(reference);
    batches.requireNothingLeft();
    assertThat(batches.stack().failures()).isEmpty();
  }

  /// Bad ones, so that there is much to read and little to do.
  private static String longLines() {
    return ("\n{\"id\":\"long" + "x".repeat(LONG_LINE_CHARS)).repeat(LONG_LINES);
  }
}
