package dev.pilotlight.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The standard output. On a terminal, the last line is a status that is redrawn. Elsewhere a
/// status is written as an ordinary line, now and then. Thread-safe.
final class Screen implements Console.Out {
  private static final String CLEARED = "\r\u001b[K";
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintStream out;
  private final boolean terminal;
  private final Duration every;
  private @Nullable String status;
  private long statusAt;

  /// @param every the least time between two lines of status, without a terminal
  Screen(PrintStream out, boolean terminal, Duration every) {
    this.out = out;
    this.terminal = terminal;
    this.every = every;
    statusAt = System.nanoTime() - every.toNanos();
  }

  /// Standard output.
  static Screen standard(Duration every) {
    boolean terminal =
        Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
    return new Screen(System.out, terminal, every);
  }

  @Override
  public synchronized void line(String line) {
    if (status == null) {
      out.println(line);
    } else {
      out.println(CLEARED + line);
      draw(status);
    }
    out.flush();
  }

  /// Replaces the status.
  synchronized void status(String text) {
    if (terminal) {
      status = text;
      draw(text);
      out.flush();
    } else if (System.nanoTime() - statusAt >= every.toNanos()) {
      statusAt = System.nanoTime();
      line(text);
    }
  }

  /// Writes the last status, and continues below it.
  synchronized void lastStatus(String text) {
    if (terminal) {
      out.print(CLEARED);
    }
    status = null;
    line(text);
  }

  @Override
  public void progress(BatchReport report, String line) {
    if (report.done()) {
      lastStatus(line);
    } else {
      status(line);
    }
  }

  private void draw(String text) {
    // a wrapped line could not be redrawn
    out.print(CLEARED + NO_WRAP + text + WRAP);
  }
}
