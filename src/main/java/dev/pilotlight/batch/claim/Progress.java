package dev.pilotlight.batch.claim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A checkpoint: everything that the next invocation of a batch needs to continue.
///
/// @param offset bytes of the (decompressed) object up to the end of the last answered line
/// @param out the answers
/// @param errors the answers that are errors, once more
/// @param models fingerprints of the models that were used, by `name/version`; earlier releases
///   wrote their digests
/// @param form of the answers
public record Progress(
    Phase phase,
    long offset,
    Counts counts,
    Upload out,
    Upload errors,
    Map<String, String> models,
    Form form) {

  /// The next step.
  public enum Phase {
    /// Answer lines.
    LINES,
    /// Answer shards, which have their own progress, and join their output.
    PLANNED,
    /// Publish: all parts are in S3, but not completed yet.
    PUBLISHING,
    /// As [#PUBLISHING], of a batch that was cancelled: not all lines are answered.
    CANCELLED,
    /// As [#PUBLISHING], of a batch whose time ended before all lines were answered.
    EXPIRED;

    /// Whether no line will be answered any more.
    public boolean isPublishing() {
      return switch (this) {
        case LINES, PLANNED -> false;
        case PUBLISHING, CANCELLED, EXPIRED -> true;
      };
    }
  }

  /// The form of the object of the answers.
  public enum Form {
    /// JSON lines, which are the output.
    LINES,
    /// JSON lines, of which a Parquet file will be made: a private object.
    LINES_FOR_PARQUET,
    /// The Parquet file, which is the output.
    PARQUET
  }

  /// An object of the output; some of its parts may be in S3.
  ///
  /// @param uploadId of the multipart upload, once there is one
  /// @param eTags of its parts, in order, without quotes
  /// @param tail the key of an object with the last bytes, which are too few for a part
  /// @param bytes of all parts and the tail
  public record Upload(
      Optional<String> uploadId, List<String> eTags, Optional<String> tail, long bytes) {
    public static final Upload NONE = new Upload(Optional.empty(), List.of(), Optional.empty(), 0);

    public Upload {
      eTags = List.copyOf(eTags);
    }
  }

  /// Counts of lines and items. The first four derive from the object alone.
  ///
  /// @param lines answered so far, which is also the number of the last one
  /// @param failed lines whose answer is an error
  /// @param items of the other lines; a line may hold several texts
  /// @param tokens of all items
  /// @param hits items with a known result
  /// @param runs items that were run; an item that is answered again after a crash is a hit
  /// @param runBytes of the results that were run
  /// @param millis of all invocations together
  public record Counts(
      long lines,
      long failed,
      long items,
      long tokens,
      long hits,
      long runs,
      long runBytes,
      long millis) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

    public Counts withMillis(long newMillis) {
      return new Counts(lines, failed, items, tokens, hits, runs, runBytes, newMillis);
    }

    public Counts plus(Counts more) {
      return new Counts(
          lines + more.lines,
          failed + more.failed,
          items + more.items,
          tokens + more.tokens,
          hits + more.hits,
          runs + more.runs,
          runBytes + more.runBytes,
          millis + more.millis);
    }

    public long succeeded() {
      return lines - failed;
    }
  }

  public static final Progress NONE =
      new Progress(Phase.LINES, 0, Counts.NONE, Upload.NONE, Upload.NONE, Map.of());

  public Progress {
    models = Map.copyOf(models);
  }

  /// A checkpoint of answers in JSON lines.
  public Progress(
      Phase phase,
      long offset,
      Counts counts,
      Upload out,
      Upload errors,
      Map<String, String> models) {
    this(phase, offset, counts, out, errors, models, Form.LINES);
  }

  public Progress with(Form newForm) {
    return new Progress(phase, offset, counts, out, errors, models, newForm);
  }

  /// This checkpoint with the finished Parquet file as its answers.
  ///
  /// @param file sealed
  public Progress converted(Upload file) {
    return new Progress(phase, offset, counts, file, errors, models, Form.PARQUET);
  }

  /// The ids of the multipart uploads in progress.
  public Set<String> uploadIds() {
    return Stream.of(out, errors)
        .flatMap(upload -> upload.uploadId().stream())
        .collect(Collectors.toSet());
  }

  /// The checkpoint in the attribute `progress` of a batch's item.
  ///
  /// @throws IllegalArgumentException if the bytes are not one of this release
  public static Progress of(byte[] checkpoint) {
    return ProgressCodec.decode(checkpoint);
  }
}
