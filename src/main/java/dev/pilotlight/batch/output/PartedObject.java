package dev.pilotlight.batch.output;

import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.s3.BatchException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// An object of the output that is written in parts and can be resumed from a checkpoint.
///
/// Call [#append] until [#hasPart] or it is time, then [#save]; keep its result in a checkpoint,
/// then call [#discardOld]. At the end call [#seal] instead of save. A writer can resume from an
/// [Upload] in a checkpoint, whatever was sent after it. [dev.pilotlight.batch.s3.BucketClient]
/// lists what the calls throw; after a failure another writer resumes from the last checkpoint. Not
/// thread-safe.
///
/// It needs memory for a part and the largest append.
public final class PartedObject {
  /// S3's limit.
  static final int PARTS_MAX = 10_000;

  private static final int BUFFER_FIRST_BYTES = 256 * 1024;

  private final OutputObject object;
  private final String tailPrefix;
  private final int partBytes;
  private final List<String> eTags;
  private final List<String> oldTails = new ArrayList<>();
  private Upload kept;
  private Optional<String> uploadId;

  /// Holds the waiting bytes: all of them or, after an append, the first ones.
  private Optional<String> tail;

  private boolean tailHoldsAll = true;
  private boolean sealed;
  private byte[] buffer = {};
  private int waiting;
  private long sentBytes;

  /// @param tailPrefix of the keys of tails, which no other object has
  /// @param partBytes the least bytes of a part; S3 requires 5 MiB of all but the last
  /// @param from the last checkpoint, or [Upload#NONE]
  /// @throws BatchException.Restart if the checkpoint's tail does not exist any more
  public PartedObject(OutputObject object, String tailPrefix, int partBytes, Upload from) {
    this.object = object;
    this.tailPrefix = tailPrefix;
    this.partBytes = partBytes;
    this.kept = from;
    this.eTags = new ArrayList<>(from.eTags());
    this.uploadId = from.uploadId();
    this.tail = from.tail();
    tail.ifPresent(this::readTail);
    this.sentBytes = from.bytes() - waiting;
  }

  private void readTail(String key) {
    buffer =
        object
            .bucket()
            .get(key, partBytes)
            .orElseThrow(
                () ->
                    new BatchException.Restart(
                        object.bucket().uri(key) + ", which was saved, does not exist any more"));
    waiting = buffer.length;
  }

  void append(byte[] bytes) {
    if (sealed) {
      throw new IllegalStateException("nothing may follow the last part");
    }
    int needed = Math.addExact(waiting, bytes.length);
    if (needed > buffer.length) {
      buffer = Arrays.copyOf(buffer, grown(needed, bytes.length));
    }
    System.arraycopy(bytes, 0, buffer, waiting, bytes.length);
    waiting = needed;
    tailHoldsAll = tailHoldsAll && bytes.length == 0;
  }

  /// Small while there is little, as in most objects of errors; then large enough for good.
  private int grown(int needed, int appended) {
    return needed <= BUFFER_FIRST_BYTES
        ? BUFFER_FIRST_BYTES
        : Math.max(needed, Math.addExact(partBytes, appended));
  }

  /// Whether there are enough bytes for a part, so that it is time to save.
  boolean hasPart() {
    return waiting >= partBytes;
  }

  /// Sends all appended bytes to S3.
  ///
  /// @param checkpoint its number, for people who read the keys of tails
  /// @return the state to keep in the checkpoint
  /// @throws BatchException.Restart if the upload does not exist any more
  /// @throws BatchException.Unreadable if S3 does not take so many parts
  Upload save(long checkpoint) {
    if (hasPart()) {
      sendPart();
    } else if (!tailHoldsAll) {
      saveTail(checkpoint);
    }
    return upload();
  }

  /// Sends all appended bytes to S3, as the last part.
  ///
  /// @return all parts, without a tail; [Upload#NONE] if nothing was appended
  /// @throws BatchException as in [#save]
  Upload seal() {
    sealed = true;
    if (waiting > 0) {
      sendPart();
    }
    return upload();
  }

  /// Deletes the tails that are obsolete once a checkpoint has the last result of [#save] or
  /// [#seal].
  void discardOld() {
    kept = upload();
    oldTails.forEach(object.bucket()::delete);
    oldTails.clear();
  }

  /// Deletes everything that was begun after the last checkpoint. The new owner of the batch may
  /// have cleaned up before that, and would then have missed it.
  void abandon() {
    uploadId
        .filter(id -> !kept.uploadId().equals(Optional.of(id)))
        .ifPresent(id -> object.bucket().abort(object.key(), id));
    Stream.concat(tail.stream(), oldTails.stream())
        .filter(key -> !kept.tail().equals(Optional.of(key)))
        .forEach(object.bucket()::delete);
  }

  private Upload upload() {
    return new Upload(uploadId, eTags, tail, sentBytes + waiting);
  }

  private void sendPart() {
    if (eTags.size() == PARTS_MAX) {
      String reason =
          ("would have more than the %d parts that S3 takes, of %d bytes each; split the object,"
                  + " or set a larger PILOTLIGHT_BATCH_PART_BYTES")
              .formatted(PARTS_MAX, partBytes);
      throw new BatchException.Unreadable(
          object.bucket().uri(object.key()) + " " + reason, "an output file " + reason, null);
    }
    String id = uploadId.orElseGet(object::begin);
    uploadId = Optional.of(id);
    eTags.add(object.part(id, eTags.size() + 1, buffer, waiting));
    sentBytes += waiting;
    waiting = 0;
    replaceTail(Optional.empty());
  }

  /// Its key is unique, even if an invocation that was declared dead saves the same checkpoint: the
  /// tail of the last checkpoint must not be overwritten.
  private void saveTail(long checkpoint) {
    String key = "%s%d-%s".formatted(tailPrefix, checkpoint, UUID.randomUUID());
    object.bucket().put(key, OutputObject.LINES, buffer, waiting, put -> {});
    replaceTail(Optional.of(key));
  }

  private void replaceTail(Optional<String> next) {
    tail.ifPresent(oldTails::add);
    tail = next;
    tailHoldsAll = true;
  }
}
