package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.BillFile;

/// The lines of a file whose sum a figure is.
///
/// @param first the first of them
/// @param last the last of them; lines between may belong to other figures
/// @param lines how many
public record Range(BillFile file, long first, long last, long lines) {

  Range with(Range other) {
    return new Range(
        file, Math.min(first, other.first), Math.max(last, other.last), lines + other.lines);
  }
}
