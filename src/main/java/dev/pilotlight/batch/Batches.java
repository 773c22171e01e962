package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Claim;
import dev.pilotlight.batch.claim.Jobs;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Trigger;
import dev.pilotlight.batch.event.Delivery;
import dev.pilotlight.batch.event.S3Events;
import dev.pilotlight.batch.event.S3Events.Notice;
import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.batch.output.PrivateKeys;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Answers S3's notices: claims the batch that a notice is about, and works on it until it is done
/// or the time is up. Thread-safe; one serves all invocations of an environment.
///
/// A failure is thrown, so that Lambda or the queue tries it again: the next attempt continues from
/// the last checkpoint. The item of an unreadable object keeps the reason and fails every attempt,
/// so that its event ends in a queue of failures.
public final class Batches {
  /// How a notice ended.
  public enum Ending {
    /// All lines are answered, and the summary is there.
    DONE,
    /// The time was up; another invocation continues.
    HANDED_OVER,
    /// This version was answered before.
    DONE_BEFORE,
    /// A newer version of the object exists.
    SUPERSEDED,
    /// Another environment works on it.
    HELD,
    /// It is left to the state machine, which answers large objects.
    FANNED_OUT,
    /// As many batches of its tenant run as its plan allows; it starts when one of them ends.
    WAITS,
    /// Batches that waited were looked for.
    WOKE,
    /// The object, or this version of it, was deleted.
    GONE,
    /// There is nothing to answer.
    IGNORED;

    /// In lower case with hyphens, as in logs, metrics and responses.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Jobs jobs;
  private final BatchServices services;
  private final BatchSettings settings;

  /// @param dynamo makes the client at the first call, because that takes time
  /// @param table of the results, which also has an item for each batch
  /// @param keep how long the table remembers a finished batch
  public Batches(
      Supplier<DynamoDbClient> dynamo, String table, Duration keep, BatchServices services) {
    this.jobs =
        new Jobs(
            dynamo,
            table,
            services.settings(),
            keep,
            (version, retries) -> InputObject.current(services.s3().get(), version, retries));
    this.services = services;
    this.settings = services.settings();
  }

  /// The claims of batches.
  public Jobs jobs() {
    return jobs;
  }

  public BatchServices services() {
    return services;
  }

  /// Whether an event is that of a schedule, and batches of tenants may wait for it. To a function
  /// whose batches never wait, it is a ping.
  public boolean isTheirSchedule(byte[] event) {
    if (services.turns() == null) {
      return false;
    }
    try {
      return S3Events.read(event).contains(new Notice.Scheduled());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// An invocation of the function.
  ///
  /// @param id Lambda's request id
  /// @param end of its time
  /// @param meter counts usage, also of failures
  public record Invocation(String id, Deadline end, Meter meter) {}

  /// Works on the object of a notice.
  ///
  /// @throws BatchException if it must be tried again, or no attempt can answer it
  public Ending answer(Delivery delivery, Invocation invocation) {
    Retries retries = new Retries(settings.patience(), invocation.end());
    Attempt attempt = new Attempt(invocation, delivery.trigger(), retries);
    return switch (delivery.notice()) {
      case Notice.Other(String what) -> ignored(what);
      case Notice.Malformed(String reason) -> throw new BatchException.Malformed(reason);
      case Notice.Scheduled() -> {
        new BatchTurns(services, retries, attempt.note(services)).wakeAll();
        yield Ending.WOKE;
      }
      case Notice.Created(ObjectVersion version) when PrivateKeys.isPrivate(version.key()) ->
          PrivateKeys.ofContinuation(version.key())
              .map(privates -> resume(version, privates, attempt))
              .orElseGet(() -> ignored(version.toString()));
      case Notice.Created(ObjectVersion version) when version.isFolder() ->
          ignored(version.toString());
      case Notice.Created(ObjectVersion version) -> begin(version, attempt);
    };
  }

  /// An invocation's work on one notice.
  private record Attempt(Invocation invocation, Trigger trigger, Retries retries) {
    FailureNote note(BatchServices services) {
      return new FailureNote(services, retries, invocation.id(), trigger);
    }
  }

  private Ending begin(ObjectVersion named, Attempt attempt) {
    OutputPlace.require(named, settings);
    FailureNote note = attempt.note(services);
    ObjectVersion version = named;
    Claim claim;
    try {
      // its modification time decides which version is newer, and it completes what the event lacks
      InputObject input = InputObject.open(services.s3().get(), named, attempt.retries());
      version = input.version();
      Optional<Claim> ofExecution =
          services.isAnsweredInShards(version)
              ? jobs.awaitExecution(version, attempt.retries())
              : Optional.empty();
      claim =
          ofExecution.isPresent()
              ? ofExecution.get()
              : jobs.claim(version, attempt.trigger(), attempt.retries());
    } catch (BatchException.Gone e) {
      services.log().warn("the object was deleted", e, "batch", named);
      return Ending.GONE;
    } catch (RuntimeException e) {
      if (!BatchException.isBusy(e)) {
        note.leaveUnclaimed(version, e);
      }
      throw e;
    }
    switch (claim) {
      case Claim.Failed(String reason) ->
          note.leave(version, 0, new BatchException.Unreadable(reason, null));
      case Claim.Finished(), Claim.Superseded() -> note.remove(version);
      default -> {}
    }
    return ended(claim, version.toString(), attempt);
  }

  private Ending resume(ObjectVersion continuation, PrivateKeys privates, Attempt attempt) {
    Claim claim = jobs.resume(privates.batchId(), attempt.trigger(), attempt.retries());
    Ending ending = ended(claim, continuation.toString(), attempt);
    if (!continuation.bucket().equals(settings.outputBucket())) {
      // earlier releases put continuations into the input bucket, where this one may not delete
      services
          .log()
          .warn("delete the continuation of an earlier release", null, "key", continuation);
      return ending;
    }
    // the owner deletes the continuation; a finished batch already has
    if (ending != Ending.HELD && ending != Ending.DONE) {
      new BucketClient(services.s3().get(), continuation.bucket(), attempt.retries())
          .delete(continuation.key());
    }
    return ending;
  }

  private Ending ended(Claim claim, String about, Attempt attempt) {
    return switch (claim) {
      case Claim.Granted(Lease lease, boolean afterDeath) -> work(lease, afterDeath, attempt);
      case Claim.Finished() -> skip(Ending.DONE_BEFORE, about);
      case Claim.Superseded() -> skip(Ending.SUPERSEDED, about);
      case Claim.Held() -> skip(Ending.HELD, about);
      case Claim.FannedOut() -> skip(Ending.FANNED_OUT, about);
      case Claim.Unknown() -> ignored(about);
      case Claim.Failed(String reason) -> throw new BatchException.Unreadable(reason, null);
    };
  }

  private Ending work(Lease lease, boolean afterDeath, Attempt attempt) {
    Meter meter = attempt.invocation().meter();
    Progress from = lease.progress();
    lease.countBy(meter);
    Batch batch = new Batch(lease, services, attempt.retries(), meter, attempt.note(services));
    Ending ending = Ending.DONE;
    try {
      ending = work(lease, batch, afterDeath, attempt);
      return ending;
    } finally {
      BatchCost.count(meter, from, lease.progress());
      if (ending != Ending.HANDED_OVER && ending != Ending.WAITS && ending != Ending.HELD) {
        batch.endTurn();
      }
    }
  }

  private Ending work(Lease lease, Batch batch, boolean afterDeath, Attempt attempt) {
    FailureNote note = attempt.note(services);
    try (lease) {
      if (afterDeath) {
        note.leave(lease, new BatchException.Died());
      }
      return work(lease, batch, note);
    } catch (BatchException.LeaseLost e) {
      services.log().warn("another invocation has the batch now", e, "batch", lease.version());
      batch.leaveTurn();
      jobs.requireOther(lease.version().batchId(), attempt.trigger(), attempt.retries());
      return Ending.HELD;
    }
  }

  private Ending work(Lease lease, Batch batch, FailureNote note) {
    try {
      return batch.run();
    } catch (BatchException.LeaseLost e) {
      throw e;
    } catch (BatchException.Gone e) {
      services.log().warn("the object was deleted", e, "batch", lease.version());
      batch.finishUnanswered();
      return Ending.GONE;
    } catch (BatchException.Unreadable e) {
      throw failed(lease, batch, note, e);
    } catch (Refusal refusal) {
      // a model or the store is unreachable; the lines may be valid
      batch.attemptFailed(refusal);
      var failure = new BatchException.Unavailable(refusal.message(), refusal);
      note.leave(lease, failure);
      throw failure;
    } catch (RuntimeException | Error e) {
      batch.attemptFailed(e);
      note.leave(lease, e);
      throw e;
    }
  }

  /// Marks the object as unreadable, even if cleaning up fails.
  private BatchException failed(
      Lease lease, Batch batch, FailureNote note, BatchException.Unreadable e) {
    String message = String.valueOf(e.getMessage());
    String object = lease.version().toString();
    String reason = message.contains(object) ? message : object + ": " + message;
    BatchException named = new BatchException.Unreadable(reason, e.publicReason(), e);
    services.log().error("the object cannot be answered", named, "batch", object);
    try {
      batch.clear();
    } catch (BatchException clearing) {
      named.addSuppressed(clearing);
    }
    note.leave(lease, named);
    batch.fail(reason, e.publicReason());
    return named;
  }

  private Ending ignored(String about) {
    return skip(Ending.IGNORED, about);
  }

  private Ending skip(Ending ending, String about) {
    services.log().info("no batch", "about", about, "because", ending.wireName());
    return ending;
  }
}
