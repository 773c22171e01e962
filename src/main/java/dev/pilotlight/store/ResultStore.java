package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Where results are kept for good, or at least for their time to live. Thread-safe.
///
/// Values are handed over and come back bit for bit. Whether they decode is for callers to find
/// out; one that does not counts as absent, and only [#putAll] replaces it.
public sealed interface ResultStore extends AutoCloseable
    permits DynamoStore, GuardedStore, NoStore {

  /// What a caller does about a result that could not be kept.
  enum Policy {
    /// No answer without a durable result.
    REQUIRED,
    /// Answer, and count the loss.
    BEST_EFFORT,
    /// There is no store.
    OFF
  }

  /// The results that are there, eventually consistent: what was written within the last second may
  /// be missing.
  ///
  /// @param deadline bounds what many keys have beyond the budget of few
  /// @throws StoreException if they could not be read in that time
  Map<ResultKey, StoredResult> get(Collection<ResultKey> keys, Deadline deadline);

  /// Keeps a result unless there is one, and returns the one that is now kept.
  ///
  /// @throws StoreException if that could not be done within the budget or by the deadline
  /// @throws dev.pilotlight.domain.Refusal if [Policy#REQUIRED] can never be met: the value is
  ///   larger than an item and there is no bucket for such
  StoredResult putIfAbsent(StoredResult result, Deadline deadline);

  /// Keeps results, replacing what is there. When it fails, some of them may be kept.
  ///
  /// @throws StoreException as [#putIfAbsent]
  /// @throws dev.pilotlight.domain.Refusal as [#putIfAbsent], after the others have been kept
  void putAll(Collection<StoredResult> results, Deadline deadline);

  /// Tells before it is tried that a result can never be kept.
  ///
  /// @throws dev.pilotlight.domain.Refusal as [#putIfAbsent]
  void requireKeepable(StoredResult result);

  /// One result of a tenant, strongly consistent. Of another tenant's result nothing is fetched, so
  /// that its size cannot be told from the time that this takes.
  ///
  /// @throws StoreException if it could not be read within the budget
  Optional<StoredResult> find(ResultKey key, String tenant);

  Policy policy();

  /// Whether values of a size are in S3, and in the table only where.
  boolean isInS3(int valueBytes);

  /// Makes the connection and the first call, so that the first caller does not wait for them.
  ///
  /// @throws StoreException if it could not be reached within the budget
  void prime();

  /// Reads and writes as requests do, and leaves nothing behind.
  ///
  /// @throws StoreException as [#prime]
  void rehearse();

  /// Ends what it does in the background.
  @Override
  default void close() {}
}
