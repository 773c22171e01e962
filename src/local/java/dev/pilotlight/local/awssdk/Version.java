package dev.pilotlight.local.awssdk;

import java.nio.file.Path;
import java.time.Instant;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// One version of a key.
sealed interface Version {
  /// [Bucket#NO_VERSION] if the bucket kept no versions when it was written.
  String id();

  Instant lastModified();

  /// An object.
  ///
  /// @param head a GET's answer without the body: metadata, length, ETag without quotes
  record Kept(String id, GetObjectResponse head, Path file) implements Version {
    @Override
    public Instant lastModified() {
      return head.lastModified();
    }
  }

  /// A delete marker.
  record Marker(String id, Instant lastModified) implements Version {}
}
