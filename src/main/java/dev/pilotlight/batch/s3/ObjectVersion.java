package dev.pilotlight.batch.s3;

import dev.pilotlight.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// One version of an object of lines: the unit of work of a batch.
///
/// Values that an event lacks are empty: `versionId` if the bucket keeps no versions, everything
/// but bucket and key in an event made by hand.
///
/// @param key decoded
/// @param eTag without quotes
/// @param size in bytes; -1 if unknown
/// @param sequencer hex; orders the versions of one key. Only S3's own events have it
/// @param modifiedMillis S3's Last-Modified in ms since 1970, a whole second; 0 if unknown
public record ObjectVersion(
    String bucket,
    String key,
    String versionId,
    String eTag,
    long size,
    String sequencer,
    long modifiedMillis) {
  /// The version id of objects that are put while a bucket's versioning is suspended.
  private static final String NO_VERSION = "null";

  /// A version as an event names it, without the time of modification.
  public ObjectVersion(
      String bucket, String key, String versionId, String eTag, long size, String sequencer) {
    this(bucket, key, versionId, eTag, size, sequencer, 0);
  }

  /// Whether it is the empty object that S3's console makes for a folder, which is not a batch.
  public boolean isFolder() {
    return key.endsWith("/") && size <= 0;
  }

  /// Names the object, not its version: 43 characters of URL-safe base64. The batch of a new
  /// version replaces that of an older one, so they share an id.
  public String batchId() {
    return batchId(bucket, key);
  }

  /// The [#batchId()] of all versions of an object.
  public static String batchId(String bucket, String key) {
    MessageDigest sha = Sha256.start();
    sha.update(bucket.getBytes(StandardCharsets.UTF_8));
    sha.update((byte) '/'); // no bucket's name has it
    sha.update(key.getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sha.digest());
  }

  /// Unique among the versions of one key, and constant in all invocations of a batch.
  public String identity() {
    if (!sequencer.isEmpty()) {
      return sequencer;
    }
    return hasVersionId() ? versionId : eTag + "-" + modifiedMillis;
  }

  /// Whether both are the same version of one key, even if only one of them has a sequencer.
  public boolean isSameAs(ObjectVersion other) {
    if (!sequencer.isEmpty() && !other.sequencer.isEmpty()) {
      return compareSequencers(other) == 0;
    }
    if (hasVersionId() || other.hasVersionId()) {
      return versionId.equals(other.versionId);
    }
    return eTag.equals(other.eTag) && modifiedMillis == other.modifiedMillis;
  }

  /// Whether it was put before another version of its key. The order:
  ///
  /// 1. the sequencers, if both have one;
  /// 2. the times of modification, which are whole seconds;
  /// 3. within one second, the version that S3 holds as the current one is the newer one;
  /// 4. if neither is current, the ids: an arbitrary order, but always the same.
  ///
  /// @param current looks up the key's version in S3; empty if it was deleted
  public boolean isOlderThan(ObjectVersion other, Supplier<Optional<ObjectVersion>> current) {
    if (!sequencer.isEmpty() && !other.sequencer.isEmpty()) {
      return compareSequencers(other) < 0;
    }
    if (modifiedMillis != other.modifiedMillis) {
      return modifiedMillis < other.modifiedMillis;
    }
    Optional<ObjectVersion> now = current.get();
    if (now.filter(this::hasContentOf).isPresent()) {
      return false;
    }
    return now.filter(other::hasContentOf).isPresent() || rank().compareTo(other.rank()) < 0;
  }

  private boolean hasContentOf(ObjectVersion found) {
    return hasVersionId() ? versionId.equals(found.versionId) : eTag.equals(found.eTag);
  }

  private String rank() {
    return versionId + "/" + eTag;
  }

  private boolean hasVersionId() {
    return !versionId.isEmpty() && !versionId.equals(NO_VERSION);
  }

  /// AWS's rule: pad the shorter one with zeros on its right, then compare as text.
  private int compareSequencers(ObjectVersion other) {
    int length = Math.max(sequencer.length(), other.sequencer.length());
    return padded(length).compareTo(other.padded(length));
  }

  private String padded(int length) {
    return sequencer.toUpperCase(Locale.ROOT) + "0".repeat(length - sequencer.length());
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + key;
  }
}
