package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The calls to DynamoDB's table of results. Thread-safe. Every call ends by its deadline, or soon
/// after it, and throws a [StoreException] when it fails.
public interface DynamoCalls {
  /// Reads one item, eventually consistent.
  default Optional<TableItem> get(ResultKey key, Deadline end) {
    return get(key, end, null);
  }

  /// Reads one item, eventually consistent.
  ///
  /// @param onSent is run once the request is on its way, or before it where the client does not
  ///   report that; again with each attempt on another connection
  Optional<TableItem> get(ResultKey key, Deadline end, @Nullable Runnable onSent);

  /// Reads items, eventually consistent, in any order.
  ///
  /// @param keys at most 100, all different
  default List<TableItem> getAll(List<ResultKey> keys, Deadline end) {
    return getAll(keys, end, null);
  }

  /// As [#getAll(List, Deadline)].
  ///
  /// @param onSent as for [#get(ResultKey, Deadline, Runnable)]
  List<TableItem> getAll(List<ResultKey> keys, Deadline end, @Nullable Runnable onSent);

  /// Reads one item of a tenant, strongly consistent. DynamoDB compares the tenant and does not
  /// send another tenant's item.
  Optional<TableItem> find(ResultKey key, String tenant, Deadline end);

  /// Writes an item and replaces one that exists.
  void put(TableItem item, Deadline end);

  /// Writes an item unless one exists that has not expired.
  ///
  /// @param now in seconds since 1970
  PutOutcome putIfAbsent(TableItem item, long now, Deadline end);

  /// Writes items and replaces those that exist. When it fails, some may be written.
  ///
  /// @param items at most 25, of different keys
  void putAll(List<TableItem> items, Deadline end);

  /// Makes a write that DynamoDB refuses, because its condition requires an item that exists.
  ///
  /// @param absent the key of no item
  void putRefused(ResultKey absent, Deadline end);
}
