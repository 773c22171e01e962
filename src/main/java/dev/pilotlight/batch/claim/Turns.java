package dev.pilotlight.batch.claim;

import dev.pilotlight.batch.claim.TurnTable.Slot;
import dev.pilotlight.batch.claim.TurnTable.Waiting;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
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

  /// For so long the slot of a batch is kept between its invocations: longer than a queue takes to
  /// deliver a message again.
  static final Duration BETWEEN = Duration.ofMinutes(20);

  private static final long RESERVED_JITTER_MILLIS = 30_000;
  private static final int ROUNDS_MAX = 30;
  private static final long PAUSE_MILLIS_MAX = 40;

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
  /// @param calls what its batches need
  public record Tenant(String name, int limit, Calls calls, Retries retries) {}

  /// The calls for batches that wait.
  ///
  /// @param wake starts an invocation for the batch of an id
  /// @param reportDropped reports a batch that waited until the table forgot it: its id, and its
  ///   object unless an earlier release had it wait
  public record Calls(
      Consumer<String> wake, BiConsumer<String, Optional<ObjectVersion>> reportDropped) {}

  /// Takes a slot for a batch that its caller owns, or has the batch wait for one. Then some wake
  /// will name it.
  ///
  /// @return whether it may run now
  public boolean take(Tenant tenant, ObjectVersion version) {
    return take(tenant, version, clock.millis());
  }

  /// As [#take(Tenant, ObjectVersion)], for a caller that polls. The row is keyed by the object's
  /// modification time, so that every poll writes the same row.
  public boolean poll(Tenant tenant, ObjectVersion version) {
    return take(tenant, version, version.modifiedMillis());
  }

  private boolean take(Tenant tenant, ObjectVersion version, long sinceMillis) {
    String batchId = version.batchId();
    boolean begun = false;
    boolean freed = false;
    for (Slot slot : slots(tenant, batchId)) {
      if (!begun && slot.number() < tenant.limit && begin(tenant, slot)) {
        begun = true;
      } else {
        table.free(tenant.name, slot, tenant.retries);
        freed = true;
      }
    }
    if (begun) {
      if (freed) {
        wake(tenant);
      }
      return true;
    }
    // it waits before it looks for a slot, so that a batch which ends after that finds it waiting
    table.list(tenant.name, clock.millis(), tenant.retries);
    table.wait(tenant.name, version, sinceMillis, tenant.retries);
    Slot given = give(tenant, batchId);
    return given != null && begin(tenant, given);
  }

  private List<Slot> slots(Tenant tenant, String batchId) {
    return table.slots(tenant.name, tenant.retries).stream()
        .filter(slot -> slot.batch().equals(batchId))
        .toList();
  }

  /// @return false if another batch has the slot now
  private boolean begin(Tenant tenant, Slot slot) {
    // the time makes it differ from what an environment has read that takes the batch for dead
    Slot begun = new Slot(slot.number(), slot.batch(), -clock.millis(), "");
    if (!table.replace(tenant.name, slot, begun, tenant.retries)) {
      return false;
    }
    if (!slot.waiting().isEmpty()) {
      forget(tenant, slot.batch());
    }
    return true;
  }

  /// Its event may have come several times while it waited; each time made a row.
  private void forget(Tenant tenant, String batchId) {
    for (Waiting waiting : table.waiting(tenant.name, "", 0, tenant.retries)) {
      if (waiting.batch().equals(batchId)) {
        table.forget(tenant.name, waiting.row(), tenant.retries);
      }
    }
  }

  /// Has a batch that its caller owns wait no longer, although it cannot begin. [#end] lets the
  /// next one start.
  public void giveUp(Tenant tenant, String batchId) {
    forget(tenant, batchId);
  }

  /// Keeps the slot of a batch for its next invocation.
  public void handOver(Tenant tenant, String batchId) {
    long until = clock.millis() + BETWEEN.toMillis();
    for (Slot slot : slots(tenant, batchId)) {
      Slot kept = new Slot(slot.number(), batchId, until, "");
      var _ = table.replace(tenant.name, slot, kept, tenant.retries);
    }
  }

  /// Frees the slot of a batch that has ended, and gives it to the one that has waited longest.
  public void end(Tenant tenant, String batchId) {
    for (Slot slot : slots(tenant, batchId)) {
      table.free(tenant.name, slot, tenant.retries);
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
  public void listIfWaiting(Tenant tenant) {
    if (!table.waiting(tenant.name, "", 1, tenant.retries).isEmpty()) {
      table.list(tenant.name, clock.millis(), tenant.retries);
    }
  }

  /// @param own a batch that need not be woken
  /// @return its slot, if it got one
  private @Nullable Slot give(Tenant tenant, String own) {
    Slot got = null;
    for (int i = 0; i < ROUNDS_MAX; i++) {
      Round round = new Round(tenant, own);
      boolean complete = round.give();
      got = round.got == null ? got : round.got;
      if (complete) {
        break;
      }
      // another environment gives slots, too, and may have read the rows before all were there
      Retries.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(1, PAUSE_MILLIS_MAX)));
    }
    return got;
  }

  /// Gives the slots that were free at one reading.
  private final class Round {
    private final Tenant tenant;
    private final String own;
    private final TreeMap<Integer, Slot> free = new TreeMap<>();
    private final Set<String> begun = new HashSet<>();
    private final Set<String> woken = new HashSet<>();
    private int left;
    private @Nullable Slot got;

    Round(Tenant tenant, String own) {
      this.tenant = tenant;
      this.own = own;
      this.left = tenant.limit;
      for (int number = 0; number < tenant.limit; number++) {
        free.put(number, new Slot(number, "", 0, ""));
      }
      for (Slot slot : table.slots(tenant.name, tenant.retries)) {
        if (slot.untilMillis() > clock.millis()) {
          take(slot, woken);
        } else if (isHeld(slot.batch())) {
          take(slot, begun);
        } else if (slot.number() < tenant.limit) {
          free.put(slot.number(), slot);
        }
      }
    }

    /// A slot above the limit counts, too, since its batch runs.
    private void take(Slot slot, Set<String> by) {
      free.remove(slot.number());
      by.add(slot.batch());
      left--;
    }

    /// @return false if a slot has changed since it was read
    boolean give() {
      String after = "";
      while (left > 0 && !free.isEmpty()) {
        // the rows of batches that were woken are there until these begin
        int most = left + woken.size();
        List<Waiting> rows = table.waiting(tenant.name, after, most, tenant.retries);
        for (Waiting next : rows) {
          if (isObsolete(next)) {
            table.forget(tenant.name, next.row(), tenant.retries);
          } else if (!woken.contains(next.batch()) && left > 0 && !give(next)) {
            return false;
          }
        }
        if (rows.size() < most) {
          return true;
        }
        after = rows.getLast().row();
      }
      return true;
    }

    private boolean give(Waiting next) {
      Slot before = free.firstEntry().getValue();
      // two environments that give it in the same millisecond must not both take it for their write
      long jitter = ThreadLocalRandom.current().nextLong(RESERVED_JITTER_MILLIS);
      long until = clock.millis() + RESERVED.toMillis() - jitter;
      Slot slot = new Slot(before.number(), next.batch(), until, next.row());
      if (!table.replace(tenant.name, before, slot, tenant.retries)) {
        return false;
      }
      take(slot, woken);
      if (next.batch().equals(own)) {
        got = slot;
      } else {
        tenant.calls.wake().accept(next.batch());
      }
      return true;
    }

    private boolean isHeld(String batchId) {
      return item(batchId)
          .filter(JobItem::isUnfinished)
          .map(JobItem::hold)
          .filter(hold -> clock.millis() - hold.untilMillis() <= hold.leaseMillis())
          .isPresent();
    }

    private boolean isObsolete(Waiting waiting) {
      String batchId = waiting.batch();
      if (begun.contains(batchId)) {
        return true;
      }
      Optional<JobItem> item = item(batchId);
      if (item.isEmpty()) {
        tenant.calls.reportDropped().accept(batchId, waiting.version());
      }
      return item.filter(JobItem::isUnfinished).isEmpty();
    }

    private Optional<JobItem> item(String batchId) {
      return jobs.read(batchId, tenant.retries).filter(item -> !item.isExpired(clock.instant()));
    }
  }
}
