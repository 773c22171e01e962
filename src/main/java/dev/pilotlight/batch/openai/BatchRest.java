package dev.pilotlight.batch.openai;

import dev.pilotlight.batch.claim.Progress.Phase;

/// Why no further lines are answered.
public enum BatchRest {
  /// All are.
  NONE(Phase.PUBLISHING, "", ""),
  CANCELLED(
      Phase.CANCELLED,
      "batch_cancelled",
      "This request could not be executed before the batch was cancelled."),
  EXPIRED(
      Phase.EXPIRED,
      "batch_expired",
      "This request could not be executed before the completion window expired."),
  /// The batch has ended as one whose requests were all executed.
  OUT_OF_QUOTA(
      Phase.PUBLISHING,
      "insufficient_quota",
      "This request was not executed: the quota of the caller's plan is used up.");

  private final Phase phase;
  private final String code;
  private final String message;

  BatchRest(Phase phase, String code, String message) {
    this.phase = phase;
    this.code = code;
    this.message = message;
  }

  /// The phase of the checkpoint before publishing.
  public Phase phase() {
    return phase;
  }

  /// The code of the error of each line that is not answered.
  public String code() {
    return code;
  }

  public String message() {
    return message;
  }
}
