package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.claim.Job;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.output.Leftovers;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.output.PrivateKeys;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.util.List;
import java.util.Set;

/// Removes everything of a batch but its output. It may be repeated.
final class Cleaning {
  private final Attempt attempt;
  private final Lease lease;

  Cleaning(Attempt attempt, Lease lease) {
    this.attempt = attempt;
    this.lease = lease;
  }

  void run() {
    // a conditional write, because a clock alone could let a former owner clean up
    lease.checkpoint(lease.progress());
    ObjectVersion version = lease.version();
    ShardObjects objects = new ShardObjects(attempt.out(), version);
    OutputKeys keys = OutputKeys.of(version);
    PrivateKeys privates = new PrivateKeys(version.batchId());
    if (objects.hasPlan()) {
      List<String> ids =
          objects.plan().stream().map(shard -> shard.job(version)).map(Job::id).toList();
      attempt.jobs().forget(ids, attempt.retries());
    }
    Leftovers leftovers = new Leftovers(attempt.out());
    leftovers.abortUploads(List.of(keys.out(), keys.inParquet().out(), keys.errors()), Set.of());
    leftovers.abortUploads(privates.shards());
    leftovers.deleteAll(privates.shards());
    leftovers.deleteAll(privates.tails());
    leftovers.deleteAll(privates.continuations());
  }
}
