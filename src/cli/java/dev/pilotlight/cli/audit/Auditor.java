package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Bill;
import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillProgress;
import dev.pilotlight.cli.audit.bill.BillSummary;
import dev.pilotlight.cli.audit.use.Utilisation;
import dev.pilotlight.cli.audit.use.UtilisationFile;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads bills and exports, and audits a month.
public final class Auditor {
  private Auditor() {}

  /// Audits a month.
  ///
  /// @param month null for the last one
  /// @throws BillException if a file is wrong, or the bill has no such month
  public static Audit audit(
      List<Path> bills,
      List<Path> exports,
      @Nullable YearMonth month,
      Assumptions assumptions,
      BillProgress progress) {
    Utilisation use = Utilisation.NONE;
    for (Path export : exports) {
      use = use.and(UtilisationFile.read(export));
    }
    Ledger ledger = new Ledger(Ledger.LIMIT, assumptions.hours());
    BillSummary bill = Bill.read(bills, ledger, progress);
    return Audit.of(bill, ledger, use, assumptions, month);
  }
}
