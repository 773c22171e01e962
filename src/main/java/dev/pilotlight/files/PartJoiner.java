package dev.pilotlight.files;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Joins the parts of uploads by reading them, one after the other. Thread-safe.
record PartJoiner(FileObjects objects) {
  /// At least S3's minimum of 5 MiB.
  private static final int JOINED_BYTES = 8 * 1024 * 1024;

  /// Joins parts in the given order into an object of the upload and the list's digest.
  ///
  /// @param md5 in hex that the bytes must have; null for any
  /// @return the object's version; null in a bucket without versions
  /// @throws Refusal INVALID
  @Nullable String join(
      Upload upload, String digest, List<String> partIds, @Nullable String md5, Deadline end) {
    MessageDigest check = md5();
    FileObjects.Joining joining = objects.join(upload.key(digest), end);
    try {
      byte[] held = new byte[JOINED_BYTES + Uploads.PART_BYTES_MAX];
      int length = 0;
      long sum = 0;
      for (int i = 0; i < partIds.size(); i++) {
        byte[] part = part(upload, partIds.get(i), i, end);
        check.update(part);
        sum += part.length;
        System.arraycopy(part, 0, held, length, part.length);
        length += part.length;
        if (length >= JOINED_BYTES) {
          joining.add(held, length);
          length = 0;
        }
      }
      upload.requireWhole(sum, md5, HexFormat.of().formatHex(check.digest()));
      if (length > 0) {
        joining.add(held, length);
      }
      return joining.complete();
    } catch (RuntimeException | Error e) {
      abort(joining, e);
      throw e;
    }
  }

  /// Removes what was joined; after a complete that timed out there may be nothing.
  private static void abort(FileObjects.Joining joining, Throwable cause) {
    try {
      joining.abort();
    } catch (RuntimeException e) {
      cause.addSuppressed(e); // the bucket's rule removes it
    }
  }

  private byte[] part(Upload upload, String partId, int index, Deadline end) {
    String key = FileIds.partKey(upload.owner(), upload.id(), partId);
    return objects
        .get(objects.bucket(), key, null, end)
        .orElseThrow(
            () ->
                Refusal.invalid(
                    Upload.PART_IDS + "[" + index + "]",
                    "the bytes of the part %s are no longer there; accepted: a new upload"
                        .formatted(partId)));
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
