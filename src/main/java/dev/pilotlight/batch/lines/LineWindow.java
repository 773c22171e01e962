package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.Lines;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.domain.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lines that are worked on together, with what each asks.
///
/// @param stored bytes of the object as it is stored, up to the end of the last of them
public record LineWindow(List<Entry> entries, long stored) {
  /// A line and what it asks.
  record Entry(Line line, LineTask task) {
    int items() {
      return task instanceof LineTask.Ask ask ? ask.items().size() : 0;
    }

    long bytes(ResultSizes sizes) {
      long results = 0;
      if (task instanceof LineTask.Ask ask) {
        for (Item item : ask.items()) {
          results += sizes.guess(ask.model().info(), item);
        }
      }
      return line.bytes() + results;
    }
  }

  public LineWindow {
    entries = List.copyOf(entries);
  }

  /// The next lines: as many as the settings let in, and at least one.
  ///
  /// @return empty after the last line
  public static Optional<LineWindow> next(
      Lines lines, LineTasks tasks, ResultSizes sizes, BatchSettings settings) {
    List<Entry> entries = new ArrayList<>();
    int items = 0;
    long bytes = 0;
    while (items < settings.windowItems()
        && entries.size() < settings.windowItems()
        && bytes < settings.windowBytes()) {
      Optional<Line> line = lines.next();
      if (line.isEmpty()) {
        break;
      }
      Entry entry = new Entry(line.get(), tasks.of(line.get()));
      entries.add(entry);
      items += entry.items();
      bytes += entry.bytes(sizes);
    }
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(new LineWindow(entries, lines.stored()));
  }
}
