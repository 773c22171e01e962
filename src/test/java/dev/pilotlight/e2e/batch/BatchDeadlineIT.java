package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A batch that takes longer than the function may goes from one invocation to the next.
@Timeout(300)
@Order(1) // it is long
@OnlyInFaults
@ParameterizedClass
@EnumSource(BatchForm.class)
class BatchDeadlineIT {
  private static final String KEY = "long one.jsonl";
  private static final int LINES = 200;
  private static final int BAD_LINES = 20;

  @TempDir private Path directory;

  @Parameter
  @SuppressWarnings("NullAway.Init")
  private BatchForm form;

  @Test
  void fiveOrMoreInvocationsAnswerAsOneDoes() throws Exception {
    form.assumeVerifies(BatchForm.QUEUE);
    String lines = BatchLines.mixed(9, LINES);
    BatchStack.Output reference;
    try (BatchStack batches = BatchStack.start(form, options -> options)) {
      reference = batches.answer(KEY, lines);
      BatchCrashIT.requireWhole(reference, LINES, BAD_LINES);
      assertThat(reference.count("invocations")).isOne();
    }
    try (BatchStack batches =
        BatchStack.start(form, options -> BatchHurry.of(form, options, directory))) {
      batches.betweenDynamo().rule(BatchHurry.slowly(call -> new Fate.Pass()));
      BatchStack.Output output = batches.answer(KEY, lines);
      output.requireSame(reference);
      assertThat(output.count("invocations")).isGreaterThanOrEqualTo(5);
      batches.requireNothingLeft();
      assertThat(batches.stack().failures()).isEmpty();
    }
  }

  @Test
  void tooManyInvocationsFailAndKeepTheProgress() throws Exception {
    form.assumeVerifies(BatchForm.EVENTS);
    try (BatchStack batches =
        BatchStack.start(
            form,
            options ->
                BatchHurry.of(form, options, directory)
                    .withVariable("PILOTLIGHT_BATCH_INVOCATIONS_MAX", "2"))) {
      batches.betweenDynamo().rule(BatchHurry.slowly(call -> new Fate.Pass()));
      batches.awaitReady();
      batches.put(KEY, BatchLines.mixed(9, LINES));
      batches.awaitIdle();
      assertThat(batches.stack().failures())
          .singleElement()
          .satisfies(
              failure ->
                  assertThat(failure.reason())
                      .contains(
                          "s3://pilotlight-in/" + KEY + " is not done after the 2 invocations")
                      .contains("PILOTLIGHT_BATCH_INVOCATIONS_MAX"));
      assertThat(batches.keys(BatchStack.OUT, ""))
          .as("nothing is published; what was answered waits for the event to come again")
          .anyMatch(key -> key.startsWith(".pilotlight/batches/"))
          .contains(KEY + ".failed.json")
          .allMatch(key -> key.startsWith(".pilotlight/") || key.equals(KEY + ".failed.json"));
    }
  }
}
