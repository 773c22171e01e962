package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.Futures;
import dev.pilotlight.support.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Joins objects into one by the parts of a [JoinPlan]. Not thread-safe.
final class Join {
  /// S3 copies parts at the same time.
  private static final int THREADS = 16;

  /// So many parts are between two checkpoints.
  static final int PARTS_PER_STEP = 256;

  private final OutputObject target;
  private final List<String> sources;
  private final List<JoinPlan.Part> parts;
  private final List<String> eTags;
  private final long bytes;
  private Optional<String> uploadId;

  /// @param sources keys of the objects that `sizes` are of
  /// @param from the last checkpoint
  Join(OutputObject target, List<String> sources, List<Long> sizes, Upload from) {
    this.target = target;
    this.sources = List.copyOf(sources);
    this.parts = JoinPlan.of(sizes);
    this.bytes = sizes.stream().mapToLong(Long::longValue).sum();
    this.uploadId = from.uploadId();
    this.eTags = new ArrayList<>(from.eTags());
  }

  /// A source that does not exist any more.
  static final class Missing extends RuntimeException {
    private final transient int source;

    private Missing(int source) {
      super("object %d to join does not exist any more".formatted(source), null, false, false);
      this.source = source;
    }

    /// Its place among the sources.
    int source() {
      return source;
    }
  }

  /// Whether all parts are there.
  boolean isComplete() {
    return eTags.size() == parts.size();
  }

  /// The state to keep in a checkpoint; [Upload#NONE] if there is no byte.
  Upload upload() {
    return parts.isEmpty()
        ? Upload.NONE
        : new Upload(uploadId, eTags, Optional.empty(), isComplete() ? bytes : 0);
  }

  /// Begins the upload, unless that was done.
  void begin() {
    if (!parts.isEmpty() && uploadId.isEmpty()) {
      uploadId = Optional.of(target.begin());
    }
  }

  /// The threads of [#step(ExecutorService)]. To be closed.
  static ExecutorService threads() {
    return Executors.newFixedThreadPool(THREADS, Threads.daemons("pilotlight-join-"));
  }

  /// Sends some of the next parts. After it, their state must be kept.
  ///
  /// @param threads of [#threads()]
  /// @throws Missing if a source does not exist any more
  /// @throws BatchException.Restart if the upload does not exist any more
  void step(ExecutorService threads) {
    int first = eTags.size();
    int count = Math.min(PARTS_PER_STEP, parts.size() - first);
    List<Future<String>> sent = new ArrayList<>(count);
    for (int i = first; i < first + count; i++) {
      int part = i;
      if (parts.get(i).isCopied()) {
        sent.add(threads.submit(() -> send(part)));
      } else {
        // one at a time: it is in memory
        sent.add(CompletableFuture.completedFuture(send(part)));
      }
    }
    for (Future<String> eTag : sent) {
      eTags.add(Futures.get(eTag));
    }
  }

  private String send(int place) {
    JoinPlan.Part part = parts.get(place);
    String id = uploadId.orElseThrow();
    if (part.isCopied()) {
      JoinPlan.Range range = part.ranges().getFirst();
      return target
          .copyPart(id, place + 1, sources.get(range.object()), range.from(), range.to())
          .orElseThrow(() -> new Missing(range.object()));
    }
    byte[] all = new byte[Math.toIntExact(part.bytes())];
    int length = 0;
    for (JoinPlan.Range range : part.ranges()) {
      byte[] some = read(range);
      System.arraycopy(some, 0, all, length, some.length);
      length += some.length;
    }
    return target.part(id, place + 1, all, length);
  }

  private byte[] read(JoinPlan.Range range) {
    byte[] some =
        target
            .bucket()
            .get(sources.get(range.object()), range.from(), range.to())
            .orElseThrow(() -> new Missing(range.object()));
    if (some.length != range.bytes()) {
      throw new Missing(range.object());
    }
    return some;
  }
}
