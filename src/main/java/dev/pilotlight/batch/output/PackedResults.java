package dev.pilotlight.batch.output;

import dev.pilotlight.batch.lines.OutputLine;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.store.packed.PackBuilder;
import dev.pilotlight.store.packed.PackKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// Keeps the results of a batch's lines in packs, one for each checkpoint, hits included: an id
/// leads to the bits that its line has, whichever environment computed them.
public final class PackedResults implements Packs {
  private static final String TYPE = "application/octet-stream";

  private final BucketClient bucket;
  private final String owner;
  private final String place;
  private final Duration timeToLive;
  private final Meter meter;
  private final PackBuilder next;
  private @Nullable String unsettled;

  /// @param bucket for large results
  /// @param owner of the results
  /// @param place of the batch's packs
  /// @param timeToLive of results whose model has none
  /// @param meter of the invocation, counts requests to S3
  public PackedResults(
      BucketClient bucket, String owner, String place, Duration timeToLive, Meter meter) {
    this.bucket = bucket;
    this.owner = owner;
    this.place = place;
    this.timeToLive = timeToLive;
    this.meter = meter;
    this.next = new PackBuilder(owner, place);
  }

  /// Deletes packs with lines that no checkpoint has: lines that will be answered again.
  ///
  /// @param line the last line of the last checkpoint
  /// @param last the last line that this invocation may answer
  public void discard(long line, long last) {
    String batch = PackKeys.ofBatch(owner, place);
    meter.objects(1, 0);
    new Leftovers(bucket)
        .deleteAll(batch, PackKeys.after(batch, line), PackKeys.after(batch, last));
  }

  @Override
  public void line(OutputLine line) {
    if (line.model().isPresent()) {
      line.answers().forEach(answer -> add(line.number(), line.model().get(), answer));
    }
  }

  private void add(long line, ModelInfo model, Answer answer) {
    if (next.covers(line, answer.key())) {
      return;
    }
    next.add(
        line,
        new StoredResult(
            answer.key(),
            owner,
            model.name(),
            model.version(),
            ResultCodec.encode(answer.result()),
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            model.timeToLive().orElse(timeToLive)));
  }

  @Override
  public boolean isFull() {
    return next.isFull();
  }

  @Override
  public void save() {
    if (next.isEmpty()) {
      return;
    }
    PackBuilder.Ready ready = next.take();
    byte[] bytes = ready.pack().bytes();
    unsettled = ready.key();
    bucket.put(ready.key(), TYPE, bytes, bytes.length, put -> {});
    meter.objects(1, 0);
  }

  @Override
  public void settle() {
    unsettled = null;
  }

  @Override
  public void abandon() {
    String key = unsettled;
    if (key != null) {
      bucket.delete(key);
    }
  }
}
