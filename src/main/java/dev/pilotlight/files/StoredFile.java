package dev.pilotlight.files;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A file of one owner.
///
/// @param id `file-` and 32 characters that nobody can guess
/// @param owner the tenant and its generation ([dev.pilotlight.tenant.Caller#owner()])
/// @param filename as its sender gave it, without folders
/// @param bytes its size
/// @param created in whole seconds
/// @param expires when it counts as deleted, in whole seconds; at most 30 days after it was made
/// @param status whether its bytes are there
/// @param bucket of the object that has its bytes
/// @param key of that object
/// @param versionId of that object; null while it is pending, or without versions
public record StoredFile(
    String id,
    String owner,
    String filename,
    Purpose purpose,
    long bytes,
    Instant created,
    Instant expires,
    Status status,
    String bucket,
    String key,
    @Nullable String versionId) {

  /// The beginning of every file's id.
  public static final String PREFIX = "file-";

  /// The progress of a file.
  public enum Status {
    /// A URL for its upload was given, and no upload was seen yet.
    PENDING("pending"),
    /// Its bytes are there, and never change.
    PROCESSED("processed");

    private final String wireName;

    Status(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  /// A file whose bytes are there.
  public static StoredFile processed(
      String id,
      String owner,
      String filename,
      Purpose purpose,
      long bytes,
      Instant created,
      Instant expires,
      String bucket,
      String key,
      @Nullable String versionId) {
    return new StoredFile(
        id,
        owner,
        filename,
        purpose,
        bytes,
        created,
        expires,
        Status.PROCESSED,
        bucket,
        key,
        versionId);
  }

  /// The same file, whose upload was seen.
  StoredFile uploaded(@Nullable String version) {
    return processed(id, owner, filename, purpose, bytes, created, expires, bucket, key, version);
  }

  /// Whether its bytes are there.
  public boolean isProcessed() {
    return status == Status.PROCESSED;
  }

  /// Whether it counts as deleted.
  public boolean isExpired(Instant now) {
    return !now.isBefore(expires);
  }
}
