package dev.pilotlight.batch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/// One version of an object of lines: the unit of work of a batch.
///
/// What an event does not say is empty: `versionId` where the bucket keeps no versions, everything
/// but bucket and key in an event made by hand.
///
/// @param key as S3 has it, decoded
/// @param eTag without quotes
/// @param size in bytes; -1 if unknown
/// @param sequencer hex; orders the versions of one key
public record ObjectVersion(
    String bucket, String key, String versionId, String eTag, long size, String sequencer) {

  /// Names the object, not its version: 43 characters of URL-safe base64. A new version's batch
  /// takes the place of an older one's, so they share a name.
  public String batchId() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(bucket.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) '/'); // no bucket's name has it
      sha.update(key.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every Java platform has it
    }
  }

  /// Tells this version from others of its key: the sequencer, or what there is instead.
  public String identity() {
    if (!sequencer.isEmpty()) {
      return sequencer;
    }
    return versionId.isEmpty() ? eTag : versionId;
  }

  /// Whether the sequencers say so: as AWS has it, the shorter one is filled up with zeros on its
  /// right, and the rest is the order of text. False if either has none.
  public boolean isOlderThan(ObjectVersion other) {
    if (sequencer.isEmpty() || other.sequencer.isEmpty()) {
      return false;
    }
    int length = Math.max(sequencer.length(), other.sequencer.length());
    return padded(length).compareTo(other.padded(length)) < 0;
  }

  private String padded(int length) {
    return sequencer.toUpperCase(Locale.ROOT) + "0".repeat(length - sequencer.length());
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + key;
  }
}
