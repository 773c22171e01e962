package dev.pilotlight.batch.output.parquet;

import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.output.Leftovers;
import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.domain.Deadline;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes a Parquet file of answers in JSON lines: each row group is a part of its upload, and the
/// footer is in the last part. The bytes follow from the lines alone, so that a part that is sent
/// again is the same. The state of the work is an object, from which another invocation continues.
/// [dev.pilotlight.batch.s3.BucketClient] lists what the calls throw. Not thread-safe.
public final class ParquetConversion {
  /// S3 takes 10,000 parts.
  static final int GROUPS_MAX = 9_000;

  static final int GROUP_BYTES_MIN = 16 << 20;
  static final int GROUP_BYTES_MAX = 64 << 20;
  private static final long STATE_BYTES = 4 << 20;

  private final OutputObject answers;
  private final Upload lines;
  private final OutputObject file;
  private final OutputObject stateObject;
  private final Runnable requireHeld;
  private final Duration checkpointInterval;
  private final String source;
  private ConversionState state;
  private long savedAt = System.nanoTime();

  /// @param answers the object of the lines
  /// @param lines all of its parts, or [Upload#NONE]
  /// @param file to make
  /// @param stateKey of the object with the state
  /// @param requireHeld runs before uploads are aborted and before the state is written; throws if
  ///   another invocation may work on the file
  /// @param checkpointInterval the longest time between two checkpoints
  public ParquetConversion(
      OutputObject answers,
      Upload lines,
      OutputObject file,
      String stateKey,
      Runnable requireHeld,
      Duration checkpointInterval) {
    this.answers = answers;
    this.lines = lines;
    this.file = file;
    this.stateObject =
        new OutputObject(file.bucket(), stateKey, "application/octet-stream", file.identity());
    this.requireHeld = requireHeld;
    this.checkpointInterval = checkpointInterval;
    this.source = file.identity() + "/" + lines.uploadId().orElse("");
    this.state = ConversionState.begin(source, "");
  }

  /// Works until the file has all parts, or the time is up.
  ///
  /// @param rows the number of lines, of which each must become a row
  /// @return the file's upload; empty if the time was up
  /// @throws BatchException.Unreadable if the lines are more than a file can have
  /// @throws BatchException.Restart if the lines or the upload do not exist any more
  public Optional<Upload> run(long rows, Deadline deadline) {
    requireFits(lines.bytes());
    resume();
    boolean wasSealed = state.sealed();
    if (!wasSealed) {
      AnswerLines left = new AnswerLines(answers, lines.bytes(), state.offset());
      while (sendGroup(left)) {
        if (deadline.passed()) {
          save();
          return Optional.empty();
        }
        saveIfTime();
      }
    }
    if (state.rows() != rows) {
      throw new IllegalStateException(
          "%s would have %d rows for %d lines"
              .formatted(file.bucket().uri(file.key()), state.rows(), rows));
    }
    if (!wasSealed) {
      save();
    }
    return Optional.of(state.upload());
  }

  /// Rejects lines larger than the largest file. A file of that size is smaller than its lines.
  private void requireFits(long bytes) {
    long most = (long) GROUPS_MAX * GROUP_BYTES_MAX;
    if (bytes > most) {
      throw new BatchException.Unreadable(
          ("the answers are %d bytes of JSON Lines; output-format parquet accepts up to %d. Split"
                  + " the object or use output-format jsonl")
              .formatted(bytes, most),
          null);
    }
  }

  /// Larger for a large file, so that there are never too many groups.
  static int groupBytes(long bytesOfLines) {
    return Math.clamp(bytesOfLines / GROUPS_MAX, GROUP_BYTES_MIN, GROUP_BYTES_MAX);
  }

  private void resume() {
    Leftovers leftovers = new Leftovers(file.bucket());
    Optional<ConversionState> saved =
        file.bucket()
            .get(stateObject.key(), STATE_BYTES)
            .flatMap(ConversionState::decode)
            .filter(found -> found.source().equals(source));
    if (saved.isPresent()) {
      state = saved.get();
      leftovers.abortUploads(List.of(file.key()), Set.of(state.uploadId()));
      return;
    }
    requireHeld.run(); // another invocation may have begun an upload meanwhile
    leftovers.abortUploads(List.of(file.key()), Set.of());
    if (lines.bytes() > 0) {
      answers.complete(lines);
    }
    requireHeld.run();
    state = ConversionState.begin(source, file.begin());
    save();
  }

  /// Sends the next part.
  ///
  /// @return false if it was the last one
  private boolean sendGroup(AnswerLines left) {
    int groupBytes = groupBytes(lines.bytes());
    RowGroup group = new RowGroup();
    boolean isLast = false;
    while (!isLast && group.bytes() < groupBytes) {
      Optional<AnswerRow> row = left.next();
      row.ifPresent(group::add);
      isLast = row.isEmpty();
    }
    List<GroupSizes> groups = new ArrayList<>(state.groups());
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    if (state.eTags().isEmpty()) {
      part.writeBytes(Footer.start());
    }
    if (group.rows() > 0) {
      groups.add(group.writeTo(part));
    }
    if (isLast) {
      part.writeBytes(Footer.end(groups));
    }
    byte[] bytes = part.toByteArray();
    List<String> eTags = new ArrayList<>(state.eTags());
    eTags.add(file.part(state.uploadId(), eTags.size() + 1, bytes, bytes.length));
    long all = state.bytes() + bytes.length;
    state =
        new ConversionState(source, state.uploadId(), eTags, all, left.offset(), groups, isLast);
    return !isLast;
  }

  private void saveIfTime() {
    if (System.nanoTime() - savedAt > checkpointInterval.toNanos()) {
      save();
    }
  }

  private void save() {
    requireHeld.run();
    stateObject.put(state.encode());
    savedAt = System.nanoTime();
  }
}
