package dev.pilotlight.batch.output;

import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.s3.BucketClient;

/// Makes the output of one version appear, in an order that readers can rely on: where there is a
/// summary, the answers and the errors are there, whole and of the summary's version.
///
/// @param failed deleted: it belongs to an attempt that failed, or to an older version
/// @param requireHeld throws if another may publish; asked before every step
public record Publication(
    OutputObject out,
    OutputObject errors,
    OutputObject summary,
    OutputObject failed,
    Runnable requireHeld) {

  public static Publication of(
      BucketClient bucket, OutputKeys keys, String identity, Runnable requireHeld) {
    return new Publication(
        new OutputObject(bucket, keys.out(), OutputObject.LINES, identity),
        new OutputObject(bucket, keys.errors(), OutputObject.LINES, identity),
        new OutputObject(bucket, keys.summary(), OutputObject.JSON, identity),
        new OutputObject(bucket, keys.failed(), OutputObject.JSON, identity),
        requireHeld);
  }

  /// Goes on from wherever an earlier attempt ended. What it throws is in [BucketClient].
  ///
  /// A summary that is there is deleted first, unless all is done already: it belongs to another
  /// version, or to an output of this one that somebody deleted.
  ///
  /// @param outUpload sealed, as `errorsUpload`
  /// @throws BatchException.StartAnew if what was uploaded is no longer there
  public void publish(Upload outUpload, Upload errorsUpload, byte[] summaryJson) {
    requireHeld.run();
    if (summary.isThere()) {
      if (isDone(outUpload, errorsUpload)) {
        failed.deleteIfThere();
        return;
      }
      summary.deleteIfThere();
    }
    requireHeld.run();
    if (errorsUpload.bytes() == 0) {
      errors.deleteIfThere();
    } else {
      errors.complete(errorsUpload);
    }
    requireHeld.run();
    if (outUpload.bytes() == 0) {
      out.put(new byte[0]);
    } else {
      out.complete(outUpload);
    }
    requireHeld.run();
    summary.put(summaryJson);
    failed.deleteIfThere();
  }

  private boolean isDone(Upload outUpload, Upload errorsUpload) {
    boolean errorsAreDone =
        errorsUpload.bytes() == 0 ? !errors.isThere() : errors.isWhole(errorsUpload.bytes());
    return summary.isOurs() && errorsAreDone && out.isWhole(outUpload.bytes());
  }
}
