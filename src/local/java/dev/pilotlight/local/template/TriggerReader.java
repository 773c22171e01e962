package dev.pilotlight.local.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads from a template what S3's new objects trigger: a bucket's notifications and EventBridge's
/// rules, each to a function or to a queue.
final class TriggerReader {
  private static final String ALL = "s3:ObjectCreated:*";
  private static final Pattern ACCEPTED =
      Pattern.compile("s3:ObjectCreated:(\\*|Put|Post|Copy|CompleteMultipartUpload)");

  private final Resources resources;

  /// The resources of a template, with everything in them evaluated.
  interface Resources {
    /// Properties by logical id.
    Map<String, Map<?, ?>> ofType(String type);
  }

  TriggerReader(Resources resources) {
    this.resources = resources;
  }

  /// @throws IllegalArgumentException in one clear line if one is wrong, or if S3 would refuse them
  List<S3Trigger> triggers() {
    List<S3Trigger> triggers = new ArrayList<>();
    resources
        .ofType("AWS::S3::Bucket")
        .forEach((id, bucket) -> notifications(id, bucket, triggers));
    resources
        .ofType("AWS::Events::Rule")
        .forEach(
            (id, rule) -> {
              if (!isOfAlarms(rule) && !MachineReader.isOfMachines(rule)) {
                triggers.add(rule(id, rule));
              }
            });
    S3Trigger.refuseWrong(
        triggers,
        resources.ofType("AWS::S3::Bucket").keySet().stream().map(Intrinsics::localName).toList());
    return triggers;
  }

  /// Whether a rule is about alarms, of which this machine has none.
  private static boolean isOfAlarms(Map<?, ?> rule) {
    return rule.get("EventPattern") instanceof Map<?, ?> pattern
        && List.of("aws.cloudwatch").equals(pattern.get("source"));
  }

  private void notifications(String id, Map<?, ?> bucket, List<S3Trigger> triggers) {
    if (bucket.get("NotificationConfiguration") instanceof Map<?, ?> configuration) {
      for (Object each : list(configuration.get("LambdaConfigurations"))) {
        Map<?, ?> one = (Map<?, ?>) each;
        triggers.add(notification(id, one, one.get("Function"), triggers.size()));
      }
      for (Object each : list(configuration.get("QueueConfigurations"))) {
        Map<?, ?> one = (Map<?, ?>) each;
        triggers.add(notification(id, one, one.get("Queue"), triggers.size()));
      }
    }
  }

  private S3Trigger notification(
      String id, Map<?, ?> configuration, @Nullable Object target, int number) {
    String who = "notification %d of %s".formatted(number + 1, id);
    String prefix = "";
    String suffix = "";
    for (Object rule : rules(who, configuration)) {
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
    String event = String.valueOf(configuration.get("Event"));
    if (!ACCEPTED.matcher(event).matches()) {
      throw new IllegalArgumentException(
          "%s has '%s' as Event; accepted: %s".formatted(who, event, ACCEPTED));
    }
    Target to = target(who, target);
    return new S3Trigger(
        to.function, who, Intrinsics.localName(id), event, prefix, suffix, false, to.queue);
  }

  private S3Trigger rule(String id, Map<?, ?> rule) {
    if (rule.get("EventPattern") instanceof Map<?, ?> pattern
        && List.of("aws.s3").equals(pattern.get("source"))
        && List.of("Object Created").equals(pattern.get("detail-type"))
        && pattern.get("detail") instanceof Map<?, ?> detail
        && detail.get("bucket") instanceof Map<?, ?> bucket
        && only(bucket.get("name")) instanceof String bucketName
        && detail.get("object") instanceof Map<?, ?> object
        && only(object.get("key")) instanceof Map<?, ?> key
        && key.get("prefix") instanceof String prefix
        && only(rule.get("Targets")) instanceof Map<?, ?> target) {
      Target to = target("rule " + id, target.get("Arn"));
      return new S3Trigger(to.function, id, bucketName, ALL, prefix, "", true, to.queue);
    }
    throw new IllegalArgumentException(
        ("rule %s has the EventPattern %s and the Targets %s; accepted: {source: [aws.s3],"
                + " detail-type: [Object Created], detail: {bucket: {name: [bucket]}, object:"
                + " {key: [{prefix: text}]}}}, and one target")
            .formatted(id, rule.get("EventPattern"), rule.get("Targets")));
  }

  /// Where an event goes: to a function by its logical id, at once or through a queue.
  private record Target(String function, Optional<QueueSettings> queue) {}

  private Target target(String who, @Nullable Object arn) {
    String name = QueueSettings.named(String.valueOf(arn));
    Optional<String> function = find("AWS::Serverless::Function", name);
    if (function.isPresent()) {
      return new Target(function.get(), Optional.empty());
    }
    Optional<String> queue = find("AWS::SQS::Queue", name);
    for (Map<?, ?> mapping : resources.ofType("AWS::Lambda::EventSourceMapping").values()) {
      Optional<String> mapped =
          find("AWS::Serverless::Function", String.valueOf(mapping.get("FunctionName")));
      if (queue.isPresent()
          && mapped.isPresent()
          && QueueSettings.named(String.valueOf(mapping.get("EventSourceArn"))).equals(name)) {
        Map<?, ?> own = resources.ofType("AWS::SQS::Queue").getOrDefault(queue.get(), Map.of());
        QueueSettings settings = QueueSettings.of(queue.get(), own, mapping);
        return new Target(mapped.get(), Optional.of(settings));
      }
    }
    throw new IllegalArgumentException(
        "%s leads to %s, which is neither a function nor a queue with a mapping to one"
            .formatted(who, arn));
  }

  private Optional<String> find(String type, String localName) {
    return resources.ofType(type).keySet().stream()
        .filter(id -> Intrinsics.localName(id).equals(localName))
        .findFirst();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> found ? found : List.of();
  }

  private static @Nullable Object only(@Nullable Object value) {
    return value instanceof List<?> found && found.size() == 1 ? found.getFirst() : null;
  }

  private static List<?> rules(String who, Map<?, ?> configuration) {
    Object filter = configuration.get("Filter");
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
    return name.equals(((Map<?, ?>) rule).get("Name"));
  }
}
