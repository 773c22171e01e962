package dev.pilotlight.batch;

import dev.pilotlight.batch.S3Notification.Notice;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import java.time.Duration;
import java.util.Locale;
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
    this.jobs = new Jobs(dynamo, table, tools.settings(), keep);
    this.tools = tools;
    this.settings = tools.settings();
  }

  /// Works on what a notice is about.
  ///
  /// @param end of the invocation's time
  /// @param meter told what answering takes, also where it fails
  /// @throws BatchException if it is to be tried again, or can never be answered
  public Ending answer(Notice notice, Deadline end, Meter meter) {
    Retries retries = new Retries(settings.patience(), end);
    return switch (notice) {
      case Notice.Other(String what) -> ignored(what);
      case Notice.Created(ObjectVersion version) when PrivateKeys.isPrivate(version.key()) ->
          PrivateKeys.ofContinuation(version.key())
              .map(privates -> goOn(version, privates, retries, meter))
              .orElseGet(() -> ignored(version.toString()));
      case Notice.Created(ObjectVersion version) -> begin(version, retries, meter);
    };
  }

  private Ending begin(ObjectVersion named, Retries retries, Meter meter) {
    requireOutput(named);
    ObjectVersion version = named;
    if (named.identity().isEmpty()) {
      // an event made by hand: what is there now is meant
      try {
        version = InputObject.open(tools.s3().get(), named, retries).version();
      } catch (BatchException.Gone e) {
        tools.log().warn("the object is gone", e, "batch", named);
        return Ending.GONE;
      }
    }
    return ended(jobs.claim(version, retries), version.toString(), retries, meter);
  }

  private Ending goOn(
      ObjectVersion continuation, PrivateKeys privates, Retries retries, Meter meter) {
    Claim claim = jobs.resume(privates.batchId(), retries);
    Ending ending = ended(claim, continuation.toString(), retries, meter);
    // who holds the batch clears up himself, and who is done has
    if (ending != Ending.HELD && ending != Ending.DONE) {
      new Bucket(tools.s3().get(), continuation.bucket(), retries).delete(continuation.key());
    }
    return ending;
  }

  private Ending ended(Claim claim, String about, Retries retries, Meter meter) {
    return switch (claim) {
      case Claim.Granted(Lease lease) -> work(lease, retries, meter);
      case Claim.Finished() -> said(Ending.DONE_BEFORE, about);
      case Claim.Superseded() -> said(Ending.SUPERSEDED, about);
      case Claim.Held() -> said(Ending.HELD, about);
      case Claim.Unknown() -> ignored(about);
      case Claim.Failed(String reason) -> throw new BatchException.Unreadable(reason, null);
    };
  }

  private Ending work(Lease lease, Retries retries, Meter meter) {
    Progress from = lease.progress();
    try (lease) {
      Batch batch = new Batch(lease, tools, retries, meter);
      try {
        return batch.run();
      } catch (BatchException.Gone e) {
        tools.log().warn("the object is gone", e, "batch", lease.version());
        batch.clear();
        lease.finish(lease.progress());
        return Ending.GONE;
      } catch (BatchException.Unreadable e) {
        throw failed(lease, batch, e);
      }
    } catch (BatchException.LeaseLost e) {
      tools.log().warn("another invocation has the batch now", e, "batch", lease.version());
      return Ending.HELD;
    } catch (Refusal refusal) {
      // a model or the store is away, which is no line's fault
      throw new BatchException.Unavailable(refusal.message(), refusal);
    } finally {
      BatchCost.note(meter, from, lease.progress());
    }
  }

  /// That clearing up may fail, too, is no reason to forget what it was.
  private BatchException failed(Lease lease, Batch batch, BatchException.Unreadable e) {
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
    lease.fail(reason);
    return named;
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
