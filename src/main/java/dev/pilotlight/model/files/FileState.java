package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The listed state of a file or object of a model version.
///
/// @param modified when it was last written
/// @param tag differs if the content differs
/// @param sha256 the digest that `models.lock` lists, in lower-case hex; null without a lock
public record FileState(long bytes, Instant modified, String tag, @Nullable String sha256) {
  /// The state of a file without a lock.
  public FileState(long bytes, Instant modified, String tag) {
    this(bytes, modified, tag, null);
  }

  /// The state of a listed file that a lock lists, too.
  FileState locked(FileState lock) {
    return new FileState(bytes, modified, tag, lock.sha256);
  }

  /// Checks the digest of a file's content; the lock lists the file.
  ///
  /// @param name of the file
  /// @param digest of the content that was found
  /// @throws LoadFailure if the lock lists another one
  public void requireDigest(String name, byte[] digest) {
    String found = HexFormat.of().formatHex(digest);
    if (!found.equals(sha256)) {
      throw new LoadFailure(
          "%s: %s has the SHA-256 %s; expected: %s".formatted(Layout.LOCK, name, found, sha256));
    }
  }

  /// The fault of a file that the lock lists and that has another size.
  ///
  /// @param name of the file
  /// @param found its size in bytes
  String otherSize(String name, long found) {
    return "%s: %s has %d bytes; expected: %d".formatted(Layout.LOCK, name, found, bytes);
  }

  /// The fault of a file that the lock lists and that is missing.
  String missing(String name) {
    return "%s: %s is missing; expected: %d bytes with the SHA-256 %s"
        .formatted(Layout.LOCK, name, bytes, sha256);
  }
}
