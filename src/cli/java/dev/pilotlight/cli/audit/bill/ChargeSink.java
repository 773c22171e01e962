package dev.pilotlight.cli.audit.bill;

/// Takes the charges of a bill. One thread calls it, in the order of the files and their lines.
@FunctionalInterface
public interface ChargeSink {
  /// Takes the next charge.
  ///
  /// @param charge never kept by the reader; strings in it may be kept
  void accept(Charge charge);
}
