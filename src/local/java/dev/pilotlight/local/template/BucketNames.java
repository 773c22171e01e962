package dev.pilotlight.local.template;

/// The names of buckets. Resources created before a bucket refer to it by name instead of by `Ref`.
final class BucketNames {
  private BucketNames() {}

  /// The local name of the bucket with this name in AWS; other texts are returned unchanged.
  static String local(TriggerReader.Resources resources, String name) {
    return resources.ofType("AWS::S3::Bucket").entrySet().stream()
        .filter(bucket -> name.equals(bucket.getValue().get("BucketName")))
        .map(bucket -> Intrinsics.localName(bucket.getKey()))
        .findFirst()
        .orElse(name);
  }
}
