package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.batch.BatchSteps.Point;
import dev.pilotlight.local.Options;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.Soak;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A batch whose process is killed at a call that it makes for its own state, whether the call is
/// still done or not, ends as if nothing had happened. For each of these calls.
///
/// `mvn -Pfaults` runs it, and [BatchCrashIT], which kills at random moments. `mvn verify` kills
/// batches in one process (`FanOutIT`, `BatchStoreIT`).
@Timeout(900)
@OnlyInFaults
@ParameterizedClass
@EnumSource(BatchForm.class)
class BatchStepsIT {
  private static final String KEY = "steps.jsonl";
  private static final List<String> OF_HANDING_OVER = List.of("WAITING", ".continue");

  @TempDir private Path directory;

  @Parameter
  @SuppressWarnings("NullAway.Init")
  private BatchForm form;

  @Test
  void aKillAtAnyCallChangesNothing() throws Exception {
    UnaryOperator<Options> checkpoints =
        options ->
            options
                .withVariable("PILOTLIGHT_BATCH_CHECKPOINT_MS", "100")
                .withVariable("PILOTLIGHT_BATCH_WINDOW_ITEMS", "8");
    // longer than between two checkpoints: there is one after each window
    Duration window = Duration.ofMillis(120);
    try (Killed killed = Killed.at(form, checkpoints, window, BatchLines.mixed(6, 20))) {
      List<Point> points = killed.points();
      assertThat(points)
          .extracting(Point::name)
          .as("states, tails, both uploads, the summary, clearing up")
          .contains("PutItem", "Update to RUNNING", "Update to DONE")
          .contains("PUT /pilotlight-out/.pilotlight/batches/*/out-*")
          .contains("PUT /pilotlight-out/steps.jsonl.out.jsonl partNumber=1 uploadId")
          .contains("POST /pilotlight-out/steps.jsonl.errors.jsonl uploadId")
          .contains("PUT /pilotlight-out/steps.jsonl.summary.json")
          .contains("POST /pilotlight-out delete");
      killed.atEach(all(BatchForm.EVENTS) ? points : named(points, "RUNNING", "DONE"));
    }
  }

  @Test
  void norDoesOneBetweenTwoInvocations() throws Exception {
    UnaryOperator<Options> hurry = options -> BatchHurry.of(form, options, directory);
    try (Killed killed = Killed.at(form, hurry, BatchHurry.SLOW, BatchLines.mixed(6, 80))) {
      List<Point> points =
          killed.points().stream()
              .filter(point -> OF_HANDING_OVER.stream().anyMatch(point.name()::contains))
              .filter(point -> point.count() == 1)
              .toList();
      assertThat(points)
          .extracting(Point::name)
          .contains("Update to WAITING")
          .contains("PUT /pilotlight-out/.pilotlight/continue/*/*.continue")
          .contains("DELETE /pilotlight-out/.pilotlight/continue/*/*.continue");
      killed.atEach(all(BatchForm.QUEUE) ? points : named(points, "WAITING"));
    }
  }

  /// Whether this form has a kill at every kind of call. The calls are the same in both forms, and
  /// so is the state that a kill leaves; they differ in what delivers the event again. So the short
  /// form kills the other one only at calls that change the batch's state.
  private boolean all(BatchForm thorough) {
    return Soak.isOn() || form == thorough;
  }

  private static List<Point> named(List<Point> points, String... states) {
    List<String> names = Stream.of(states).map("Update to "::concat).toList();
    return points.stream().filter(point -> names.contains(point.name())).toList();
  }

  /// The kind of a call, for any of the batch's objects. All reads are one kind: a kill before or
  /// after one leaves the same state.
  static String kind(Point point) {
    return point
        .name()
        .replace("errors", "out")
        .replaceFirst("^(GetItem|GET .*|HEAD .*)$", "read")
        .replaceFirst("^(DELETE|POST .* delete$).*", "delete");
  }

  /// One object that is answered again and again.
  private record Killed(
      BatchStack batches, BatchSteps steps, String lines, BatchStack.Output reference)
      implements AutoCloseable {

    static Killed at(BatchForm form, UnaryOperator<Options> more, Duration window, String lines)
        throws Exception {
      BatchStack batches =
          BatchStack.start(
              form,
              options -> more.apply(options.withVariable("PILOTLIGHT_BATCH_LEASE_MS", "500")));
      BatchSteps steps = new BatchSteps(batches::kill);
      batches.betweenS3().rule(steps::s3);
      batches.betweenDynamo().rule(BatchHurry.slowly(window, steps::dynamo));
      BatchStack.Output reference = batches.answer(KEY, lines);
      int count = (int) lines.lines().count();
      BatchCrashIT.requireWhole(reference, count, count / 10);
      return new Killed(batches, steps, lines, reference);
    }

    /// Those of an undisturbed run.
    List<Point> points() throws Exception {
      run(List.of());
      return steps.seen();
    }

    /// Lambda tries three times, the queue five times: the first attempt does not get to make the
    /// call, the second one does not get its answer. Where that does not make it again, because
    /// there is less to do, the answer's turn is another run. In the short form, the first call of
    /// each kind.
    void atEach(List<Point> points) throws Exception {
      for (Point call : Soak.cases(points, BatchStepsIT::kind)) {
        Point answer = new Point(call.name(), call.count(), false);
        List<Point> left = run(List.of(call, answer));
        assertThat(left.isEmpty() || run(left).isEmpty()).as("%s was reached", call).isTrue();
      }
    }

    private List<Point> run(List<Point> plan) throws Exception {
      batches.forget();
      batches.awaitReady();
      steps.begin(plan);
      batches.put(KEY, lines);
      BatchStack.Output output = batches.awaitOutput(KEY);
      List<Point> left = steps.left();
      output.requireSame(reference);
      batches.requireNothingLeft();
      assertThat(batches.stack().failures()).as("after %s", plan).isEmpty();
      return left;
    }

    @Override
    public void close() {
      batches.close();
    }
  }
}
