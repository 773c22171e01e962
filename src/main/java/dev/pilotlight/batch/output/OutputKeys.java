package dev.pilotlight.batch.output;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.nio.charset.StandardCharsets;

/// Where the output of an object goes, in the output bucket.
///
/// @param out one answer for each line
/// @param errors the answers that are errors, once more; not there if there are none
/// @param summary written last: if it is there, the others are complete
/// @param failed why there are no answers; not there once there are
public record OutputKeys(String out, String errors, String summary, String failed) {
  private static final String OUT = ".out.jsonl";
  private static final String ERRORS = ".errors.jsonl";
  private static final String SUMMARY = ".summary.json";
  private static final String FAILED = ".failed.json";

  /// S3's limit, and what is left of it for the object's own key.
  private static final int KEY_BYTES_MAX = 1_024;

  private static final int INPUT_KEY_BYTES_MAX =
      KEY_BYTES_MAX - Math.max(OUT.length(), Math.max(ERRORS.length(), SUMMARY.length()));

  /// Derives the keys of an input object's outputs.
  ///
  /// @throws BatchException.Unreadable if the key is too long
  public static OutputKeys of(ObjectVersion object) {
    int bytes = object.key().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > INPUT_KEY_BYTES_MAX) {
      throw new BatchException.Unreadable(
          ("%s has a key of %d bytes; at most %d leave room for .errors.jsonl and the like within"
                  + " S3's %d")
              .formatted(object, bytes, INPUT_KEY_BYTES_MAX, KEY_BYTES_MAX),
          null);
    }
    String key = object.key();
    return new OutputKeys(key + OUT, key + ERRORS, key + SUMMARY, key + FAILED);
  }
}
