package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.support.Sha256;
import java.util.Map;

/// The work that one item of the table is about: a version of an object, or a shard of it.
///
/// @param id in the item's key: the batch's id, or one that only this range of this version has
/// @param version of the whole object
/// @param execution of the state machine that has the batch; prefixed with `-` if that execution
///   failed: then another execution may claim the batch; empty if invocations continue each other,
///   and for a shard
/// @param start bytes of the object before the work's first line
/// @param linesBefore the number of the line before its first one
public record Job(
    String id, ObjectVersion version, String execution, long start, long linesBefore) {

  private static final String RELEASED = "-";

  /// A whole object.
  static Job of(ObjectVersion version, String execution) {
    return new Job(version.batchId(), version, execution, 0, 0);
  }

  /// A shard. Another range, or another version, is another job.
  ///
  /// @param end bytes of the object up to the end of the shard's last line; -1 for all
  public static Job shard(ObjectVersion version, long start, long end, long linesBefore) {
    String range =
        "%s/%s/%s/%d-%d/%d"
            .formatted(
                version.batchId(), version.identity(), version.eTag(), start, end, linesBefore);
    return new Job(Sha256.base64Url(range), version, "", start, linesBefore);
  }

  /// Whether an execution has it and has not failed.
  boolean isFannedOut() {
    return !execution.isEmpty() && !isReleased();
  }

  /// Whether an execution has it, or had it when it failed.
  boolean belongsTo(String some) {
    return execution.equals(some) || execution.equals(RELEASED + some);
  }

  private boolean isReleased() {
    return execution.startsWith(RELEASED);
  }

  /// Marks its execution as failed.
  Job released() {
    return isFannedOut() ? withExecution(RELEASED + execution) : this;
  }

  /// Marks a failed execution as running after a redrive.
  Job reclaimed() {
    return isReleased() ? withExecution(execution.substring(RELEASED.length())) : this;
  }

  private Job withExecution(String otherExecution) {
    return new Job(id, version, otherExecution, start, linesBefore);
  }

  /// The progress before the first line.
  public Progress first() {
    return new Progress(
        Phase.LINES,
        start,
        new Counts(linesBefore, 0, 0, 0, 0, 0, 0, 0),
        Upload.NONE,
        Upload.NONE,
        Map.of());
  }
}
