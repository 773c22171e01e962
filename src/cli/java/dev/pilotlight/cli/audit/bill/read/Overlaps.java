package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillFile;
import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Format;
import dev.pilotlight.cli.audit.bill.line.Notes;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds lines that are given twice, in deliveries of the same bill or in two formats, which would
/// double the costs.
///
/// It compares what lines hold, because AWS gives a line another id in each delivery. It keeps
/// 262,144 lines at most, chosen by what they hold, so that two deliveries keep the same ones: they
/// take 6 MB.
final class Overlaps {
  private static final int PERCENT = 100;
  // of the smaller file: parts of one delivery share next to no lines
  private static final int MOST_SHARED = 20;

  private final Notes notes;
  private final Samples samples = new Samples();
  private final Map<MonthOfAccount, BillFile> formats = new HashMap<>();
  private final Map<YearMonth, BillFile> ofMonths = new HashMap<>();
  private final List<Seen> files = new ArrayList<>();
  // by the number of the file that has the lines, too
  private final Map<Integer, long[]> shared = new TreeMap<>();
  private @Nullable YearMonth lastMonth;
  private @Nullable String lastAccount;
  private long[] sampled = new long[Samples.LEVELS];
  private String example = "";
  private String exampleAgain = "";
  private boolean untold;

  private record MonthOfAccount(YearMonth month, String account) {}

  /// A file that was read, and how many of its lines were looked at, by level.
  private record Seen(BillFile file, long[] sampled) {}

  Overlaps(Notes notes) {
    this.notes = notes;
  }

  /// Looks at a line.
  ///
  /// @param told whether its bill has the columns that tell lines apart
  void line(Charge charge, boolean told) {
    if (!told) {
      untold = true;
      return;
    }
    // a line without a cost doubles none, and many such lines are equal
    if (charge.cost() == 0) {
      return;
    }
    long fingerprint = Fingerprint.of(charge);
    int level = Samples.levelOf(fingerprint);
    if (level < samples.level()) {
      return;
    }
    sampled[level]++;
    int owner = samples.owner(fingerprint, files.size());
    if (owner >= 0) {
      shared.computeIfAbsent(owner, _ -> new long[Samples.LEVELS])[level]++;
      boolean again = owner == files.size();
      if (again && exampleAgain.isEmpty()) {
        exampleAgain = charge.file().at(charge.line());
      } else if (!again && example.isEmpty()) {
        example = charge.file().at(charge.line());
      }
    }
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
    long lines = kept(sampled);
    long again = kept(shared.getOrDefault(files.size(), new long[0]));
    shared.remove(files.size());
    checkOthers(lines);
    // of two equal halves, every second line is there again
    if (again > 0 && again * 3 >= lines) {
      throw new BillException(
          exampleAgain
              + ": this and about "
              + PERCENT * again / lines
              + " % of the lines are in the file twice; accepted: one delivery of each bill");
    }
    if (again > 0) {
      notes.add(
          exampleAgain
              + ": this and "
              + (again - 1)
              + " more of "
              + lines
              + " lines looked at hold the same as another line of the file; all are counted");
    }
    if (untold) {
      notes.add(
          file.name()
              + ": without the columns of the period, usage type, quantity and resource or"
              + " operation, lines look equal, so a bill that is given twice would be counted"
              + " twice");
    }
    files.add(new Seen(file, sampled));
    sampled = new long[Samples.LEVELS];
    shared.clear();
    example = "";
    exampleAgain = "";
    untold = false;
  }

  /// Refuses the file if it has a part of the lines of one file, or of all together.
  private void checkOthers(long lines) {
    long inOthers = 0;
    for (Map.Entry<Integer, long[]> other : shared.entrySet()) {
      Seen seen = files.get(other.getKey());
      long both = kept(other.getValue());
      inOthers += both;
      long ofSmaller = Math.min(lines, kept(seen.sampled()));
      if (both > 0 && both * PERCENT >= ofSmaller * MOST_SHARED) {
        throw twice(both * PERCENT / lines, seen.file().name());
      }
    }
    if (inOthers > 0 && inOthers * PERCENT >= lines * MOST_SHARED) {
      throw twice(inOthers * PERCENT / lines, "files before it");
    }
    if (inOthers > 0) {
      notes.add(
          example
              + ": this and "
              + (inOthers - 1)
              + " more of "
              + lines
              + " lines looked at hold the same as a line of a file before it; all are counted");
    }
  }

  private BillException twice(long percent, String where) {
    return new BillException(
        example
            + ": this and about "
            + percent
            + " % of the file's lines are in "
            + where
            + ", too; accepted: one delivery of each bill");
  }

  private long kept(long[] byLevel) {
    return Arrays.stream(byLevel).skip(samples.level()).sum();
  }
}
