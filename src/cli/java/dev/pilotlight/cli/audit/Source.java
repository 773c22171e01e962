package dev.pilotlight.cli.audit;

import java.util.List;

/// Shows where a figure is from, so that anyone can reproduce it.
///
/// @param ranges by file; at most [Slot#RANGES_MAX], and the last one then has a file of several
/// @param filter the condition on the bill's lines, in the neutral names of `docs/audit.md`
public record Source(List<Range> ranges, String filter) {

  /// The number of lines.
  public long lines() {
    return ranges.stream().mapToLong(Range::lines).sum();
  }
}
