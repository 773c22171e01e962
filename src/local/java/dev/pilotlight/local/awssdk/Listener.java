package dev.pilotlight.local.awssdk;

/// Receives every new object, in the order in which they became visible.
@FunctionalInterface
public interface Listener {

  /// Called while the store is locked: must be quick.
  ///
  /// @param eventName as S3 names it, such as `ObjectCreated:Put`
  /// @param versionId empty unless the bucket keeps versions
  /// @param eTag without quotes
  void created(
      String eventName, String bucket, String key, String versionId, String eTag, long size);
}
