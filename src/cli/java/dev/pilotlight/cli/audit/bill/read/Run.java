package dev.pilotlight.cli.audit.bill.read;

import dev.pilotlight.cli.audit.bill.BillFile;
import dev.pilotlight.cli.audit.bill.BillProgress;
import dev.pilotlight.cli.audit.bill.BillSummary;
import dev.pilotlight.cli.audit.bill.BillSummary.FileSummary;
import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.ChargeSink;
import dev.pilotlight.cli.audit.bill.Format;
import dev.pilotlight.cli.audit.bill.Total;
import dev.pilotlight.cli.audit.bill.line.Cells;
import dev.pilotlight.cli.audit.bill.line.CurLines;
import dev.pilotlight.cli.audit.bill.line.Currencies;
import dev.pilotlight.cli.audit.bill.line.FocusLines;
import dev.pilotlight.cli.audit.bill.line.Lines;
import dev.pilotlight.cli.audit.bill.line.Notes;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One reading of bills: gives charges to the sink, and keeps what the summary needs.
final class Run {
  private static final long EVERY_NANOS = 100_000_000;

  final Notes notes;
  final Currencies currencies;
  final ServiceDays serviceDays = new ServiceDays();
  final AtomicLong bytes = new AtomicLong();
  private final Overlaps overlaps;
  private final ChargeSink sink;
  private final BillProgress progress;
  private final long ofBytes;
  private final List<FileSummary> files = new ArrayList<>();
  private final SortedSet<YearMonth> months = new TreeSet<>();
  private @Nullable YearMonth month;
  private long lines;
  private long linesBefore;
  private Total cost = new Total();
  private long shownAt = System.nanoTime();

  Run(ChargeSink sink, BillProgress progress, long ofBytes, Notes notes) {
    this.notes = notes;
    this.currencies = new Currencies(notes);
    this.overlaps = new Overlaps(notes);
    this.sink = sink;
    this.progress = progress;
    this.ofBytes = ofBytes;
  }

  /// The reader of a format's lines.
  Lines lines(Format format) {
    return format == Format.FOCUS
        ? new FocusLines(notes, currencies)
        : new CurLines(notes, currencies);
  }

  /// Takes the line where the cells are.
  void take(Cells cells, Lines reader) {
    Charge charge = reader.charge(cells);
    lines++;
    if (charge != null) {
      overlaps.line(charge, reader.tellsLinesApart(cells));
      give(charge);
    }
  }

  /// Takes a charge of a format without lines.
  void take(Charge charge) {
    lines++;
    give(charge);
  }

  private void give(Charge charge) {
    overlaps.charge(charge);
    if (!charge.month().equals(month)) {
      month = charge.month();
      months.add(charge.month());
    }
    cost.add(charge.cost());
    sink.accept(charge);
  }

  /// Shows the progress if it is time.
  void show() {
    long now = System.nanoTime();
    if (now - shownAt >= EVERY_NANOS) {
      shownAt = now;
      progress.at(Math.min(bytes.get(), ofBytes), ofBytes, lines);
    }
  }

  void endFile(BillFile file) {
    overlaps.endFile(file);
    files.add(new FileSummary(file, lines - linesBefore, cost.value()));
    if (lines == linesBefore) {
      notes.add(file.name() + " has no lines");
    }
    linesBefore = lines;
    cost = new Total();
  }

  BillSummary summary() {
    progress.at(ofBytes, ofBytes, lines);
    return new BillSummary(
        List.copyOf(files),
        lines,
        currencies.currency(),
        months,
        notes.sentences(currencies.currency()),
        notes.isBeforeDiscounts());
  }
}
