package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Bill;
import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillProgress;
import dev.pilotlight.cli.audit.bill.BillSummary;
import dev.pilotlight.cli.audit.use.Utilisation;
import dev.pilotlight.cli.audit.use.UtilisationFile;
import java.math.BigDecimal;
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
  /// @throws BillException if a file is wrong, the bill has no such month, or a bill in USD is
  ///   given another rate than 1
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
    requireRate(bill.currency(), assumptions);
    return Audit.of(bill, ledger, use, assumptions, month);
  }

  // the rate of one USD in USD is 1, and the report would show another one as if it counted
  private static void requireRate(String currency, Assumptions assumptions) {
    assumptions
        .perUsd()
        .filter(rate -> currency.equals("USD") && rate.compareTo(BigDecimal.ONE) != 0)
        .ifPresent(
            rate -> {
              throw new BillException(
                  "--per-usd is %s, but the bill is in USD; accepted: 1, or no --per-usd"
                      .formatted(rate.toPlainString()));
            });
  }
}
