package dev.pilotlight.local.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An event source of a function in the template: the new objects that trigger it, by S3's own
/// notification or by EventBridge.
///
/// @param name of the event in the template
/// @param bucket its name here
/// @param events such as `s3:ObjectCreated:*`
/// @param prefix of keys; empty for any
/// @param suffix of keys; empty for any
/// @param eventBridge whether the event comes through EventBridge
public record S3Trigger(
    String function,
    String name,
    String bucket,
    List<String> events,
    String prefix,
    String suffix,
    boolean eventBridge) {
  private static final String ALL = "s3:ObjectCreated:*";
  private static final Pattern ACCEPTED =
      Pattern.compile("s3:ObjectCreated:(\\*|Put|Post|Copy|CompleteMultipartUpload)");

  public S3Trigger {
    events = List.copyOf(events);
  }

  /// Reads the properties of an event of type S3.
  ///
  /// @throws IllegalArgumentException in one clear line
  static S3Trigger of(String function, String name, Map<?, ?> properties) {
    String who = "event %s of %s".formatted(name, function);
    if (!(properties.get("Bucket") instanceof String bucket)) {
      throw new IllegalArgumentException(who + " has no Bucket");
    }
    String prefix = "";
    String suffix = "";
    for (Object rule : rules(who, properties)) {
      String value = value(who, rule);
      if (isNamed(rule, "prefix") && prefix.isEmpty()) {
        prefix = value;
      } else if (isNamed(rule, "suffix") && suffix.isEmpty()) {
        suffix = value;
      } else {
        throw new IllegalArgumentException(
            "%s has the rule %s; accepted: one with Name prefix, one with Name suffix"
                .formatted(who, rule));
      }
    }
    return new S3Trigger(function, name, bucket, events(who, properties), prefix, suffix, false);
  }

  /// Reads the properties of an event of type EventBridgeRule.
  ///
  /// @throws IllegalArgumentException in one clear line if it is not about new objects of a bucket
  static S3Trigger ofRule(String function, String name, Map<?, ?> properties) {
    if (properties.get("Pattern") instanceof Map<?, ?> pattern
        && List.of("aws.s3").equals(pattern.get("source"))
        && List.of("Object Created").equals(pattern.get("detail-type"))
        && pattern.get("detail") instanceof Map<?, ?> detail
        && detail.get("bucket") instanceof Map<?, ?> bucket
        && bucket.get("name") instanceof List<?> names
        && names.size() == 1
        && names.getFirst() instanceof String bucketName) {
      String prefix = prefix(detail.get("object"));
      if (prefix != null) {
        return new S3Trigger(function, name, bucketName, List.of(ALL), prefix, "", true);
      }
    }
    throw new IllegalArgumentException(
        ("event %s of %s has the Pattern %s; accepted: {source: [aws.s3], detail-type: [Object"
                + " Created], detail: {bucket: {name: [bucket]}, object: {key: [{prefix: text}]}}}")
            .formatted(name, function, properties.get("Pattern")));
  }

  private static @Nullable String prefix(@Nullable Object object) {
    return object instanceof Map<?, ?> found
            && found.get("key") instanceof List<?> keys
            && keys.size() == 1
            && keys.getFirst() instanceof Map<?, ?> key
            && key.get("prefix") instanceof String prefix
        ? prefix
        : null;
  }

  /// Refuses triggers that S3 would refuse.
  ///
  /// @param buckets those of the template
  static void refuseWrong(List<S3Trigger> triggers, List<String> buckets) {
    for (int i = 0; i < triggers.size(); i++) {
      S3Trigger trigger = triggers.get(i);
      if (!buckets.contains(trigger.bucket)) {
        throw new IllegalArgumentException(
            "event %s of %s names the bucket %s; the template has %s"
                .formatted(trigger.name, trigger.function, trigger.bucket, buckets));
      }
      for (S3Trigger other : triggers.subList(0, i)) {
        if (trigger.overlaps(other)) {
          throw new IllegalArgumentException(
              "events %s and %s overlap: S3 refuses two that take the same object"
                  .formatted(other.name, trigger.name));
        }
      }
    }
  }

  /// Whether S3 would send this event to the function.
  ///
  /// @param eventName such as `ObjectCreated:Put`
  public boolean takes(String eventName, String bucketOfObject, String key) {
    return bucketOfObject.equals(bucket)
        && events.stream().anyMatch(pattern -> matches(pattern, "s3:" + eventName))
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
        && events.stream()
            .anyMatch(
                mine ->
                    other.events.stream()
                        .anyMatch(its -> matches(mine, its) || matches(its, mine)));
  }

  private static boolean matches(String pattern, String event) {
    return pattern.equals(event)
        || (pattern.endsWith("*") && event.startsWith(pattern.substring(0, pattern.length() - 1)));
  }

  private static List<String> events(String who, Map<?, ?> properties) {
    List<String> events = new ArrayList<>();
    Object given = properties.get("Events");
    for (Object event : given instanceof List<?> list ? list : List.of(String.valueOf(given))) {
      if (!ACCEPTED.matcher(String.valueOf(event)).matches()) {
        throw new IllegalArgumentException(
            "%s has '%s' in Events; accepted: %s".formatted(who, event, ACCEPTED));
      }
      events.add((String) event);
    }
    return events;
  }

  private static List<?> rules(String who, Map<?, ?> properties) {
    Object filter = properties.get("Filter");
    if (filter == null) {
      return List.of();
    }
    if (filter instanceof Map<?, ?> found
        && found.get("S3Key") instanceof Map<?, ?> key
        && key.get("Rules") instanceof List<?> rules) {
      return rules;
    }
    throw new IllegalArgumentException(
        "%s has the Filter %s; accepted: {S3Key: {Rules: [{Name, Value}]}}".formatted(who, filter));
  }

  private static String value(String who, Object rule) {
    if (rule instanceof Map<?, ?> map && map.get("Value") instanceof String value) {
      return value;
    }
    throw new IllegalArgumentException(
        "%s has the rule %s; accepted: {Name: prefix or suffix, Value: text}".formatted(who, rule));
  }

  private static boolean isNamed(Object rule, String name) {
    return Objects.equals(((Map<?, ?>) rule).get("Name"), name);
  }
}
