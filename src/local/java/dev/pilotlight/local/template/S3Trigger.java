package dev.pilotlight.local.template;

import java.util.List;
import java.util.Optional;

/// The new objects that trigger a function in the template, by S3's own notification or by
/// EventBridge.
///
/// @param function its logical id
/// @param name for messages and for S3's notification
/// @param bucket its name here
/// @param event such as `s3:ObjectCreated:*`
/// @param prefix of keys; empty for any
/// @param suffix of keys; empty for any
/// @param eventBridge whether the event comes through EventBridge
/// @param queue that keeps the event for the function; empty if the function is called at once
public record S3Trigger(
    String function,
    String name,
    String bucket,
    String event,
    String prefix,
    String suffix,
    boolean eventBridge,
    Optional<QueueSettings> queue) {

  /// Refuses triggers that S3 would refuse.
  ///
  /// @param buckets those of the template
  static void refuseWrong(List<S3Trigger> triggers, List<String> buckets) {
    for (int i = 0; i < triggers.size(); i++) {
      S3Trigger trigger = triggers.get(i);
      if (!buckets.contains(trigger.bucket)) {
        throw new IllegalArgumentException(
            "%s names the bucket %s; the template has %s"
                .formatted(trigger.name, trigger.bucket, buckets));
      }
      for (S3Trigger other : triggers.subList(0, i)) {
        if (trigger.overlaps(other)) {
          throw new IllegalArgumentException(
              "%s and %s overlap: S3 refuses two that take the same object"
                  .formatted(other.name, trigger.name));
        }
      }
    }
  }

  /// Whether S3 would send this event.
  ///
  /// @param eventName such as `ObjectCreated:Put`
  public boolean takes(String eventName, String bucketOfObject, String key) {
    return bucketOfObject.equals(bucket)
        && matches(event, "s3:" + eventName)
        && key.startsWith(prefix)
        && key.endsWith(suffix);
  }

  /// Compares prefixes, suffixes and kinds of events alone, as S3 does.
  private boolean overlaps(S3Trigger other) {
    return bucket.equals(other.bucket)
        && !eventBridge
        && !other.eventBridge
        && (prefix.startsWith(other.prefix) || other.prefix.startsWith(prefix))
        && (suffix.endsWith(other.suffix) || other.suffix.endsWith(suffix))
        && (matches(event, other.event) || matches(other.event, event));
  }

  private static boolean matches(String pattern, String event) {
    return pattern.equals(event)
        || (pattern.endsWith("*") && event.startsWith(pattern.substring(0, pattern.length() - 1)));
  }
}
