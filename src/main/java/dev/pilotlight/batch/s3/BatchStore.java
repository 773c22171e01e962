package dev.pilotlight.batch.s3;

import java.util.Locale;

/// Where batches look results up, and where they keep new ones: `PILOTLIGHT_BATCH_STORE`.
public enum BatchStore {
  /// In memory, Redis and the table; kept in all three.
  TABLE,
  /// Looked up as with [#TABLE]; kept in packed S3 objects, found by result id only.
  PACKED,
  /// Looked up as with [#TABLE]; not kept.
  OFF,
  /// Neither looked up nor kept.
  NONE;

  /// Whether results of the table and of Redis are looked up.
  public boolean looksUp() {
    return this != NONE;
  }

  /// As in the setting.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
