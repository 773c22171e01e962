package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.Lines;
import dev.pilotlight.batch.s3.BatchSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Consecutive lines that are answered together.
///
/// @param stored bytes of the object as it is stored, up to the end of the last line
public record Window(List<LineTask> tasks, long stored) {
  public Window {
    tasks = List.copyOf(tasks);
  }

  /// The next lines: as many as the settings allow, and at least one.
  ///
  /// @return empty after the last line
  public static Optional<Window> next(
      Lines lines, LineTasks tasks, ResultSizes sizes, BatchSettings settings) {
    List<LineTask> window = new ArrayList<>();
    int items = 0;
    long bytes = 0;
    while (items < settings.windowItems()
        && window.size() < settings.windowItems()
        && bytes < settings.windowBytes()) {
      Optional<Line> line = lines.next();
      if (line.isEmpty()) {
        break;
      }
      LineTask task = tasks.of(line.get());
      window.add(task);
      items += task.items().size();
      bytes += task.bytes(sizes);
    }
    return window.isEmpty() ? Optional.empty() : Optional.of(new Window(window, lines.stored()));
  }
}
