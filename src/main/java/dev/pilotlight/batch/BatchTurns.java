package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Turns;
import dev.pilotlight.batch.output.Leftovers;
import dev.pilotlight.batch.output.PrivateKeys;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.limits.BatchAccount;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The part of one invocation in the order of a tenant's batches. A batch that waited is started by
/// an object in the bucket of the output, as the next invocation of a batch is.
public final class BatchTurns {
  private final BatchServices services;
  private final Retries retries;
  private final FailureNote note;
  private Turns.@Nullable Tenant tenant;

  /// @param note for batches that are dropped
  public BatchTurns(BatchServices services, Retries retries, FailureNote note) {
    this.services = services;
    this.retries = retries;
    this.note = note;
  }

  /// Whether the batch may run now; else it waits, and an object starts it.
  boolean take(BatchUsage usage, ObjectVersion version) {
    return take(usage, version, Turns::take);
  }

  /// Whether the batch may run now; else its caller asks again.
  public boolean poll(BatchUsage usage, ObjectVersion version) {
    return take(usage, version, Turns::poll);
  }

  private interface TurnRequest {
    boolean take(Turns turns, Turns.Tenant tenant, ObjectVersion version);
  }

  private boolean take(BatchUsage usage, ObjectVersion version, TurnRequest call) {
    Turns turns = services.turns();
    if (turns == null || tenant != null) {
      return true;
    }
    BatchAccount account = usage.tenant().account();
    if (account == null || account.batchesAtOnce().isEmpty()) {
      return true;
    }
    Turns.Tenant tenantTurns = tenant(account);
    if (!call.take(turns, tenantTurns, version)) {
      services.log().info("the batch waits for others of its tenant", "batch", version.batchId());
      return false;
    }
    tenant = tenantTurns;
    return true;
  }

  /// Extends the turn that the batch's Plan took, so that it does not expire while shards run. A
  /// failure is logged, as in [#handOver].
  public void extend(BatchUsage usage, String batchId) {
    if (services.turns() == null) {
      return;
    }
    BatchAccount account = usage.tenant().account();
    if (account != null && account.batchesAtOnce().isPresent()) {
      tenant = tenant(account);
      handOver(batchId);
    }
  }

  /// Removes a batch from the queue of its tenant without starting it. Then [#end] lets the next
  /// one start.
  public void giveUp(BatchUsage usage, String batchId) {
    Turns turns = services.turns();
    if (turns == null || tenant != null) {
      return;
    }
    BatchAccount account = usage.tenant().account();
    if (account != null) {
      Turns.Tenant tenantTurns = tenant(account);
      turns.giveUp(tenantTurns, batchId);
      tenant = tenantTurns;
    }
  }

  /// Keeps the turn of a batch that took one for its next invocation. A failure is logged: the
  /// batch may have to wait then.
  public void handOver(String batchId) {
    Turns turns = services.turns();
    Turns.Tenant tenantTurns = tenant;
    if (turns == null || tenantTurns == null) {
      return;
    }
    try {
      turns.handOver(tenantTurns, batchId);
    } catch (RuntimeException e) {
      services.log().warn("the batch may lose its turn to others", e, "batch", batchId);
    }
  }

  /// Ends the turn of a batch that took one, so that another one starts. A failure is logged: the
  /// schedule makes up for it.
  public void end(String batchId) {
    Turns turns = services.turns();
    Turns.Tenant tenantTurns = tenant;
    if (turns == null || tenantTurns == null) {
      return;
    }
    try {
      turns.end(tenantTurns, batchId);
    } catch (RuntimeException e) {
      services.log().warn("batches that wait were not woken; the schedule wakes them", e);
    }
  }

  /// Leaves the turn to another invocation of the same batch.
  public void forgetTurn() {
    tenant = null;
  }

  /// Wakes batches of all tenants as far as their plans allow.
  void wakeAll() {
    Turns turns = services.turns();
    if (turns == null) {
      return;
    }
    for (String name : turns.tenants(retries)) {
      try {
        BatchAccount account = services.tenants().of(name + "/", null).account();
        if (account != null) {
          Turns.Tenant tenantTurns = tenant(account);
          turns.listIfWaiting(tenantTurns);
          turns.wake(tenantTurns);
        }
      } catch (Refusal refusal) {
        services.log().warn("batches of a tenant that wait are not woken", refusal, "tenant", name);
      }
    }
  }

  private Turns.Tenant tenant(BatchAccount account) {
    int limit = account.batchesAtOnce().orElse(Turns.SLOTS_MAX);
    String name = account.tenant();
    Turns.Calls calls =
        new Turns.Calls(this::wake, (batchId, version) -> logForgotten(name, batchId, version));
    return new Turns.Tenant(name, limit, calls, retries);
  }

  private void logForgotten(String name, String batchId, Optional<ObjectVersion> version) {
    version.ifPresent(note::leaveForgotten);
    services
        .log()
        .error(
            "a batch waited for others of its tenant until the table forgot it; put its object"
                + " again",
            null,
            "batch",
            batchId,
            "tenant",
            name,
            "object",
            version.map(ObjectVersion::toString).orElse(""));
  }

  private void wake(String batchId) {
    BucketClient out =
        new BucketClient(services.s3().get(), services.settings().outputBucket(), retries);
    new Leftovers(out).putContinuation(new PrivateKeys(batchId).wake());
  }
}
