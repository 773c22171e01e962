package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.InputFormat;
import dev.pilotlight.batch.input.InputFormat.Kind;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.Lines;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The `custom_id`s of lines that earlier invocations have read. Reads these lines again from the
/// start of the object.
///
/// @param open opens the object's lines at its start
/// @param isTimeUp whether reading has to end
public record EarlierIds(
    ObjectVersion version, InputFormat format, Supplier<Lines> open, BooleanSupplier isTimeUp) {

  /// Adds the ids of the object's first lines, as far as they are remembered.
  ///
  /// @param count of these lines
  /// @throws BatchException.Unavailable if the time is up before
  public void addTo(CustomIds ids, long count) {
    if (count == 0 || format.kind() != Kind.JSONL) {
      return;
    }
    try (Lines lines = open.get()) {
      for (long i = 0; i < count; i++) {
        if (isTimeUp.getAsBoolean()) {
          throw new BatchException.Unavailable(
              ("in the function's time the custom_ids of the first %d lines of %s could not be read"
                      + " again; a longer time-out, or smaller objects, may help")
                  .formatted(count, version),
              null);
        }
        Line line = lines.next().orElseThrow(() -> new BatchException.Gone(version + " is cut"));
        if (!ids.remembers(line)) {
          return;
        }
        if (line.content() instanceof Line.Content.Json(byte[] utf8)) {
          BatchLineReader.customId(utf8).ifPresent(id -> ids.firstLine(id, line));
        }
      }
    }
  }
}
