package dev.pilotlight.cli.audit.bill;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.SortedSet;

/// The files, months and notes of a reading.
///
/// @param files in the order of their reading, without those that were left out as copies
/// @param lines of all files that became charges or were left out by a rule
/// @param currency of every charge; empty if there is none
/// @param notes sentences that the report must show: assumptions, lines left out with count and
///   sum, copies of files, line types that this version does not know
/// @param beforeDiscounts whether any line has a discount that its cost does not include
public record BillSummary(
    List<FileSummary> files,
    long lines,
    String currency,
    SortedSet<YearMonth> months,
    List<String> notes,
    boolean beforeDiscounts) {

  /// A file that was read.
  ///
  /// @param cost the sum of its charges, amortised, exact
  public record FileSummary(BillFile file, long lines, BigDecimal cost) {}
}
