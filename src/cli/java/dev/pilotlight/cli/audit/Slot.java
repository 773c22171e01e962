package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.BillFile;
import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Total;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Exact sums over charges of one month, and the lines that they are from.
final class Slot {
  /// Files that a figure names one by one; the lines of further ones are counted with the last.
  static final int RANGES_MAX = 16;

  private static final String SEVERAL = "several files, ";
  private static final String TO = " … ";

  private final Total cost = new Total();
  private @Nullable Slot off;
  private double quantity;
  private @Nullable BillFile file;
  private long first;
  private long last;
  private long lines;
  private @Nullable List<Range> closed;

  void add(Charge charge, boolean nightOrWeekend) {
    cost.add(charge.cost());
    quantity += charge.quantity();
    if (nightOrWeekend) {
      off().add(charge, false);
    }
    if (!charge.file().equals(file)) {
      close();
      file = charge.file();
      first = charge.line();
      last = charge.line();
    }
    first = Math.min(first, charge.line());
    last = Math.max(last, charge.line());
    lines++;
  }

  void add(Slot other) {
    cost.add(other.cost);
    quantity += other.quantity;
    Slot nights = other.off;
    if (nights != null) {
      off().add(nights);
    }
    close();
    other.ranges().forEach(this::keep);
  }

  private Slot off() {
    Slot nights = off;
    if (nights == null) {
      nights = new Slot();
      off = nights;
    }
    return nights;
  }

  private void close() {
    BillFile open = file;
    if (open != null && lines > 0) {
      keep(new Range(open, first, last, lines));
    }
    file = null;
    lines = 0;
  }

  private void keep(Range range) {
    List<Range> kept = closed;
    if (kept == null) {
      kept = new ArrayList<>(1);
      closed = kept;
    }
    for (int i = 0; i < kept.size(); i++) {
      if (kept.get(i).file().equals(range.file())) {
        kept.set(i, kept.get(i).with(range));
        return;
      }
    }
    if (kept.size() < RANGES_MAX) {
      kept.add(range);
    } else {
      Range tail = kept.getLast();
      kept.set(
          RANGES_MAX - 1,
          new Range(
              new BillFile(
                  SEVERAL + first(tail.file().name()) + TO + last(range.file().name()),
                  range.file().format(),
                  range.file().unit()),
              Math.min(tail.first(), range.first()),
              Math.max(tail.last(), range.last()),
              tail.lines() + range.lines()));
    }
  }

  private static String first(String name) {
    int to = name.indexOf(TO);
    return name.startsWith(SEVERAL) && to > 0 ? name.substring(SEVERAL.length(), to) : name;
  }

  private static String last(String name) {
    int to = name.indexOf(TO);
    return name.startsWith(SEVERAL) && to > 0 ? name.substring(to + TO.length()) : name;
  }

  Total cost() {
    return cost;
  }

  /// The hourly lines at night and on weekends.
  Slot nightsAndWeekends() {
    return off == null ? new Slot() : off;
  }

  double quantity() {
    return quantity;
  }

  List<Range> ranges() {
    close();
    return closed == null ? List.of() : List.copyOf(closed);
  }
}
