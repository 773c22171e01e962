package dev.pilotlight.batch;

import java.nio.charset.StandardCharsets;

/// Where the output of an object goes, in the output bucket.
///
/// @param out one answer for each line
/// @param errors the answers that are errors, once more; not there if there are none
/// @param summary says that the others are complete
record OutputKeys(String out, String errors, String summary) {
  private static final String OUT = ".out.jsonl";
  private static final String ERRORS = ".errors.jsonl";
  private static final String SUMMARY = ".summary.json";

  /// S3's limit, and what is left of it for the object's own key.
  private static final int KEY_BYTES_MAX = 1_024;

  private static final int INPUT_KEY_BYTES_MAX =
      KEY_BYTES_MAX - Math.max(OUT.length(), Math.max(ERRORS.length(), SUMMARY.length()));

  /// @throws BatchException.Unreadable if the key is too long
  static OutputKeys of(ObjectVersion object) {
    int bytes = object.key().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > INPUT_KEY_BYTES_MAX) {
      throw new BatchException.Unreadable(
          ("%s has a key of %d bytes; at most %d leave room for .errors.jsonl and the like within"
                  + " S3's %d")
              .formatted(object, bytes, INPUT_KEY_BYTES_MAX, KEY_BYTES_MAX),
          null);
    }
    return new OutputKeys(object.key() + OUT, object.key() + ERRORS, object.key() + SUMMARY);
  }
}
