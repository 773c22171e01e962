package dev.pilotlight.batch.output;

import dev.pilotlight.batch.claim.Bill;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.lines.LineTask;
import dev.pilotlight.batch.lines.OutputLine;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes answers to S3 in the lines' order, with checkpoints. For one thread at a time.
public final class Output {
  private static final long CHECKPOINTS_PER_INVOCATION = 1_000_000;

  private final PartedObject out;
  private final PartedObject errors;
  private final boolean separateErrors;
  private final Lease lease;
  private final Billing billing;
  private final Packs packs;
  private final Duration checkpointInterval;
  private final Meter meter;
  private final Map<String, String> models;
  private final Progress.Form form;
  private Counts counts;
  private long offset;
  private long checkpoint;
  private long savedAt = System.nanoTime();

  /// @param separateErrors whether answers that are errors are in `errors` alone
  /// @param billing makes the bill that is written with each checkpoint
  /// @param packs keeps results outside the table
  /// @param checkpointInterval the longest time between two checkpoints
  /// @param meter of the invocation, counts every line
  public Output(
      PartedObject out,
      PartedObject errors,
      boolean separateErrors,
      Lease lease,
      Billing billing,
      Packs packs,
      Duration checkpointInterval,
      Meter meter) {
    this.out = out;
    this.errors = errors;
    this.separateErrors = separateErrors;
    this.lease = lease;
    this.billing = billing;
    this.packs = packs;
    this.checkpointInterval = checkpointInterval;
    this.meter = meter;
    Progress from = lease.progress();
    this.counts = from.counts();
    this.offset = from.offset();
    this.form = from.form();
    this.models = new TreeMap<>(from.models());
    this.checkpoint = lease.invocation() * CHECKPOINTS_PER_INVOCATION;
  }

  /// Renders and appends lines whose items have outcomes.
  ///
  /// @param log gets internal errors
  /// @throws BatchException.LeaseLost if another invocation has the batch now
  public void write(List<LineTask> tasks, Log log) {
    for (LineTask task : tasks) {
      OutputLine line = task.render(log);
      if (!separateErrors || !line.failed()) {
        out.append(line.json());
      }
      if (line.failed()) {
        errors.append(line.json());
      }
      line.model().ifPresent(this::requireSameModel);
      counts = line.addTo(counts);
      billing.line(line);
      packs.line(line);
      offset = task.end();
      meter.line(line.failed());
      if (out.hasPart() || errors.hasPart() || billing.isFull() || packs.isFull()) {
        save();
      }
    }
    if (System.nanoTime() - savedAt > checkpointInterval.toNanos()) {
      save();
    }
  }

  /// @throws BatchException.Restart if the model has changed since earlier lines
  private void requireSameModel(ModelInfo model) {
    String name = model.name() + "/" + model.version();
    String now = model.fingerprint();
    String before = models.put(name, now);
    if (before != null && !Fingerprint.of(before).matches(Fingerprint.of(now))) {
      throw new BatchException.Restart("model %s has changed since".formatted(name));
    }
  }

  /// The counts so far.
  public Counts counts() {
    return counts.withMillis(lease.spent().millis());
  }

  /// Bytes of the (decompressed) object up to the end of the last line that was written.
  public long offset() {
    return offset;
  }

  /// Saves all written answers in a checkpoint.
  public Progress save() {
    lease.requireHeld();
    checkpoint++;
    Progress progress = progress(Phase.LINES, out.save(checkpoint), errors.save(checkpoint));
    checkpoint(progress);
    out.discardOld();
    errors.discardOld();
    savedAt = System.nanoTime();
    return progress;
  }

  /// Sends the rest, and writes the checkpoint before publishing.
  public void seal() {
    seal(Phase.PUBLISHING);
  }

  /// As [#seal()], with the phase that the batch has then: also of one that ends before its last
  /// line.
  public void seal(Phase phase) {
    lease.requireHeld();
    checkpoint(progress(phase, out.seal(), errors.seal()));
  }

  private void checkpoint(Progress progress) {
    packs.save();
    Bill bill = billing.next(progress);
    lease.checkpoint(progress, bill);
    billing.settle(bill);
    packs.settle();
  }

  /// Deletes everything that no checkpoint names, because the lease is lost or the batch restarts.
  public void abandon() {
    out.abandon();
    errors.abandon();
    packs.abandon();
  }

  /// As [#abandon]. A failure is added to the exception that ended the batch.
  public void abandonAfter(BatchException ending) {
    try {
      abandon();
    } catch (BatchException e) {
      ending.addSuppressed(e);
    }
  }

  private Progress progress(Phase phase, Progress.Upload outNow, Progress.Upload errorsNow) {
    return new Progress(phase, offset, counts(), outNow, errorsNow, models, form);
  }
}
