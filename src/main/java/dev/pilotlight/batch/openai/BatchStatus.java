package dev.pilotlight.batch.openai;

import java.util.Locale;

/// The status of a batch of OpenAI's API.
public enum BatchStatus {
  VALIDATING,
  FAILED,
  IN_PROGRESS,
  FINALIZING,
  COMPLETED,
  EXPIRED,
  CANCELLING,
  CANCELLED;

  /// As in the API.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The name of the time at which a batch got this status.
  String timeName() {
    return wireName() + "_at";
  }

  /// Whether it never changes again.
  public boolean isFinal() {
    return switch (this) {
      case FAILED, COMPLETED, EXPIRED, CANCELLED -> true;
      case VALIDATING, IN_PROGRESS, FINALIZING, CANCELLING -> false;
    };
  }
}
