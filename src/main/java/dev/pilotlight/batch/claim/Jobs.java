package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.JobItem.Hold;
import dev.pilotlight.batch.claim.Watch.Life;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.support.Durations;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Claims batches by their items in the results table. Thread-safe.
///
/// A claim waits for a batch that another environment holds, until that environment renews its
/// lease, ends, or lets the lease expire ([Watch]). It waits at most the length of a lease plus the
/// patience of the [Retries].
///
/// If the queue may have no other message that continues the batch after the other environment
/// ([Trigger]), the claim waits until that one has ended, for half of the invocation's time for
/// answering at most. Neither end of the invocation would be right: a success deletes the message,
/// without which nothing continues the batch if the other environment is killed; a failure counts
/// as a delivery, and after some of them the message is in the dead-letter queue although nothing
/// failed.
public final class Jobs {
  /// 250 to 500 ms between two readings of an item that is held.
  private static final BackoffStrategy POLL =
      BackoffStrategy.exponentialDelayHalfJitter(Duration.ofMillis(500), Duration.ofMillis(500));

  /// Allows for the delay of EventBridge and Step Functions, and a cold start of Plan.
  private static final Duration EXECUTION_BEGINS = Duration.ofSeconds(20);

  /// Looks up the version of an object's key that S3 holds now; empty if it was deleted.
  public interface CurrentVersion {
    Optional<ObjectVersion> of(ObjectVersion version, Retries retries);
  }

  private final JobTable table;
  private final BatchSettings settings;
  private final Lease.Terms terms;
  private final CurrentVersion current;

  /// @param keep how long an item is kept after its last change; for that time a repeated event of
  ///   a finished object is recognised
  /// @param current decides between versions of the same second
  public Jobs(
      Supplier<DynamoDbClient> client,
      String table,
      BatchSettings settings,
      Duration keep,
      CurrentVersion current) {
    this(client, table, settings, keep, current, InstantSource.system());
  }

  public Jobs(
      Supplier<DynamoDbClient> client,
      String table,
      BatchSettings settings,
      Duration keep,
      CurrentVersion current,
      InstantSource clock) {
    this.current = current;
    this.table = new JobTable(client, table);
    this.settings = settings;
    this.terms = new Lease.Terms(settings.lease(), keep, clock);
  }

  /// Claims a version of an object. A newer version replaces an older one and starts from the
  /// beginning, but waits while the older one is being published. [ObjectVersion#isOlderThan]
  /// defines the order.
  ///
  /// @throws BatchException.Unavailable if DynamoDB fails or times out, or another environment
  ///   still holds the batch and may be dead: the event must come again
  public Claim claim(ObjectVersion version, Trigger trigger, Retries retries) {
    return claim(
        version.batchId(),
        (item, life) -> Verdict.on(version, item, life, () -> current.of(version, retries)),
        trigger,
        retries);
  }

  /// Claims the current version of a batch.
  ///
  /// @throws BatchException.Unavailable as [#claim]
  public Claim resume(String batchId, Trigger trigger, Retries retries) {
    return claim(batchId, Verdict::on, trigger, retries);
  }

  /// Claims a version of an object for an execution of the state machine, as [#claim] does for an
  /// event. Waits for an invocation of the same execution that still has it.
  ///
  /// @return [Claim.FannedOut] if another execution has this version
  public Claim plan(ObjectVersion version, String execution, Retries retries) {
    Job job = Job.of(version, execution);
    return claim(
        job.id(),
        (item, life) -> Verdict.onPlan(job, item, life, () -> current.of(version, retries)),
        Trigger.STEP,
        retries);
  }

  /// Waits until an execution of the state machine has claimed a large object. EventBridge starts
  /// the execution separately, possibly later, or never if its rule does not exist yet. In that
  /// case this must fail, or nobody would answer the object.
  ///
  /// @return [Claim.FannedOut] if one has, or had, this version; [Claim.Superseded] if there is a
  ///   newer one; empty if invocations that continue each other have it: claim it for them
  /// @throws BatchException.Unavailable if none has claimed it in time: the event must come again
  public Optional<Claim> awaitExecution(ObjectVersion version, Retries retries) {
    Deadline deadline =
        Deadline.in(EXECUTION_BEGINS).orSooner(settings.answeringEnds(retries.end()));
    while (true) {
      Optional<JobItem> item = find(version.batchId(), retries);
      if (item.isPresent()) {
        Job job = item.get().job();
        if (version.isSameAs(job.version())) {
          return job.execution().isEmpty() ? Optional.empty() : Optional.of(new Claim.FannedOut());
        }
        if (version.isOlderThan(job.version(), () -> current.of(version, retries))) {
          return Optional.of(new Claim.Superseded());
        }
      }
      if (deadline.passed()) {
        throw new BatchException.Unavailable(
            "no execution of the state machine has claimed "
                + version
                + "; if none starts, start one with this event",
            null);
      }
      Retries.sleep(POLL.computeDelay(2));
    }
  }

  /// Claims a batch for a later step of its execution.
  ///
  /// @return [Claim.FannedOut] if it is not that execution's any more
  public Claim step(String batchId, String execution, Retries retries) {
    return claim(
        batchId, (item, life) -> Verdict.onStep(execution, item, life), Trigger.STEP, retries);
  }

  /// Claims a shard. Waits for an invocation that still has it.
  ///
  /// @param again whether to answer it once more if it is done
  public Claim shard(Job job, boolean again, Retries retries) {
    return claim(
        job.id(), (item, life) -> Verdict.onShard(job, again, item, life), Trigger.STEP, retries);
  }

  /// The item of a batch or a shard, unless it has expired.
  public Optional<JobItem> find(String id, Retries retries) {
    return table.read(id, retries).filter(this::isLive);
  }

  /// Deletes the items of shards.
  public void forget(List<String> ids, Retries retries) {
    table.delete(ids, retries);
  }

  /// Checks, for an invocation that has lost its lease, that it may end as done: the batch has
  /// ended, or the queue has another message that continues it.
  ///
  /// @throws BatchException.Unavailable if neither is certain: the queue must keep the message
  public void requireOther(String batchId, Trigger trigger, Retries retries) {
    if (table
        .read(batchId, retries)
        .filter(JobItem::isUnfinished)
        .filter(item -> trigger.isNeededAfter(item.hold().owner(), true))
        .isPresent()) {
      throw new BatchException.Unavailable(
          "another delivery has the batch %s, whose message may not come again".formatted(batchId),
          null);
    }
  }

  private Claim claim(
      String batchId,
      BiFunction<Optional<JobItem>, Life, Verdict> judge,
      Trigger trigger,
      Retries retries) {
    Deadline deadline =
        Deadline.in(retries.patience().plus(terms.length())).orSooner(retries.end());
    // the other half is for the batch's lines, if the other invocation leaves some
    Deadline untilOwnEnds =
        Deadline.in(Durations.half(settings.answeringEnds(retries.end()).remaining()));
    Watch watch = new Watch(terms.clock());
    Optional<JobItem> item = table.read(batchId, retries);
    boolean atOnce = true;
    while (!deadline.passed()) {
      Verdict verdict = judge.apply(item.filter(this::isLive), watch.observe(item));
      if (verdict.isHeld() && trigger.isNeededAfter(owner(item), trigger.again())) {
        verdict = new Verdict.Wait();
        deadline = untilOwnEnds;
      }
      switch (verdict) {
        case Verdict.Answer(Claim claim) -> {
          return claim;
        }
        case Verdict.Wait() -> {
          Duration pause = POLL.computeDelay(2);
          Duration left = deadline.remaining();
          Retries.sleep(pause.compareTo(left) < 0 ? pause : left);
          item = table.read(batchId, retries);
        }
        case Verdict.Take(JobItem next, boolean afterDeath) -> {
          JobItem mine = terms.signed(next, trigger.newOwner(owner(item), atOnce), 1);
          long sinceNanos = System.nanoTime();
          item = table.replace(item, mine, retries);
          if (item.filter(i -> i.hold().isSameWrite(mine.hold())).isPresent()) {
            Lease lease = Lease.begin(table, terms, retries, mine, sinceNanos);
            return new Claim.Granted(lease, afterDeath);
          }
          // another environment was faster, so decide again
        }
      }
      atOnce = false;
    }
    throw BatchException.Unavailable.busy(
        "batch " + batchId + " is still held by another environment", null);
  }

  private static String owner(Optional<JobItem> item) {
    return item.map(JobItem::hold).orElse(Hold.NOBODY).owner();
  }

  private boolean isLive(JobItem item) {
    return !item.isExpired(terms.clock().instant());
  }
}
