package dev.pilotlight.cli.audit.bill;

/// Shows how far the reading is. Called a few times a second, by any thread.
@FunctionalInterface
public interface BillProgress {
  BillProgress NONE = (_, _, _) -> {};

  /// Shows it.
  ///
  /// @param bytes read so far of all files, as they lie on disk
  /// @param ofBytes the size of all files
  /// @param lines read so far
  void at(long bytes, long ofBytes, long lines);
}
