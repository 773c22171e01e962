package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps results durably, for their time to live. Thread-safe.
///
/// Values come back bit for bit. Callers decode them; a value that does not decode counts as
/// absent, and only [#putAll] replaces it.
///
/// Every call adds what it used of AWS to the caller's meter, unless it failed.
public sealed interface ResultStore extends AutoCloseable
    permits DynamoStore, GuardedStore, LookUpStore, NoStore {

  /// How callers handle a result that cannot be kept.
  enum Policy {
    /// No answer without a durable result.
    REQUIRED,
    /// Answer, and count the loss.
    BEST_EFFORT,
    /// There is no store.
    OFF
  }

  /// Reads results, eventually consistent: one written within the last second may be missing.
  ///
  /// @param deadline limits the budget of many keys; few keys have theirs in any case
  /// @throws StoreException if they could not be read in that time
  default Map<ResultKey, StoredResult> get(
      Collection<ResultKey> keys, Deadline deadline, Meter meter) {
    return get(keys, deadline, meter, null);
  }

  /// As [#get(Collection, Deadline, Meter)], with work for the time until the answer.
  ///
  /// @param onSent is run on any thread as soon as a request is on its way, or before it where the
  ///   client does not report that; perhaps several times, and never if nothing is asked
  Map<ResultKey, StoredResult> get(
      Collection<ResultKey> keys, Deadline deadline, Meter meter, @Nullable Runnable onSent);

  /// Keeps a result unless the key has one, and returns the one that is now kept.
  ///
  /// @throws StoreException if that could not be done within the budget or by the deadline
  /// @throws dev.pilotlight.domain.Refusal if [Policy#REQUIRED] can never be met: the value is
  ///   larger than an item and there is no bucket for such
  StoredResult putIfAbsent(StoredResult result, Deadline deadline, Meter meter);

  /// Keeps results and replaces earlier ones. When it fails, some of them may be kept.
  ///
  /// @throws StoreException as [#putIfAbsent]
  /// @throws dev.pilotlight.domain.Refusal as [#putIfAbsent], after the others have been kept
  void putAll(Collection<StoredResult> results, Deadline deadline, Meter meter);

  /// Refuses a result that can never be kept, before any call.
  ///
  /// @throws dev.pilotlight.domain.Refusal as [#putIfAbsent]
  /// @throws StoreException with [Policy#BEST_EFFORT]; it is lasting
  void requireKeepable(StoredResult result);

  /// Reads one result of a tenant, strongly consistent. Another tenant's result is not fetched, so
  /// that neither time nor meter reveals that it exists.
  ///
  /// @throws StoreException if it could not be read within the budget
  Optional<StoredResult> find(ResultKey key, String tenant, Meter meter);

  /// Makes a further call to the table of results. While DynamoDB does not answer, it fails at
  /// once.
  ///
  /// @throws StoreException as the call does
  <T> T call(Supplier<T> call);

  Policy policy();

  /// Connects and makes a first call, so that the first caller waits for neither.
  ///
  /// @throws StoreException if the store was not reached within the budget
  void prime();

  /// Reads and writes as requests do, without keeping anything.
  ///
  /// @throws StoreException as [#prime]
  void rehearse();

  /// Ends background work.
  @Override
  default void close() {}
}
