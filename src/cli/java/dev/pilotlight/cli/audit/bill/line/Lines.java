package dev.pilotlight.cli.audit.bill.line;

import dev.pilotlight.cli.audit.bill.Charge;
import org.jspecify.annotations.Nullable;

/// Turns a line of one format into a charge.
public interface Lines {

  /// The charge; null if a rule leaves the line out, which is noted.
  ///
  /// @throws BillException if the line could give a wrong figure
  @Nullable Charge charge(Cells cells);

  /// Whether the bill has the columns that tell lines apart.
  boolean tellsLinesApart(Cells cells);
}
