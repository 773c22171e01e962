package dev.pilotlight.batch.claim;

import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.store.rows.RowAddition;
import java.util.List;

/// The additions of a checkpoint to the counters of the batch's tenant.
///
/// @param rows that are added; their counts may be negative
/// @param billed all rows of the version, these included
/// @param additions the calls that write the rows
public record Bill(List<UsageRow> rows, Billed billed, List<RowAddition> additions) {
  /// Adds nothing.
  public static final Bill NONE = new Bill(List.of(), Billed.NONE, List.of());

  public Bill {
    rows = List.copyOf(rows);
    additions = List.copyOf(additions);
  }
}
