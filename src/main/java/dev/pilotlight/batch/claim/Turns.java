package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.JobItem.Hold;
import dev.pilotlight.batch.claim.JobItem.State;
import dev.pilotlight.batch.claim.TurnTable.Slot;
import dev.pilotlight.batch.claim.TurnTable.Waiting;
import dev.pilotlight.batch.s3.Retries;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Lets a limited number of each tenant's batches run at once; the others wait in the order in
/// which they came. Thread-safe.
///
/// A tenant has as many slots as its plan allows. The lease of a batch is also the lease of its
/// slot: the slot of a batch that has ended, or whose lease ended a whole length ago, is free. A
/// batch that waits has a row, and keeps it until it has begun. So after a kill at any moment a
/// later [#wake] finds the slots that are free and the batches that wait.
public final class Turns {
  /// The most slots of a tenant, also of one whose plan has no limit any more.
  public static final int SLOTS_MAX = 1_000;

  /// For so long the slot of a batch that was woken is kept for it.
  static final Duration RESERVED = Duration.ofMinutes(10);

  private final TurnTable table;
  private final JobTable jobs;
  private final InstantSource clock;

  /// @param clients the table of clients
  /// @param results the table of the batches' items
  public Turns(Supplier<DynamoDbClient> client, String clients, String results) {
    this(client, clients, results, InstantSource.system());
  }

  Turns(Supplier<DynamoDbClient> client, String clients, String results, InstantSource clock) {
    this.table = new TurnTable(client, clients);
    this.jobs = new JobTable(client, results);
    this.clock = clock;
  }

  /// A tenant whose plan has a limit.
  ///
  /// @param limit of batches at once, from 1 to [#SLOTS_MAX]
  /// @param wakes starts an invocation for the batch of an id
  public record Tenant(String name, int limit, Consumer<String> wakes, Retries retries) {}

  /// Takes a slot for a batch that its caller owns, or has the batch wait for one. Then some wake
  /// will name it.
  ///
  /// @return whether it may run now
  public boolean take(Tenant tenant, String batchId) {
    for (Slot slot : table.slots(tenant.name, tenant.retries)) {
      if (slot.batch().equals(batchId)) {
        if (slot.number() < tenant.limit && begin(tenant, slot)) {
          return true;
        }
        table.free(tenant.name, slot, tenant.retries);
      }
    }
    // it waits before it looks for a slot, so that a batch which ends after that finds it waiting
    table.wait(tenant.name, batchId, clock.millis(), tenant.retries);
    Slot given = give(tenant, batchId);
    return given != null && begin(tenant, given);
  }

  /// @return false if another batch has the slot now
  private boolean begin(Tenant tenant, Slot slot) {
    Slot begun = new Slot(slot.number(), slot.batch(), 0, "");
    if (!table.replace(tenant.name, slot, begun, tenant.retries)) {
      return false;
    }
    if (!slot.waiting().isEmpty()) {
      table.forget(tenant.name, slot.waiting(), tenant.retries);
    }
    return true;
  }

  /// Frees the slot of a batch that has ended, and gives it to the one that has waited longest.
  public void end(Tenant tenant, String batchId) {
    for (Slot slot : table.slots(tenant.name, tenant.retries)) {
      if (slot.batch().equals(batchId)) {
        table.free(tenant.name, slot, tenant.retries);
      }
    }
    wake(tenant);
  }

  /// Gives free slots to the batches that have waited longest, and wakes them.
  public void wake(Tenant tenant) {
    var _ = give(tenant, "");
  }

  /// The tenants that may have batches which wait.
  public List<String> tenants(Retries retries) {
    return table.tenants(retries);
  }

  /// Keeps a tenant among [#tenants], if it has batches which wait.
  public void keep(Tenant tenant) {
    if (!table.waiting(tenant.name, 1, tenant.retries).isEmpty()) {
      table.list(tenant.name, clock.millis(), tenant.retries);
    }
  }

  /// @param own a batch that need not be woken
  /// @return its slot, if it got one
  private @Nullable Slot give(Tenant tenant, String own) {
    Round round = new Round(tenant, own);
    while (round.give()) {}
    return round.got;
  }

  /// Gives the slots that were free at one reading.
  private final class Round {
    private final Tenant tenant;
    private final String own;
    private final TreeMap<Integer, Slot> free = new TreeMap<>();
    private final Set<String> begun = new HashSet<>();
    private final Set<String> woken = new HashSet<>();
    private @Nullable Slot got;

    Round(Tenant tenant, String own) {
      this.tenant = tenant;
      this.own = own;
      for (int number = 0; number < tenant.limit; number++) {
        free.put(number, new Slot(number, "", 0, ""));
      }
      for (Slot slot : table.slots(tenant.name, tenant.retries)) {
        if (slot.untilMillis() > clock.millis()) {
          free.remove(slot.number());
          woken.add(slot.batch());
        } else if (isHeld(slot.batch())) {
          free.remove(slot.number());
          begun.add(slot.batch());
        } else if (slot.number() < tenant.limit) {
          free.put(slot.number(), slot);
        }
      }
    }

    /// @return whether more may wait than it has seen, because some rows were obsolete
    boolean give() {
      boolean obsolete = false;
      // the rows of batches that were woken are there until these begin
      int most = free.size() + woken.size();
      for (Waiting next : free.isEmpty() ? List.<Waiting>of() : waiting(most)) {
        if (begun.contains(next.batch()) || hasEnded(next.batch())) {
          table.forget(tenant.name, next.row(), tenant.retries);
          obsolete = true;
        } else if (!woken.contains(next.batch()) && !free.isEmpty() && !give(next)) {
          return false; // another environment gives slots, too
        }
      }
      return obsolete;
    }

    private List<Waiting> waiting(int most) {
      return table.waiting(tenant.name, most, tenant.retries);
    }

    private boolean give(Waiting next) {
      Slot before = free.firstEntry().getValue();
      long until = clock.millis() + RESERVED.toMillis();
      Slot slot = new Slot(before.number(), next.batch(), until, next.row());
      if (!table.replace(tenant.name, before, slot, tenant.retries)) {
        return false;
      }
      free.remove(before.number());
      woken.add(next.batch());
      if (next.batch().equals(own)) {
        got = slot;
      } else {
        tenant.wakes.accept(next.batch());
      }
      return true;
    }

    private boolean isHeld(String batchId) {
      return running(batchId)
          .filter(hold -> clock.millis() - hold.untilMillis() <= hold.leaseMillis())
          .isPresent();
    }

    private boolean hasEnded(String batchId) {
      return running(batchId).isEmpty();
    }

    private Optional<Hold> running(String batchId) {
      return jobs.read(batchId, tenant.retries)
          .filter(item -> item.state() == State.RUNNING || item.state() == State.WAITING)
          .map(JobItem::hold);
    }
  }
}
