package dev.pilotlight.batch.output;

import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BucketClient;
import java.util.Optional;

/// Publishes the output of one version in an order that readers can rely on: if the summary exists,
/// the answers and the errors are complete and of the summary's version.
///
/// @param stale an older version's answers in the other output-format; deleted if this function
///   wrote them
/// @param failed the note of a failed attempt or of an older version, which is deleted
/// @param requireHeld runs before every step, and throws if another invocation may publish
public record Publication(
    OutputObject out,
    Optional<OutputObject> stale,
    OutputObject errors,
    OutputObject summary,
    OutputObject failed,
    Runnable requireHeld) {

  public static Publication of(
      BucketClient bucket, OutputKeys keys, String identity, Runnable requireHeld) {
    return new Publication(
        new OutputObject(bucket, keys.out(), OutputObject.LINES, identity),
        keys.otherAnswersKey()
            .map(key -> new OutputObject(bucket, key, OutputObject.LINES, identity)),
        new OutputObject(bucket, keys.errors(), OutputObject.LINES, identity),
        new OutputObject(bucket, keys.summary(), OutputObject.JSON, identity),
        new OutputObject(bucket, keys.failed(), OutputObject.JSON, identity),
        requireHeld);
  }

  /// Continues where an earlier attempt ended. [BucketClient] lists what it throws.
  ///
  /// Deletes an existing summary first, unless everything is published: it belongs to another
  /// version, or to an output of this version that somebody deleted.
  ///
  /// @param outUpload sealed, as `errorsUpload`
  /// @throws BatchException.Restart if an upload does not exist any more, or has another size
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
    stale.ifPresent(OutputObject::deleteIfWrittenHere);
    if (errorsUpload.bytes() == 0) {
      errors.deleteIfThere();
    } else {
      complete(errors, errorsUpload);
    }
    requireHeld.run();
    if (outUpload.bytes() == 0) {
      out.put(new byte[0]);
    } else {
      complete(out, outUpload);
    }
    requireHeld.run();
    summary.put(summaryJson);
    failed.deleteIfThere();
  }

  /// Completes the answers and the errors alone, if not empty. For batches of OpenAI's API, whose
  /// row in the table replaces the summary.
  ///
  /// @throws BatchException.Restart as [#publish]
  public void publishObjects(Upload outUpload, Upload errorsUpload) {
    requireHeld.run();
    if (errorsUpload.bytes() > 0) {
      complete(errors, errorsUpload);
    }
    requireHeld.run();
    if (outUpload.bytes() > 0) {
      complete(out, outUpload);
    }
    requireHeld.run();
    failed.deleteIfThere();
  }

  /// @throws BatchException.Restart also if the object has other bytes than were counted: then
  ///   parts of different answers were put together
  private static void complete(OutputObject object, Upload upload) {
    object.complete(upload);
    if (!object.isWhole(upload.bytes())) {
      throw new BatchException.Restart(
          "%s does not have the %d bytes that were written"
              .formatted(object.bucket().uri(object.key()), upload.bytes()));
    }
  }

  private boolean isDone(Upload outUpload, Upload errorsUpload) {
    boolean errorsAreDone =
        errorsUpload.bytes() == 0 ? !errors.isThere() : errors.isWhole(errorsUpload.bytes());
    return summary.isOurs() && errorsAreDone && out.isWhole(outUpload.bytes());
  }
}
