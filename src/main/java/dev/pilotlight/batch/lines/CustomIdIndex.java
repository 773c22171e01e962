package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.Line;

/// Finds the first line of an object that has a `custom_id`. For one thread at a time, which passes
/// the lines in their order.
public interface CustomIdIndex {
  /// The number of the first line with the id, which may be this one.
  ///
  /// @param line that has the id
  long firstLine(String customId, Line line);
}
