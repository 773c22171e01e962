package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.JobItem.State;
import dev.pilotlight.batch.claim.Watch.Life;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.util.Optional;
import java.util.function.Supplier;

/// Decides, by a batch's item, whether to claim the batch.
sealed interface Verdict {

  /// Claim it.
  ///
  /// @param next replaces the item that was read
  /// @param afterDeath whether the last owner died while it worked on this version
  record Take(JobItem next, boolean afterDeath) implements Verdict {}

  /// Wait: its owner may be dead, or is about to end.
  record Wait() implements Verdict {}

  /// Do not claim it.
  record Answer(Claim claim) implements Verdict {}

  /// Whether another environment works on the batch.
  default boolean isHeld() {
    return this instanceof Answer(Claim.Held());
  }

  /// Decides about an event that names a version.
  ///
  /// @param item empty if there is none
  /// @param life of its owner
  /// @param current as in [ObjectVersion#isOlderThan]
  static Verdict on(
      ObjectVersion version,
      Optional<JobItem> item,
      Life life,
      Supplier<Optional<ObjectVersion>> current) {
    if (item.isEmpty()) {
      return new Take(JobItem.first(version), false);
    }
    JobItem there = item.get();
    if (version.isSameAs(there.version())) {
      return onSameVersion(there, life);
    }
    return onOther(Job.of(version, ""), there, life, current);
  }

  private static Verdict onOther(
      Job job, JobItem there, Life life, Supplier<Optional<ObjectVersion>> current) {
    if (job.version().isOlderThan(there.version(), current)) {
      return new Answer(new Claim.Superseded());
    }
    // parts of two versions' output must not be put together at the same time
    boolean isBeingPublished =
        there.state() == State.RUNNING && there.progress().phase().isPublishing();
    return isBeingPublished && life != Life.DEAD ? new Wait() : new Take(JobItem.first(job), false);
  }

  /// Decides whether an execution may plan a version. It takes over from invocations that have
  /// given the batch back, or died.
  ///
  /// @param job of the whole object, with the execution
  static Verdict onPlan(
      Job job, Optional<JobItem> item, Life life, Supplier<Optional<ObjectVersion>> current) {
    if (item.isEmpty()) {
      return new Take(JobItem.first(job), false);
    }
    JobItem there = item.get();
    if (!job.version().isSameAs(there.version())) {
      return onOther(job, there, life, current);
    }
    return there.job().isFannedOut() || there.job().belongsTo(job.execution())
        ? onExecution(job.execution(), there, life)
        : takeFromStart(job, there, life);
  }

  /// Decides about a further step of an execution.
  static Verdict onStep(String execution, Optional<JobItem> item, Life life) {
    return item.map(there -> onExecution(execution, there, life))
        .orElseGet(() -> new Answer(new Claim.Unknown()));
  }

  private static Verdict onExecution(String execution, JobItem there, Life life) {
    return switch (there.state()) {
      case DONE -> new Answer(new Claim.Finished());
      case FAILED -> new Answer(new Claim.Failed(there.reason()));
      case RUNNING, WAITING ->
          there.job().belongsTo(execution) ? onOwn(there, life) : new Answer(new Claim.FannedOut());
    };
  }

  /// Decides about a shard.
  ///
  /// @param again whether to answer a finished shard again
  static Verdict onShard(Job job, boolean again, Optional<JobItem> item, Life life) {
    if (item.isEmpty()) {
      return new Take(JobItem.first(job), false);
    }
    JobItem there = item.get();
    return again && there.isDone() ? new Take(there.restart(job), false) : onOwn(there, life);
  }

  /// Decides about a continuation of the current version. If an execution has the batch, or had it
  /// when it failed, the continuation ends: only an execution or an event may continue the batch.
  static Verdict on(Optional<JobItem> item, Life life) {
    return item.map(
            there ->
                there.isUnfinished() && !there.job().execution().isEmpty()
                    ? new Answer(new Claim.FannedOut())
                    : onSameVersion(there, life))
        .orElseGet(() -> new Answer(new Claim.Unknown()));
  }

  private static Verdict onSameVersion(JobItem there, Life life) {
    if (there.isUnfinished() && there.job().isFannedOut()) {
      return new Answer(new Claim.FannedOut());
    }
    return there.job().execution().isEmpty()
        ? onOwn(there, life)
        : takeFromStart(Job.of(there.version(), ""), there, life);
  }

  /// Takes over from another kind of owner, and starts from the first line.
  private static Verdict takeFromStart(Job job, JobItem there, Life life) {
    return switch (onOwn(there, life)) {
      case Take _ -> new Take(there.restart(job), false);
      case Verdict other -> other;
    };
  }

  private static Verdict onOwn(JobItem there, Life life) {
    return switch (there.state()) {
      case DONE -> new Answer(new Claim.Finished());
      case FAILED -> new Answer(new Claim.Failed(there.reason()));
      case WAITING -> new Take(there.nextInvocation(), false);
      case RUNNING ->
          switch (life) {
            case UNKNOWN -> new Wait();
            case ALIVE -> new Answer(new Claim.Held());
            case DEAD -> new Take(there.nextInvocation(), true);
          };
    };
  }
}
