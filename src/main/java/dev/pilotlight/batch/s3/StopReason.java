package dev.pilotlight.batch.s3;

/// Why a batch stopped early.
public enum StopReason {
  CANCELLED(
      "batch_cancelled", "This request could not be executed before the batch was cancelled."),
  EXPIRED(
      "batch_expired", "This request could not be executed before the completion window expired."),
  /// The batch ends as `completed`.
  OUT_OF_QUOTA(
      "insufficient_quota",
      "This request was not executed: the quota of the caller's plan is used up.");

  private final String code;
  private final String message;

  StopReason(String code, String message) {
    this.code = code;
    this.message = message;
  }

  /// The code of the error of each line that is not answered.
  public String code() {
    return code;
  }

  public String message() {
    return message;
  }
}
