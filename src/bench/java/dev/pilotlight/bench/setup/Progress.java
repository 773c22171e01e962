package dev.pilotlight.bench.setup;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/// Prints a line for each step.
public final class Progress {
  private final PrintStream out;
  private final long begun = System.nanoTime();
  private int steps;
  private int done;

  public Progress(PrintStream out) {
    this.out = out;
  }

  /// Sets the number of steps.
  ///
  /// @param count of the steps to come
  public void plan(int count) {
    steps = count;
  }

  /// Prints a line that is not a step.
  public void note(String what) {
    out.println(what);
  }

  /// Reports a finished step.
  ///
  /// @param what the step, with its result if that is of interest
  public void step(String what) {
    done++;
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
    Duration left = elapsed.multipliedBy(Math.max(0, steps - done)).dividedBy(done);
    out.printf(
        Locale.ROOT,
        "[%d/%d, %s, about %s left] %s%n",
        done,
        steps,
        minutes(elapsed),
        minutes(left),
        what);
  }

  private static String minutes(Duration time) {
    return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }
}
