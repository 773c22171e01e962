package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Charge;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Exact sums by month.
final class Tally {
  private @Nullable Slot[] slots = new Slot[1];

  /// @param month the index of the charge's month
  void add(int month, Charge charge, boolean nightOrWeekend) {
    slot(month).add(charge, nightOrWeekend);
  }

  void add(Tally other) {
    for (int i = 0; i < other.slots.length; i++) {
      Slot slot = other.slots[i];
      if (slot != null) {
        slot(i).add(slot);
      }
    }
  }

  private Slot slot(int month) {
    if (month >= slots.length) {
      slots = Arrays.copyOf(slots, month + 1);
    }
    Slot slot = slots[month];
    if (slot == null) {
      slot = new Slot();
      slots[month] = slot;
    }
    return slot;
  }

  private @Nullable Slot find(int month) {
    return month < slots.length ? slots[month] : null;
  }

  BigDecimal cost(int month) {
    Slot slot = find(month);
    return slot == null ? BigDecimal.ZERO : slot.cost().value();
  }

  /// The cost of hourly lines at night and on weekends, with these lines as its source.
  Amount nightsAndWeekends(int month, String filter) {
    Slot slot = find(month);
    Slot off = slot == null ? new Slot() : slot.nightsAndWeekends();
    return new Amount(off.cost().value(), 0, new Source(off.ranges(), filter));
  }

  double quantity(int month) {
    Slot slot = find(month);
    return slot == null ? 0 : slot.quantity();
  }

  List<Range> ranges(int month) {
    Slot slot = find(month);
    return slot == null ? List.of() : slot.ranges();
  }

  Source source(int month, String filter) {
    return new Source(ranges(month), filter);
  }
}
