package dev.pilotlight.store.rows;

import dev.pilotlight.domain.Deadline;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Adds to the numbers of rows of one table, and lists rows. Thread-safe.
public interface RowCounters {
  /// The attribute with the mark of the row's last addition.
  String MARK = "mark";

  /// The attribute with the time at which the table may drop the row.
  String EXPIRES = "expires_at";

  /// Adds numbers to a row's attributes; an absent row or attribute counts as 0. The call is made
  /// once, or twice if a reused connection breaks. Then the mark keeps the second from counting,
  /// unless another process adds to the same row between them.
  ///
  /// @param mark of this call alone
  /// @param expires in seconds since 1970
  /// @return these numbers of the row after it; null if they are not known
  /// @throws dev.pilotlight.store.StoreException if nothing was added: the call was not sent, or
  ///   DynamoDB refused it
  /// @throws UncertainWrite if it is not known whether the numbers were added
  @Nullable Row add(RowKey key, Map<String, Long> numbers, String mark, long expires, Deadline end);

  /// Reads the rows of a partition whose sort key is in a range, in its order; eventually
  /// consistent.
  ///
  /// @param first the first sort key; empty for the partition's first row
  /// @param last the last one
  /// @throws dev.pilotlight.store.StoreException if they could not be read
  List<Row> range(String pk, String first, String last, Deadline end);
}
