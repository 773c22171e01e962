package dev.pilotlight.batch.output;

import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.s3.BatchException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// An object of the output that is written in parts, and can be gone on with from a checkpoint.
///
/// In turn: [#append] until [#hasPart] or it is time, [#save], keep what it returns, [#discardOld];
/// at the end [#seal] in place of save. Whoever goes on from an [Upload] that was kept finds all it
/// needs, whatever was sent since. What the calls throw is in
/// [dev.pilotlight.batch.s3.BucketClient]; after a failure another one goes on from the last
/// checkpoint. Not thread-safe.
///
/// Takes memory for a part and the largest append.
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

  /// Holds the bytes that wait, all of them or, after an append, the first ones.
  private Optional<String> tail;

  private boolean tailHoldsAll = true;
  private boolean sealed;
  private byte[] buffer = {};
  private int waiting;
  private long sentBytes;

  /// @param tailPrefix what the keys of tails begin with; no other object's do
  /// @param partBytes of a part, at least; S3 wants 5 MiB of all but the last
  /// @param from the last checkpoint, or [Upload#NONE]
  /// @throws BatchException.StartAnew if the checkpoint's tail is no longer there
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
                    new BatchException.StartAnew(
                        object.bucket().uri(key) + ", which was saved, is no longer there"));
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

  /// Small as long as there is little, as in most objects of errors; then for good.
  private int grown(int needed, int appended) {
    return needed <= BUFFER_FIRST_BYTES
        ? BUFFER_FIRST_BYTES
        : Math.max(needed, Math.addExact(partBytes, appended));
  }

  /// Whether there is enough for a part, so that it is time to save.
  boolean hasPart() {
    return waiting >= partBytes;
  }

  /// Brings all that was appended to S3.
  ///
  /// @param checkpoint its number, for people who look at the keys of tails
  /// @return what is to be kept to go on from here
  /// @throws BatchException.StartAnew if the upload is no longer there
  /// @throws BatchException.Unreadable if that would be more parts than S3 takes
  Upload save(long checkpoint) {
    if (hasPart()) {
      sendPart();
    } else if (!tailHoldsAll) {
      saveTail(checkpoint);
    }
    return upload();
  }

  /// Brings all that was appended to S3, as the last part.
  ///
  /// @return all parts, without a tail; [Upload#NONE] if nothing was ever appended
  /// @throws BatchException as [#save]
  Upload seal() {
    sealed = true;
    if (waiting > 0) {
      sendPart();
    }
    return upload();
  }

  /// Deletes the tails that nobody needs once what [#save] or [#seal] returned last is kept.
  void discardOld() {
    kept = upload();
    oldTails.forEach(object.bucket()::delete);
    oldTails.clear();
  }

  /// Takes back what was begun since something was kept last: whoever has the batch now may have
  /// cleared up before it was begun, and knows nothing of it.
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
      throw new BatchException.Unreadable(
          ("%s would have more than the %d parts that S3 takes, of %d bytes each; split the object,"
                  + " or set a larger PILOTLIGHT_BATCH_PART_BYTES")
              .formatted(object.bucket().uri(object.key()), PARTS_MAX, partBytes),
          null);
    }
    String id = uploadId.orElseGet(object::begin);
    uploadId = Optional.of(id);
    eTags.add(object.part(id, eTags.size() + 1, buffer, waiting));
    sentBytes += waiting;
    waiting = 0;
    replaceTail(Optional.empty());
  }

  /// Under a name that no other has, not even what an invocation that was taken for dead saves
  /// under the same number: the tail of the last checkpoint must stay until the next one is kept.
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
