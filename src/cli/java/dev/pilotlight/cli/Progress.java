package dev.pilotlight.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/// One line that shows how long something has taken so far; [#close()] erases it. Only a terminal
/// shows it, and only if the work takes longer than a moment.
final class Progress implements AutoCloseable {
  static final Duration FIRST_AFTER = Duration.ofMillis(500);
  private static final Duration EVERY = Duration.ofMillis(100);
  private static final String ERASED = "\r\u001b[K";
  // a line that wraps could not be erased
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintWriter out;
  private final Supplier<String> work;
  private final Thread thread;

  private Progress(PrintWriter out, Supplier<String> work, Duration firstAfter) {
    this.out = out;
    this.work = work;
    this.thread = Thread.ofPlatform().daemon().name("progress").unstarted(() -> draw(firstAfter));
  }

  /// @param work such as `loading models/m`
  static Progress start(PrintWriter out, Terminal terminal, String work, Duration firstAfter) {
    return start(out, terminal, () -> work, firstAfter);
  }

  /// As [#start(PrintWriter, Terminal, String, Duration)], for work whose description changes.
  static Progress start(
      PrintWriter out, Terminal terminal, Supplier<String> work, Duration firstAfter) {
    Progress progress = new Progress(out, work, firstAfter);
    if (terminal.interactive()) {
      progress.thread.start();
    }
    return progress;
  }

  private void draw(Duration firstAfter) {
    long begun = System.nanoTime();
    try {
      Thread.sleep(firstAfter);
      while (true) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        String text = String.format(Locale.ROOT, "%s … %.1f s", work.get(), seconds);
        out.print(ERASED + NO_WRAP + text + WRAP);
        out.flush();
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      out.print(ERASED);
      out.flush();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
