package dev.pilotlight.local.template;

/// The names of buckets. A resource that is made before a bucket has its name in AWS as a text.
final class BucketNames {
  private BucketNames() {}

  /// The local name of the bucket that has a name in AWS; other texts stay as they are.
  static String local(TriggerReader.Resources resources, String name) {
    return resources.ofType("AWS::S3::Bucket").entrySet().stream()
        .filter(bucket -> name.equals(bucket.getValue().get("BucketName")))
        .map(bucket -> Intrinsics.localName(bucket.getKey()))
        .findFirst()
        .orElse(name);
  }
}
