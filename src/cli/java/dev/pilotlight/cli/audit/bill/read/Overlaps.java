package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillFile;
import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Format;
import dev.pilotlight.cli.audit.bill.line.Cells;
import dev.pilotlight.cli.audit.bill.line.Notes;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds lines that are given twice, in deliveries of the same bill or in two formats, which would
/// double the costs.
///
/// It keeps the first lines of each file and 1 of 64 others, chosen by what they hold, so that two
/// deliveries keep the same ones: 10 million lines take 5 MB.
final class Overlaps {
  private static final int FIRST_LINES = 4096;
  private static final int ONE_OF = 64;
  private static final int PERCENT = 100;

  private final Notes notes;
  private final Samples samples = new Samples();
  private final Map<MonthOfAccount, BillFile> formats = new HashMap<>();
  private final Map<YearMonth, BillFile> ofMonths = new HashMap<>();
  private @Nullable YearMonth lastMonth;
  private @Nullable String lastAccount;
  private int fileNumber;
  private long fileLines;
  private long sampled;
  private long again;
  private long inOtherFile;
  private String example = "";

  private record MonthOfAccount(YearMonth month, String account) {}

  Overlaps(Notes notes) {
    this.notes = notes;
  }

  /// @param fingerprint 0 if the bill does not show it
  void line(long fingerprint, Cells cells) {
    long first = fileLines++;
    if (fingerprint == 0) {
      return;
    }
    long mixed = mixed(fingerprint);
    if (first >= FIRST_LINES && Long.remainderUnsigned(mixed, ONE_OF) != 0) {
      return;
    }
    sampled++;
    int owner = samples.owner(mixed, fileNumber);
    if (owner == fileNumber) {
      again++;
    } else if (owner >= 0) {
      inOtherFile++;
      if (example.isEmpty()) {
        example = cells.file().at(cells.line());
      }
    }
  }

  // the finalizer of SplitMix64
  private static long mixed(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return z == 0 ? 1 : z;
  }

  /// Refuses a month of an account that is there in two formats.
  void charge(Charge charge) {
    if (charge.month().equals(lastMonth) && charge.account().equals(lastAccount)) {
      return;
    }
    lastMonth = charge.month();
    lastAccount = charge.account();
    boolean servicesOnly = charge.file().format() == Format.COST_EXPLORER;
    BillFile ofMonth = ofMonths.putIfAbsent(charge.month(), charge.file());
    boolean otherServicesOnly = ofMonth != null && ofMonth.format() == Format.COST_EXPLORER;
    BillFile other =
        servicesOnly || otherServicesOnly
            ? ofMonth
            : formats.putIfAbsent(
                new MonthOfAccount(charge.month(), charge.account()), charge.file());
    if (other != null && other.format() != charge.file().format()) {
      throw new BillException(
          charge.file().at(charge.line())
              + ": the month "
              + charge.month()
              + " is in "
              + other.name()
              + ", too, as "
              + other.format().title()
              + "; accepted: each month in one format");
    }
  }

  void endFile(BillFile file) {
    boolean exact = file.format() != Format.FOCUS;
    long bound = exact ? Math.max(1, sampled / PERCENT) : Math.max(1, sampled / 2);
    if (inOtherFile >= bound) {
      throw new BillException(
          example
              + ": this and about "
              + PERCENT * inOtherFile / sampled
              + " % of the file's lines are in a file before it, too; accepted: one delivery of"
              + " each bill");
    }
    // of two equal halves, every second line is there again
    if (exact && again > 0 && again * 3 >= sampled) {
      throw new BillException(
          file.name()
              + ": lines are in the file twice, with the same line item and time; accepted: one"
              + " delivery of each bill");
    }
    if (exact && again > 0) {
      notes.add(
          file.name()
              + ": "
              + again
              + " of "
              + sampled
              + " lines looked at have the line item and time of another line; all are counted");
    }
    fileNumber++;
    fileLines = 0;
    sampled = 0;
    again = 0;
    inOtherFile = 0;
    example = "";
  }
}
