package dev.pilotlight.local.template;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A queue whose messages Lambda gives to a function, one at a time.
///
/// @param name its name here
/// @param receivesMax how often a message is delivered
/// @param ageMax how long a message is kept
/// @param deadLetters the name of the queue that takes messages that failed for good
public record QueueSettings(String name, int receivesMax, Duration ageMax, String deadLetters) {
  private static final String ARN = ".Arn";

  /// Reads a queue and the mapping of its messages to a function.
  ///
  /// @throws IllegalArgumentException in one clear line if the mapping gives the function several
  ///   messages at a time, or lets it report failures instead of failing
  static QueueSettings of(String id, Map<?, ?> queue, Map<?, ?> mapping) {
    if (number(id, "BatchSize", mapping.get("BatchSize")) != 1
        || mapping.containsKey("FunctionResponseTypes")) {
      throw new IllegalArgumentException(
          "the messages of %s are mapped by %s; accepted: BatchSize 1, no FunctionResponseTypes"
              .formatted(id, mapping));
    }
    if (!(queue.get("RedrivePolicy") instanceof Map<?, ?> redrive)) {
      throw new IllegalArgumentException(id + " has no RedrivePolicy");
    }
    return new QueueSettings(
        Intrinsics.localName(id),
        number(id, "maxReceiveCount", redrive.get("maxReceiveCount")),
        Duration.ofSeconds(
            number(id, "MessageRetentionPeriod", queue.get("MessageRetentionPeriod"))),
        named(String.valueOf(redrive.get("deadLetterTargetArn"))));
  }

  /// The rules by which a message is tried again.
  public AsyncSettings attempts() {
    return new AsyncSettings(receivesMax - 1, ageMax, deadLetters);
  }

  /// The name in `<name>.Arn`.
  static String named(String arn) {
    return arn.endsWith(ARN) ? arn.substring(0, arn.length() - ARN.length()) : arn;
  }

  private static int number(String id, String name, @Nullable Object value) {
    try {
      return Integer.parseInt(String.valueOf(value));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s of %s is '%s'; accepted: a number".formatted(name, id, value), e);
    }
  }
}
