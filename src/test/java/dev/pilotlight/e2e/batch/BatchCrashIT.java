package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.runtime.AsyncFailure;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A batch whose process is killed at any moment ends as if nothing had happened.
@Timeout(600)
@ParameterizedClass
@EnumSource(BatchForm.class)
@Order(1) // it is long
@OnlyInFaults
class BatchCrashIT {
  private static final String KEY = "reviews/mixed lines.jsonl";
  private static final int LINES = 240;
  private static final int BAD_LINES = 24;
  private static final int RUNS = Soak.amount(5, 20);
  private static final int RUNS_IN_PARTS = Soak.amount(1, 3);
  private static final int KILLS_OF_ONE_RUN = Soak.amount(3, 6);

  @Parameter
  @SuppressWarnings("NullAway.Init")
  private BatchForm form;

  @Test
  void aKillAtARandomMomentChangesNothing() throws Exception {
    form.assumeVerifies(BatchForm.QUEUE);
    String lines = BatchLines.mixed(4, LINES);
    Random random = new Random(20);
    try (BatchStack batches = BatchStack.start(form, options -> options)) {
      batches.forget();
      batches.awaitReady();
      long begun = System.nanoTime();
      batches.put(KEY, lines);
      BatchStack.Output reference = batches.awaitOutput(KEY);
      long millis = (System.nanoTime() - begun) / 1_000_000;
      requireWhole(reference, LINES, BAD_LINES);

      int hit = 0;
      for (int run = 0; run < RUNS; run++) {
        batches.forget();
        batches.awaitReady();
        batches.put(KEY, lines);
        Thread.sleep(random.nextLong(millis)); // the moment is what is tested
        batches.kill();
        BatchStack.Output output = batches.awaitOutput(KEY);
        output.requireSame(reference);
        batches.requireNothingLeft();
        hit += output.count("invocations") > 1 ? 1 : 0;
      }
      assertThat(batches.stack().failures()).isEmpty();
      assertThat(hit).as("kills that hit a batch at work").isGreaterThanOrEqualTo(RUNS / 4);
    }
  }

  @Test
  void killsUntilTheEventIsGivenUpChangeNothingOnceItIsSentAgain() throws Exception {
    form.assumeVerifies(BatchForm.EVENTS);
    String lines = BatchLines.mixed(4, LINES);
    try (BatchStack batches = BatchStack.start(form, options -> options)) {
      BatchStack.Output reference = batches.answer(KEY, lines);
      requireWhole(reference, LINES, BAD_LINES);
      killAgainAndAgain(batches, lines, new Random(22));
      batches.awaitOutput(KEY).requireSame(reference);
      batches.requireNothingLeft();
    }
  }

  @Test
  void killsDoNotChangeAnOutputOfSeveralParts() throws Exception {
    String lines = BatchLines.repeated(5, 4_000, 40);
    Random random = new Random(21);
    try (BatchStack batches =
        BatchStack.start(
            form,
            options ->
                options
                    .withVariable("PILOTLIGHT_BATCH_PART_BYTES", "5242880")
                    .withVariable("PILOTLIGHT_BATCH_WINDOW_ITEMS", "128"))) {
      long begun = System.nanoTime();
      BatchStack.Output reference = batches.answer(KEY, lines);
      long millis = (System.nanoTime() - begun) / 1_000_000;
      requireWhole(reference, 4_000, 8);
      assertThat(reference.out().length()).isGreaterThan(3 * 5 * 1024 * 1024);

      for (int run = 0; run < RUNS_IN_PARTS; run++) {
        batches.forget();
        batches.awaitReady();
        batches.put(KEY, lines);
        Thread.sleep(random.nextLong(millis / 4, millis));
        batches.kill();
        batches.awaitOutput(KEY).requireSame(reference);
        batches.requireNothingLeft();
      }
      assertThat(batches.stack().failures()).isEmpty();
    }
  }

  /// Until Lambda or the queue gives the event up, and it is sent again from the queue of failures.
  private static void killAgainAndAgain(BatchStack batches, String lines, Random random)
      throws IOException, InterruptedException {
    batches.forget();
    batches.awaitReady();
    batches.put(KEY, lines);
    int known = batches.stack().failures().size();
    for (int kill = 0; kill < KILLS_OF_ONE_RUN; kill++) {
      Thread.sleep(random.nextLong(300, 3_500));
      batches.kill();
      known = redeliver(batches, known);
    }
    do {
      batches.awaitIdle();
      known = redeliver(batches, known);
    } while (!batches.stack().awaitIdle(java.time.Duration.ZERO));
  }

  private static int redeliver(BatchStack batches, int known)
      throws IOException, InterruptedException {
    List<AsyncFailure> failures = batches.stack().failures();
    for (AsyncFailure failure : failures.subList(known, failures.size())) {
      batches.deliver(BatchForm.kept(failure.json()));
    }
    return failures.size();
  }

  static void requireWhole(BatchStack.Output output, int lines, int bad) {
    assertThat(output.out().lines()).hasSize(lines);
    assertThat(output.errors().lines()).hasSize(bad);
    assertThat(output.count("lines")).isEqualTo(lines);
    assertThat(output.count("failed")).isEqualTo(bad);
    assertThat(output.count("succeeded")).isEqualTo(lines - bad);
  }
}
