package dev.pilotlight.cli.preflight;

import dev.pilotlight.cli.preflight.Account.LambdaLimits;
import dev.pilotlight.cli.preflight.Finding.Status;

/// How many of an account's environments a preset's batches may take from the API.
///
/// @param api environments reserved for the API; negative if none are
/// @param batch environments reserved for batches; negative if none are
/// @param concurrency of each of the two queues; 0 without queues
record BatchShare(int api, int batch, int concurrency) {
  private static final String WHAT = "batches";

  /// Batches that begin have one queue, and those that continue another.
  private static final int QUEUES = 2;

  /// Lambda refuses a lower maximum concurrency of a queue.
  private static final long QUEUE_MIN = 2;

  static BatchShare of(Preset preset) throws Malformed {
    return new BatchShare(
        (int) preset.number("ReservedConcurrency"),
        (int) preset.number("BatchReservedConcurrency"),
        preset.is("BatchSource", "queue") ? (int) preset.number("BatchConcurrency") : 0);
  }

  /// @param reserved by the preset for both functions
  /// @param kept environments that Lambda leaves to functions that reserve none
  Finding judge(LambdaLimits limits, int reserved, long kept) {
    // a quota that is too small for the reservations is another finding, and is raised first
    long left =
        reserved == 0 ? limits.unreserved() : Math.max(kept, limits.unreserved() - reserved);
    if (concurrency > 0) {
      return queued(left);
    }
    if (batch >= 0) {
      return ok("at most %d at the same time, reserved for them".formatted(batch));
    }
    if (api >= 0) {
      return ok("at most %d at the same time; the API has %d reserved".formatted(left, api));
    }
    long reservable = left - kept;
    String reserve =
        reservable > 0
            ? "set BatchReservedConcurrency to %d at most, or ".formatted(reservable)
            : "none can be reserved, because Lambda leaves %d to others; ".formatted(kept);
    return note(
        "they may take all %d environments, and the API none meanwhile: %sset %s"
            .formatted(left, reserve, advice(left)));
  }

  /// A delivery that Lambda throttles counts, and five of them end in the dead-letter queue.
  private Finding queued(long left) {
    long most = (long) QUEUES * concurrency;
    String takes = "at most %d of %d environments at the same time".formatted(most, left);
    if (most >= left) {
      return note(
          "%s: some deliveries are throttled, which counts as a failure; set %s"
              .formatted(takes, advice(left)));
    }
    return api >= 0 || QUEUES * most <= left
        ? ok(takes)
        : note("%s, which leaves the API %d; set %s".formatted(takes, left - most, advice(left)));
  }

  /// Leaves the API half, unless there are fewer than eight.
  private static String advice(long left) {
    long each = Math.max(QUEUE_MIN, left / (QUEUES * QUEUES));
    return "BatchSource=queue with BatchConcurrency=%d, which takes %d at most"
        .formatted(each, QUEUES * each);
  }

  private static Finding ok(String text) {
    return new Finding(Status.OK, WHAT, text);
  }

  private static Finding note(String text) {
    return new Finding(Status.NOTE, WHAT, text);
  }
}
