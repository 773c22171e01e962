package dev.pilotlight.local.awssdk;

import java.nio.file.Path;
import java.time.Instant;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// What one key was once.
sealed interface Version {
  /// [Bucket#NO_VERSION] if it was written while the bucket kept none.
  String id();

  Instant written();

  /// An object.
  ///
  /// @param head what a GET answers but for the body: metadata, length, ETag without quotes
  record Kept(String id, GetObjectResponse head, Path file) implements Version {
    @Override
    public Instant written() {
      return head.lastModified();
    }
  }

  /// It was deleted then.
  record Marker(String id, Instant written) implements Version {}
}
