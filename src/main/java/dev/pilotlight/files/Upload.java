package dev.pilotlight.files;

import dev.pilotlight.domain.Refusal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A file that is sent in parts.
///
/// @param id `upload_` and 32 characters; the file has the same 32
/// @param bytes that its parts must have together
/// @param expires when no part is taken any more
/// @param fileExpires when its file expires
/// @param parts the ids of those that were taken, in any order
/// @param receivedBytes the bytes of those parts together
/// @param join how it was completed; null unless it was
record Upload(
    String id,
    String owner,
    String filename,
    long bytes,
    Instant created,
    Instant expires,
    Instant fileExpires,
    Status status,
    Set<String> parts,
    long receivedBytes,
    @Nullable Join join) {
  static final String PREFIX = "upload_";
  static final String PART = "part_";
  static final String PART_IDS = "part_ids";

  /// How the parts were joined.
  ///
  /// @param digest of the list of parts
  /// @param versionId of the object; null in a bucket without versions
  record Join(String digest, @Nullable String versionId) {}

  /// The progress of an upload.
  enum Status {
    PENDING("pending"),
    COMPLETED("completed"),
    CANCELLED("cancelled"),
    EXPIRED("expired");

    private final String wireName;

    Status(String wireName) {
      this.wireName = wireName;
    }

    String wireName() {
      return wireName;
    }

    /// The status of a name; empty if there is none.
    static Optional<Status> of(String wireName) {
      for (Status status : values()) {
        if (status.wireName.equals(wireName)) {
          return Optional.of(status);
        }
      }
      return Optional.empty();
    }
  }

  /// The limit for all parts together: three times the size, because OpenAI's clients retry a part
  /// twice.
  long receivedBytesMax() {
    return 3 * bytes;
  }

  /// The id of its file.
  String fileId() {
    return StoredFile.PREFIX + id.substring(PREFIX.length());
  }

  /// The status now.
  Status statusAt(Instant now) {
    return status == Status.PENDING && !now.isBefore(expires) ? Status.EXPIRED : status;
  }

  /// The key of the object that the parts become: another list of parts becomes another object.
  String key(String digest) {
    return FileIds.key(owner, fileId()) + "." + digest;
  }

  /// The file that its parts became.
  StoredFile file(String bucket, Join how) {
    return StoredFile.processed(
        fileId(),
        owner,
        filename,
        Purpose.BATCH,
        bytes,
        created,
        fileExpires,
        bucket,
        key(how.digest()),
        how.versionId());
  }

  /// Checks the joined bytes.
  ///
  /// @param md5 that they must have; null for any
  /// @param found that they have
  /// @throws Refusal INVALID
  void requireWhole(long sum, @Nullable String md5, String found) {
    if (sum != bytes) {
      throw Refusal.invalid(
          PART_IDS,
          "the parts have %d bytes together; accepted: the %d bytes of the upload"
              .formatted(sum, bytes));
    }
    if (md5 != null && !md5.equals(found)) {
      throw Refusal.invalid("md5", "md5 is %s, but that of the parts is %s".formatted(md5, found));
    }
  }

  /// Checks a list of parts to join.
  ///
  /// @throws Refusal INVALID
  void requireParts(List<String> partIds) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < partIds.size(); i++) {
      String place = PART_IDS + "[" + i + "]";
      if (!parts.contains(partIds.get(i))) {
        throw Refusal.invalid(place, "%s is not a part of the upload %s".formatted(place, id));
      }
      if (!seen.add(partIds.get(i))) {
        throw Refusal.invalid(place, "%s is a part that the list has before".formatted(place));
      }
    }
  }

  /// The same upload, completed or cancelled.
  Upload with(Status newStatus, @Nullable Join newJoin) {
    return new Upload(
        id,
        owner,
        filename,
        bytes,
        created,
        expires,
        fileExpires,
        newStatus,
        parts,
        receivedBytes,
        newJoin);
  }
}
