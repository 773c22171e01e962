package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.Watch.Life;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The batches' items in the results' table: who may work on which object. Thread-safe.
///
/// What is held by another environment is waited for: until that gives a sign of life, ends, or has
/// given none for as long as its lease is good for ([Watch]), and at most for the patience of the
/// [Retries] beyond one length of a lease.
public final class Jobs {
  /// 250 to 500 ms between two looks at an item that is held.
  private static final BackoffStrategy POLL =
      BackoffStrategy.exponentialDelayHalfJitter(Duration.ofMillis(500), Duration.ofMillis(500));

  /// Looks up the version of an object's key that S3 holds now; empty if it was deleted.
  public interface CurrentVersion {
    Optional<ObjectVersion> of(ObjectVersion version, Retries retries);
  }

  private final JobTable table;
  private final Lease.Terms terms;
  private final CurrentVersion current;

  /// @param keep how long an item is kept after its last change: a repeated event of a finished
  ///   object is known for so long
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
    this.terms = new Lease.Terms(settings.lease(), keep, clock);
  }

  /// Asks for a version of an object. A newer one takes the place of an older one, from its start;
  /// but while that is being published this waits. [ObjectVersion#isOlderThan] has the order.
  ///
  /// @throws BatchException.Unavailable if DynamoDB did not do its part in time, or the batch is
  ///   still held and it is not certain that its owner lives: the event must come again
  public Claim claim(ObjectVersion version, Retries retries) {
    return claim(
        version.batchId(),
        (item, life) -> Verdict.on(version, item, life, () -> current.of(version, retries)),
        retries);
  }

  /// Asks for whatever version of a batch is worked on.
  ///
  /// @throws BatchException.Unavailable as for a version
  public Claim resume(String batchId, Retries retries) {
    return claim(batchId, Verdict::on, retries);
  }

  private Claim claim(
      String batchId, BiFunction<Optional<JobItem>, Life, Verdict> judge, Retries retries) {
    Deadline deadline =
        Deadline.in(retries.patience().plus(terms.length())).orSooner(retries.end());
    Watch watch = new Watch(terms.clock());
    Optional<JobItem> item = table.read(batchId, retries);
    while (!deadline.passed()) {
      switch (judge.apply(item.filter(this::isLive), watch.see(item))) {
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
          JobItem mine = terms.signed(next, UUID.randomUUID().toString(), 1);
          long sinceNanos = System.nanoTime();
          item = table.replace(item, mine, retries);
          if (item.filter(i -> i.hold().isSameWrite(mine.hold())).isPresent()) {
            Lease lease = Lease.begin(table, terms, retries, mine, sinceNanos);
            return new Claim.Granted(lease, afterDeath);
          }
          // somebody was faster, and what is to be done now may be something else
        }
      }
    }
    throw new BatchException.Unavailable(
        "batch " + batchId + " is still held by another environment", null);
  }

  private boolean isLive(JobItem item) {
    return !item.isExpired(terms.clock().instant());
  }
}
