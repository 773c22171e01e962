package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchCost;
import dev.pilotlight.batch.BatchPacks;
import dev.pilotlight.batch.BatchRun;
import dev.pilotlight.batch.BatchTurns;
import dev.pilotlight.batch.BatchUsage;
import dev.pilotlight.batch.CancellationCheck;
import dev.pilotlight.batch.Restarts;
import dev.pilotlight.batch.claim.Job;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.output.InvocationProgress;
import dev.pilotlight.batch.output.Leftovers;
import dev.pilotlight.batch.output.Output;
import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.output.Packs;
import dev.pilotlight.batch.output.PartedObject;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.domain.Refusal;
import java.util.List;
import java.util.Optional;

/// Works on a claimed shard from its last checkpoint: answers its lines, and completes the objects
/// of its answers. Every step may be repeated.
final class ShardWork {
  private final Attempt attempt;
  private final Lease lease;
  private final Shard shard;
  private final ShardObjects objects;
  private final OutputObject out;
  private final OutputObject errors;
  private final BatchUsage usage;
  private final CancellationCheck cancellation;
  private final InvocationProgress invocation;

  ShardWork(Attempt attempt, Lease lease, Shard shard) {
    this.attempt = attempt;
    this.lease = lease;
    this.shard = shard;
    this.objects = new ShardObjects(attempt.out(), lease.version());
    Job job = lease.job();
    this.out = object(objects.keys().out(job));
    this.errors = object(objects.keys().errors(job));
    this.usage = new BatchUsage(lease, attempt.services());
    this.cancellation =
        new CancellationCheck(attempt.services(), lease.version(), attempt.retries());
    this.invocation = new InvocationProgress(lease);
  }

  private OutputObject object(String key) {
    return new OutputObject(attempt.out(), key, OutputObject.LINES, lease.version().identity());
  }

  /// Works until the shard is done, or its work is handed over.
  ///
  /// @return whether it is done
  /// @throws BatchException as [dev.pilotlight.batch.Batches#answer]
  boolean run() {
    Progress from = lease.progress();
    lease.countBy(attempt.meter());
    try (lease) {
      // the batch's lease has expired while shards run, so extend its turn
      new BatchTurns(attempt.services(), attempt.retries(), attempt.note())
          .extend(usage, lease.version().batchId());
      return runWithRestarts();
    } catch (BatchException.LeaseLost e) {
      throw BatchException.Unavailable.busy(
          "another invocation has shard %d of %s".formatted(shard.index(), lease.version()), e);
    } catch (Refusal refusal) {
      // a model or the store is unreachable; the lines may be valid
      throw new BatchException.Unavailable(refusal.message(), refusal);
    } finally {
      BatchCost.count(attempt.meter(), from, lease.progress());
    }
  }

  private boolean runWithRestarts() {
    try {
      return Restarts.run(this::runOnce, this::restart, "the shard");
    } catch (BatchException.Unreadable e) {
      // the batch ends, and its cost counts
      usage.end(bill -> lease.checkpoint(lease.progress(), bill));
      throw e;
    }
  }

  private void restart(BatchException.Restart reason) {
    attempt.services().log().warn("the shard restarts", reason, "batch", lease.version());
    lease.restart();
  }

  private boolean runOnce() {
    requireInvocationsLeft();
    usage.takeBackBeforeRestart();
    abortOtherUploads();
    if (lease.progress().phase() == Phase.LINES && !answerLines()) {
      return handOver();
    }
    complete();
    lease.finish(lease.progress());
    return true;
  }

  private void requireInvocationsLeft() {
    int most = attempt.settings().invocationsMax();
    if (lease.invocation() > most) {
      throw new BatchException.Misconfigured(
          ("shard %d of %s is not done after the %d invocations that"
                  + " PILOTLIGHT_BATCH_INVOCATIONS_MAX allows; allow more, or smaller shards, and"
                  + " start it again")
              .formatted(shard.index(), lease.version(), most),
          null);
    }
  }

  /// Aborts uploads that no checkpoint names: those of killed attempts.
  private void abortOtherUploads() {
    Leftovers leftovers = new Leftovers(attempt.out());
    leftovers.abortUploads(List.of(out.key(), errors.key()), lease.progress().uploadIds());
    if (lease.isAtStart()) {
      leftovers.deleteAll(objects.keys().tails(lease.job()));
    }
  }

  /// @return whether no line is left; else all answers are in a checkpoint
  private boolean answerLines() {
    if (cancellation.isRequested()) {
      // neither its object nor its models are needed any more
      return endEarly(output(lease.progress()));
    }
    BatchRun run =
        new BatchRun(
            lease,
            attempt.services(),
            attempt.retries(),
            attempt.meter(),
            attempt.deadline(),
            usage.times(),
            this::part);
    usage.requireToBegin();
    Output output = output(lease.progress());
    try {
      boolean all = run.answerLines(output, usage.tenant(), this::requireToContinue);
      if (all) {
        requireAllLines(output.counts());
        output.seal();
      } else {
        var _ = output.save();
      }
      return all;
    } catch (BatchException.LeaseLost | BatchException.Restart e) {
      output.abandonAfter(e);
      throw e;
    } catch (BatchException.Stopped e) {
      return endEarly(output);
    } catch (BatchException.QuotaUsedUp e) {
      var _ = output.save();
      throw e;
    } catch (Refusal refusal) {
      invocation.saveOrRethrow(refusal, attempt.deadline(), output);
      return false;
    }
  }

  private Optional<BatchRun.Part> part() {
    return shard.isWhole()
        ? Optional.empty()
        : Optional.of(new BatchRun.Part(shard.end(), objects.repeated(shard)));
  }

  private void requireToContinue() {
    cancellation.requireNone();
    usage.requireQuota();
  }

  /// Keeps what is answered of a batch that was cancelled. The shard counts as done without its
  /// remaining lines. A shard that starts later answers none.
  private boolean endEarly(Output output) {
    attempt
        .services()
        .log()
        .info("the shard ends early", "batch", lease.version(), "because", "cancelled");
    output.seal(Phase.CANCELLED);
    return true;
  }

  /// A shard with other lines than were counted must not be published.
  private void requireAllLines(Progress.Counts counts) {
    if (!shard.isWhole() && counts.lines() != shard.lineAfter()) {
      throw new IllegalStateException(
          "shard %d of %s has lines %d to %d, but line %d was its last one"
              .formatted(
                  shard.index(),
                  lease.version(),
                  shard.line() + 1,
                  shard.lineAfter(),
                  counts.lines()));
    }
  }

  private Output output(Progress from) {
    String tails = objects.keys().tails(lease.job());
    return new Output(
        parted(out, tails + "out-", from.out()),
        parted(errors, tails + "errors-", from.errors()),
        false,
        lease,
        usage.billing(),
        packs(),
        attempt.settings().checkpoint(),
        attempt.meter());
  }

  private Packs packs() {
    long last = shard.isWhole() ? Long.MAX_VALUE : shard.lineAfter();
    return BatchPacks.from(
        lease, last, usage.tenant(), attempt.services(), attempt.retries(), attempt.meter());
  }

  private PartedObject parted(OutputObject object, String tails, Upload from) {
    return new PartedObject(object, tails, attempt.settings().partBytes(), from);
  }

  /// Completes the output objects. Writes no object for an empty output.
  private void complete() {
    lease.requireHeld();
    Progress progress = lease.progress();
    if (progress.errors().bytes() > 0) {
      errors.complete(progress.errors());
    }
    if (progress.out().bytes() > 0) {
      out.complete(progress.out());
    }
    new Leftovers(attempt.out()).deleteAll(objects.keys().tails(lease.job()));
  }

  private boolean handOver() {
    invocation.requireProgress();
    lease.handOver(lease.progress());
    return false;
  }
}
