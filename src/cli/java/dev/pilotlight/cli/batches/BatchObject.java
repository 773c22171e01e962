package dev.pilotlight.cli.batches;

import dev.pilotlight.batch.s3.ObjectVersion;
import java.time.Instant;

/// An object of the bucket In, as S3 lists it.
///
/// @param eTag without quotes
/// @param modified a whole second
record BatchObject(String bucket, String key, long bytes, String eTag, Instant modified) {
  /// The batch id, which all versions of the object share.
  String batchId() {
    return ObjectVersion.batchId(bucket, key);
  }

  boolean isFolder() {
    return key.endsWith("/") && bytes == 0;
  }
}
