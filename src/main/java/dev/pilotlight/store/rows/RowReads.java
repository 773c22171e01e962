package dev.pilotlight.store.rows;

import dev.pilotlight.domain.Deadline;
import java.util.List;

/// Reads rows of one table. Thread-safe.
public interface RowReads {
  /// Reads rows in one call, strongly consistent, in any order; absent ones are left out.
  ///
  /// @param keys at most 100, all different
  /// @throws dev.pilotlight.store.StoreException if they could not be read by the deadline, or soon
  ///   after it
  List<Row> read(List<RowKey> keys, Deadline end);
}
