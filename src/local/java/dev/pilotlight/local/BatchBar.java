package dev.pilotlight.local;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Shows the progress of one batch as a bar. Thread-safe.
final class BatchBar implements Console.Out {
  private static final int WIDTH = 24;

  private final Screen screen;
  private final String name;
  private volatile @Nullable BatchReport last;

  /// @param name the text before the bar
  BatchBar(Screen screen, String name) {
    this.screen = screen;
    this.name = name;
  }

  @Override
  public void line(String line) {
    screen.line(line);
  }

  @Override
  public void progress(BatchReport report, String line) {
    last = report;
    if (report.done()) {
      screen.lastStatus(text(report));
    } else {
      screen.status(text(report));
    }
  }

  /// The last report, if the batch is done.
  Optional<BatchReport> done() {
    return Optional.ofNullable(last).filter(BatchReport::done);
  }

  private String text(BatchReport report) {
    int filled = WIDTH * report.percentRead() / 100;
    String bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
    return "%s [%s]  %s".formatted(name, bar, report.figures());
  }
}
