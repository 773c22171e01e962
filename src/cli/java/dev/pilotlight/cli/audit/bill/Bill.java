package dev.pilotlight.cli.audit.bill;

import dev.pilotlight.cli.audit.bill.read.BillReader;
import java.nio.file.Path;
import java.util.List;

/// Reads bills.
public final class Bill {

  private Bill() {}

  /// Reads files, and all bills in folders, and gives their charges to the sink.
  ///
  /// Months and accounts may be mixed; currencies may not. The sink gets charges before the whole
  /// input is checked: discard them if this throws.
  ///
  /// @return what was read, with the notes that a report must show
  /// @throws BillException if a file cannot be read in full or understood
  public static BillSummary read(List<Path> paths, ChargeSink sink, BillProgress progress) {
    return BillReader.read(paths, sink, progress);
  }
}
