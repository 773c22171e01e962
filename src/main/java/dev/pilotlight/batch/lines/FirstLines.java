package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.Line;

/// Finds the first line of an object that has a `custom_id`. For one thread at a time, which passes
/// the lines in their order.
public interface FirstLines {
  /// @param line that has the id
  /// @return the number of the first line that has it, which may be this one
  long firstLine(String customId, Line line);
}
