package dev.pilotlight.batch;

import dev.pilotlight.batch.S3Notification.Notice;
import dev.pilotlight.batch.claim.Claim;
import dev.pilotlight.batch.claim.Jobs;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.output.PrivateKeys;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.Bucket;
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
/// What ends an invocation is thrown, so that Lambda tries again: the next attempt goes on from the
/// last checkpoint. An object that cannot be read is remembered as such and fails every attempt, so
/// that its event ends in the queue of failures with the reason.
public final class Batches {
  /// What became of a notice.
  public enum Ending {
    /// All lines are answered, and the summary is there.
    DONE,
    /// The time was up; another invocation goes on from here.
    HANDED_OVER,
    /// This version was answered before.
    DONE_BEFORE,
    /// A newer version of the object has come since.
    SUPERSEDED,
    /// Another environment works on it.
    HELD,
    /// The object, or this version of it, is no longer there.
    GONE,
    /// There is nothing to answer.
    IGNORED;

    /// In lower case with hyphens.
    public String written() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Jobs jobs;
  private final Tools tools;
  private final BatchSettings settings;

  /// @param dynamo asked for with the first call, since it takes its time to be made
  /// @param table of the results, which also has an item for each batch
  /// @param keep how long a batch that is done is remembered
  public Batches(Supplier<DynamoDbClient> dynamo, String table, Duration keep, Tools tools) {
    this.jobs = new Jobs(dynamo, table, tools.settings(), keep, this::current);
    this.tools = tools;
    this.settings = tools.settings();
  }

  /// An invocation of the function.
  ///
  /// @param id as Lambda names it
  /// @param end of its time
  /// @param meter counts what answering takes, also where it fails
  public record Invocation(String id, Deadline end, Meter meter) {}

  /// Works on the object of a notice.
  ///
  /// @throws BatchException if it is to be tried again, or can never be answered
  public Ending answer(Notice notice, Invocation invocation) {
    Retries retries = new Retries(settings.patience(), invocation.end());
    return switch (notice) {
      case Notice.Other(String what) -> ignored(what);
      case Notice.Malformed(String reason) -> throw new BatchException.Malformed(reason);
      case Notice.Created(ObjectVersion version) when PrivateKeys.isPrivate(version.key()) ->
          PrivateKeys.ofContinuation(version.key())
              .filter(_ -> version.bucket().equals(settings.outputBucket()))
              .map(privates -> goOn(version, privates, retries, invocation))
              .orElseGet(() -> ignored(version.toString()));
      case Notice.Created(ObjectVersion version) when version.isFolder() ->
          ignored(version.toString());
      case Notice.Created(ObjectVersion version) -> begin(version, retries, invocation);
    };
  }

  private Ending begin(ObjectVersion named, Retries retries, Invocation invocation) {
    requireOutput(named);
    FailureNote note = new FailureNote(tools, retries, invocation.id());
    ObjectVersion version = named;
    Claim claim;
    try {
      // its time of modification decides which version is newer; what the event does not name is
      // taken from what is there now
      version = InputObject.open(tools.s3().get(), named, retries).version();
      claim = jobs.claim(version, retries);
    } catch (BatchException.Gone e) {
      tools.log().warn("the object is gone", e, "batch", named);
      return Ending.GONE;
    } catch (RuntimeException e) {
      if (!isBusy(e)) {
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
    return ended(claim, version.toString(), retries, invocation);
  }

  /// Another invocation has the batch and may well finish it.
  private static boolean isBusy(RuntimeException e) {
    return e instanceof BatchException.Unavailable && e.getCause() == null;
  }

  private Ending goOn(
      ObjectVersion continuation, PrivateKeys privates, Retries retries, Invocation invocation) {
    Claim claim = jobs.resume(privates.batchId(), retries);
    Ending ending = ended(claim, continuation.toString(), retries, invocation);
    // the owner deletes the continuation; a finished batch already has
    if (ending != Ending.HELD && ending != Ending.DONE) {
      new Bucket(tools.s3().get(), continuation.bucket(), retries).delete(continuation.key());
    }
    return ending;
  }

  private Ending ended(Claim claim, String about, Retries retries, Invocation invocation) {
    return switch (claim) {
      case Claim.Granted(Lease lease, boolean afterDeath) ->
          work(lease, afterDeath, retries, invocation);
      case Claim.Finished() -> said(Ending.DONE_BEFORE, about);
      case Claim.Superseded() -> said(Ending.SUPERSEDED, about);
      case Claim.Held() -> said(Ending.HELD, about);
      case Claim.Unknown() -> ignored(about);
      case Claim.Failed(String reason) -> throw new BatchException.Unreadable(reason, null);
    };
  }

  private Ending work(Lease lease, boolean afterDeath, Retries retries, Invocation invocation) {
    FailureNote note = new FailureNote(tools, retries, invocation.id());
    Progress from = lease.progress();
    lease.countBy(invocation.meter());
    try (lease) {
      if (afterDeath) {
        note.leave(lease, new BatchException.Died());
      }
      return work(lease, new Batch(lease, tools, retries, invocation.meter()), note);
    } catch (BatchException.LeaseLost e) {
      tools.log().warn("another invocation has the batch now", e, "batch", lease.version());
      return Ending.HELD;
    } finally {
      BatchCost.note(invocation.meter(), from, lease.progress());
    }
  }

  private Ending work(Lease lease, Batch batch, FailureNote note) {
    try {
      return batch.run();
    } catch (BatchException.LeaseLost e) {
      throw e;
    } catch (BatchException.Gone e) {
      tools.log().warn("the object is gone", e, "batch", lease.version());
      batch.clear();
      lease.finish(lease.progress());
      return Ending.GONE;
    } catch (BatchException.Unreadable e) {
      throw failed(lease, batch, note, e);
    } catch (Refusal refusal) {
      // a model or the store is away, which is no line's fault
      var failure = new BatchException.Unavailable(refusal.message(), refusal);
      note.leave(lease, failure);
      throw failure;
    } catch (RuntimeException | Error e) {
      note.leave(lease, e);
      throw e;
    }
  }

  /// That clearing up may fail, too, is no reason to forget what it was.
  private BatchException failed(
      Lease lease, Batch batch, FailureNote note, BatchException.Unreadable e) {
    String message = String.valueOf(e.getMessage());
    String object = lease.version().toString();
    String reason = message.contains(object) ? message : object + ": " + message;
    BatchException named = new BatchException.Unreadable(reason, e);
    tools.log().error("the object cannot be answered", named, "batch", object);
    try {
      batch.clear();
    } catch (BatchException clearing) {
      named.addSuppressed(clearing);
    }
    note.leave(lease, named);
    lease.fail(reason);
    return named;
  }

  private Optional<ObjectVersion> current(ObjectVersion version, Retries retries) {
    ObjectVersion any = new ObjectVersion(version.bucket(), version.key(), "", "", -1, "");
    try {
      return Optional.of(InputObject.open(tools.s3().get(), any, retries).version());
    } catch (BatchException.Gone e) {
      return Optional.empty();
    }
  }

  private void requireOutput(ObjectVersion version) {
    String bucket = settings.outputBucket();
    if (bucket.isEmpty()) {
      throw new BatchException.Misconfigured(
          "PILOTLIGHT_BATCH_OUTPUT_BUCKET is not set; accepted: an S3 bucket's name", null);
    }
    if (bucket.equals(version.bucket())) {
      throw new BatchException.Misconfigured(
          ("%s is in PILOTLIGHT_BATCH_OUTPUT_BUCKET itself, where answers would be taken for"
                  + " objects to answer; accepted: another bucket")
              .formatted(version),
          null);
    }
    var _ = OutputKeys.of(version);
  }

  private Ending ignored(String about) {
    return said(Ending.IGNORED, about);
  }

  private Ending said(Ending ending, String about) {
    tools.log().info("no batch", "about", about, "because", ending.written());
    return ending;
  }
}
