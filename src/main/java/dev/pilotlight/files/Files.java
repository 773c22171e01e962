package dev.pilotlight.files;

import dev.pilotlight.domain.Deadline;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The files of all owners; an owner finds only its own. Thread-safe.
///
/// Every method throws [dev.pilotlight.store.StoreException] if the table could not be read or
/// written by the deadline.
public interface Files {
  /// The longest time from a file's creation to its expiry.
  Duration EXPIRES_MAX = Duration.ofDays(30);

  /// The order of a list.
  enum Order {
    /// The oldest first.
    ASC,
    /// The newest first.
    DESC
  }

  /// Finds a file; empty if there is none, if it is another owner's, and if it has expired.
  Optional<StoredFile> find(String owner, String id, Deadline end);

  /// Adds a file, or replaces the one of its id and owner: a call may be repeated.
  ///
  /// @throws IllegalArgumentException if it expires later than [#EXPIRES_MAX] after it was made
  void add(StoredFile file, Deadline end);

  /// Lists files by the time at which they were made, then by id.
  ///
  /// @param purpose null for all
  /// @param after the id of the file before the first; null for the beginning
  /// @param limit at least 1
  /// @return empty if the owner has no file `after`
  Optional<Page<StoredFile>> list(
      String owner,
      @Nullable Purpose purpose,
      @Nullable String after,
      int limit,
      Order order,
      Deadline end);

  /// Deletes the row of a file; its object stays.
  ///
  /// @return the file; empty if there was none
  Optional<StoredFile> delete(String owner, String id, Deadline end);
}
