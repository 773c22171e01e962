package dev.pilotlight.batch;

import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.ObjectVersion;

/// Checks that an object's output has a place.
public final class OutputPlace {
  private OutputPlace() {}

  /// Checks that there is one.
  ///
  /// @throws BatchException.Misconfigured if there is no bucket for the output
  /// @throws BatchException.Unreadable if the object's key is too long
  public static void require(ObjectVersion version, BatchSettings settings) {
    String bucket = settings.outputBucket();
    if (bucket.isEmpty()) {
      throw new BatchException.Misconfigured(
          "PILOTLIGHT_BATCH_OUTPUT_BUCKET is not set; accepted: an S3 bucket's name", null);
    }
    if (bucket.equals(version.bucket())) {
      throw new BatchException.Misconfigured(
          ("%s is in PILOTLIGHT_BATCH_OUTPUT_BUCKET itself, where answers would be taken for"
                  + " objects to answer; accepted: another bucket")
              .formatted(version),
          null);
    }
    var _ = OutputKeys.of(version);
  }
}
