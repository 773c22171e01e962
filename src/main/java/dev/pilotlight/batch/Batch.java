package dev.pilotlight.batch;

import dev.pilotlight.batch.Batches.Ending;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.output.InvocationProgress;
import dev.pilotlight.batch.output.Leftovers;
import dev.pilotlight.batch.output.Output;
import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.output.PrivateKeys;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import java.util.List;
import java.util.Optional;

/// Works on a claimed batch from its last checkpoint: answers its lines, publishes the answers, and
/// cleans up. Every step may be repeated.
final class Batch {
  private final Lease lease;
  private final ObjectVersion version;
  private final BatchServices services;
  private final BatchSettings settings;
  private final Retries retries;
  private final Meter meter;
  private final Deadline deadline;
  private final BucketClient out;
  private final PrivateKeys privates;
  private final InvocationProgress invocation;
  private final BatchUsage usage;
  private final BatchTurns turns;
  private final CancellationCheck cancellation;
  private final ApiPart api;
  private final BatchOutput output;

  /// Names of metadata without effect, once the object has been opened.
  private Optional<List<String>> ignored = Optional.empty();

  /// @param retries with the invocation's end
  /// @param meter of the invocation
  /// @param note for other batches that are dropped when this one ends
  Batch(Lease lease, BatchServices services, Retries retries, Meter meter, FailureNote note) {
    this.lease = lease;
    this.version = lease.version();
    this.services = services;
    this.settings = services.settings();
    this.retries = retries;
    this.meter = meter;
    this.deadline = settings.answeringEnds(retries.end());
    this.out = new BucketClient(services.s3().get(), settings.outputBucket(), retries);
    this.privates = new PrivateKeys(version.batchId());
    this.invocation = new InvocationProgress(lease);
    this.turns = new BatchTurns(services, retries, note);
    this.cancellation = new CancellationCheck(services, version, retries);
    this.api = new ApiPart(services, version, retries);
    this.usage = new BatchUsage(lease, services, api);
    this.output = new BatchOutput(lease, services, retries, meter, usage, api);
  }

  /// Works until the batch is done or handed over, or has to wait for others.
  Ending run() {
    return Restarts.run(this::attempt, this::restart, "the batch");
  }

  private void restart(BatchException.Restart reason) {
    services.log().warn("the batch restarts", reason, "batch", version);
    lease.restart();
  }

  /// Removes everything but the output.
  void clear() {
    // a conditional write, because a clock alone could let a former owner clean up
    lease.checkpoint(lease.progress());
    output.abortUploads();
    Leftovers leftovers = new Leftovers(out);
    leftovers.deleteAll(privates.tails());
    leftovers.deleteAll(privates.continuations());
    BatchPacks.clearUnpublished(lease, usage, services, retries);
    if (settings.fanOut().bytes() > 0) { // an older version may have been in shards
      leftovers.abortUploads(privates.shards());
      leftovers.deleteAll(privates.shards());
    }
  }

  /// Lets another batch of the tenant run instead. Never throws.
  void endTurn() {
    turns.end(version.batchId());
  }

  /// Forgets the turn: it belongs to the invocation that now owns the batch.
  void leaveTurn() {
    turns.forgetTurn();
  }

  private Ending attempt() {
    if (api.mustStop(cancellation)) {
      turns.giveUp(usage, version.batchId());
    } else {
      requireInvocationsLeft();
      if (!turns.take(usage, version)) {
        lease.handOver(lease.progress());
        return Ending.WAITS;
      }
    }
    usage.takeBackBeforeRestart();
    output.abortOtherUploads();
    if (lease.isAtStart() && api.work().filter(work -> !opened().begin(work)).isPresent()) {
      finishUnanswered();
      return Ending.DONE;
    }
    if (lease.progress().phase() == Phase.LINES && !answerLines()) {
      return handOver();
    }
    return deadline.passed() || !output.convert(deadline) ? handOver() : publish();
  }

  /// @return whether no line is left; else all answers are in a checkpoint
  private boolean answerLines() {
    BatchRun run = opened();
    ignored = Optional.of(run.ignoredMetadata());
    Output answers = output.open(run.isParquet());
    boolean begins = true;
    try {
      api.requireMayContinue(cancellation, usage::requireToBegin);
      begins = false;
      boolean all =
          run.answerLines(
              answers,
              usage.tenant(),
              () -> api.requireMayContinue(cancellation, usage::requireQuota));
      if (all) {
        answers.seal();
      } else {
        answers.save();
      }
      return all;
    } catch (BatchException.LeaseLost | BatchException.Restart e) {
      answers.abandonAfter(e);
      throw e;
    } catch (BatchException.Stopped e) {
      String why = String.valueOf(e.getMessage());
      services.log().info("the batch stops early", "batch", version, "because", why);
      return api.stop(run, answers, usage.tenant(), e.reason());
    } catch (BatchException.QuotaUsedUp e) {
      if (!begins) {
        var _ = answers.save();
      }
      throw e;
    } catch (Refusal refusal) {
      invocation.saveOrRethrow(refusal, deadline, answers);
      return false;
    }
  }

  private BatchRun opened() {
    return new BatchRun(lease, services, retries, meter, deadline, usage.times(), Optional::empty);
  }

  /// Marks this version as failed for good. Callers of OpenAI's API see the reason `shown`.
  void fail(String reason, String shown) {
    api.fail(shown);
    usage.end(bill -> lease.fail(reason, bill));
  }

  /// Shows the caller of OpenAI's API that an attempt has failed. Never throws.
  void attemptFailed(Throwable failure) {
    api.attemptFailed(failure);
  }

  /// Ends the batch of an object that was deleted.
  void finishUnanswered() {
    api.fail("the copy of the input file was deleted");
    clear();
    usage.end(bill -> lease.finish(lease.progress(), bill));
  }

  /// Names of the object's metadata that have no effect; empty if the object is gone by now.
  private List<String> ignoredMetadata() {
    try {
      return ignored.orElseGet(() -> opened().ignoredMetadata());
    } catch (BatchException.Gone e) {
      return List.of();
    }
  }

  private void requireInvocationsLeft() {
    if (lease.invocation() > settings.invocationsMax()) {
      turns.giveUp(usage, version.batchId());
      throw new BatchException.Misconfigured(
          ("%s is not done after the %d invocations that PILOTLIGHT_BATCH_INVOCATIONS_MAX allows;"
                  + " allow more and send its event again, or split it")
              .formatted(version, settings.invocationsMax()),
          null);
    }
  }

  private Ending handOver() {
    invocation.requireProgress();
    // this attempt succeeded, so the note of an earlier failure is obsolete
    new OutputObject(out, api.keys().failed(), OutputObject.JSON, version.identity())
        .deleteIfThere();
    lease.handOver(lease.progress());
    turns.handOver(version.batchId());
    new Leftovers(out).putContinuation(privates.continuation(lease.invocation() + 1));
    return Ending.HANDED_OVER;
  }

  private Ending publish() {
    output.publish(ignoredMetadata());
    clear();
    lease.finish(lease.progress());
    return Ending.DONE;
  }
}
