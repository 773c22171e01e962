package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.breaker.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The deletion of a tenant: its keys stop, its generation is raised, so that no request finds its
/// results, and a scan erases them. The place of the scan is kept in the table of clients after
/// each page: a command that was stopped goes on from there.
///
/// @param clock the current time
/// @param pause waits until a time
/// @param progress is given each step in words
public record Erasure(Place place, Clock clock, Pause pause, Progress progress) {
  static final String SK = "erasure";

  /// From the beginning of the write that stops the keys: it takes 45 seconds at most with its
  /// attempts, environments keep a key for 60 seconds, and a request takes 30. Until then, results
  /// may still be stored.
  private static final Duration LAST_WRITES = Duration.ofSeconds(135);

  private static final String TURNS = "batches#";

  /// The current time.
  public interface Clock {
    Instant now();
  }

  /// Waits until a time.
  public interface Pause {
    void until(Instant time) throws InterruptedException;
  }

  /// Takes each step in words.
  public interface Progress {
    void step(String text);

    /// Takes all keys of the tenant once the function refuses them, and before the table loses
    /// their digests.
    default void refused(List<Item> keys) throws Refused, InterruptedException {}
  }

  /// Counts of what was erased.
  ///
  /// @param results rows of the results table, including files and batches
  /// @param objects versions of objects in S3
  /// @param usage rows of usage
  /// @param keys that were revoked or had expired
  public record Report(long results, long objects, long usage, long keys) {}

  /// Deletes a tenant, or goes on with its deletion. A tenant that is deleted already is erased
  /// once more: a batch that ran meanwhile may have stored results.
  public Report delete(String tenant) throws Refused, InterruptedException {
    String pk = KeyRows.tenantPk(tenant);
    Table clients = place.clients();
    Item row = new TenantRows(clients).find(tenant);
    Optional<Item> begun = clients.get(pk, SK);
    Item erasure = begun.isPresent() ? begun.get() : begin(tenant, row);
    KeyRows rows = KeyRows.of(place);
    List<Item> listed = rows.list(tenant);
    progress.refused(listed);
    rows.revokeAll(tenant, listed);
    progress.step("the keys of %s stop within 60 seconds".formatted(tenant));
    pause.until(Instant.ofEpochSecond(erasure.number("begun")).plus(LAST_WRITES));
    OwnedRows owned = new OwnedRows(place, tenant, row.number("generation"));
    erasure = eraseResults(owned, erasure);
    progress.step("erasing files and batches");
    long objects = erasure.number("objects") + owned.eraseObjects();
    progress.step("erasing usage and keys");
    eraseTurns(tenant);
    long usage = eraseUsage(tenant);
    long keys = eraseKeys(tenant);
    clients.delete(List.of(erasure), "pk", "sk");
    return new Report(erasure.number("results"), objects, usage, keys);
  }

  /// Stops the keys and makes the results unreachable, in one write: both are of a generation.
  private Item begin(String tenant, Item row) throws Refused {
    String pk = KeyRows.tenantPk(tenant);
    if (row.requiredText("state").equals("deleted")) {
      Item again = Item.of(pk, SK);
      Write deleted = Write.requireTenant(pk, "deleted", row.number("generation"));
      if (!place.clients().transact(deleted, Write.create(again))) {
        throw new Refused("another command makes or deletes the tenant %s".formatted(tenant));
      }
      return again;
    }
    Item erasure = Item.of(pk, SK).with("begun", clock.now().getEpochSecond());
    Map<String, Object> set = new LinkedHashMap<>();
    set.put("state", "deleted");
    set.put("generation", row.number("generation") + 1);
    boolean done =
        place
            .clients()
            .transact(
                Write.update(pk, "tenant", set).unless("state", "deleted"), Write.create(erasure));
    if (!done) {
      throw new Refused("another command deletes the tenant %s".formatted(tenant));
    }
    return erasure;
  }

  private Item eraseResults(OwnedRows owned, Item begun) throws Refused {
    Item state = begun;
    boolean more = !state.text("scanned").equals("all");
    while (more) {
      Table.Page page = owned.page(state.text("from"));
      long objects = owned.erase(page.items());
      String next = next(page);
      more = !next.isEmpty();
      state =
          state
              .with("results", state.number("results") + page.items().size())
              .with("objects", state.number("objects") + objects)
              .with(more ? "from" : "scanned", more ? next : "all");
      place.clients().put(state);
      progress.step("erased %d results".formatted(state.number("results")));
    }
    return state;
  }

  private static String next(Table.Page page) {
    Object next = page.next();
    return next == null ? "" : Item.read(next).text("pk");
  }

  /// Which of its batches run and wait.
  private void eraseTurns(String tenant) throws Refused {
    List<Item> rows = new ArrayList<>(place.clients().query(TURNS + tenant, "slot#"));
    rows.addAll(place.clients().query(TURNS + tenant, "wait#"));
    rows.add(Item.of(TURNS, tenant));
    place.clients().delete(rows, "pk", "sk");
  }

  private long eraseUsage(String tenant) throws Refused {
    String pk = Usage.pk(tenant);
    List<Item> rows = new ArrayList<>(place.clients().query(pk, "usage#"));
    Set<String> months = new LinkedHashSet<>();
    for (Item row : rows) {
      months.add(row.text("sk").substring(0, "usage#yyyy-mm".length()));
    }
    List<Item> sums = place.clients().query(pk, "month#");
    rows.addAll(sums);
    sums.forEach(sum -> months.add("usage#" + sum.text("sk").substring("month#".length())));
    months.forEach(month -> rows.add(Item.of(month, tenant)));
    place.clients().delete(rows, "pk", "sk");
    return rows.size() - (long) months.size();
  }

  /// Erases the list of the keys last: a command that was stopped finds the others by it.
  private long eraseKeys(String tenant) throws Refused {
    List<Item> listed = KeyRows.of(place).list(tenant);
    List<Item> byDigest = new ArrayList<>();
    for (Item key : listed) {
      byDigest.add(Item.of(KeyRows.keyPk(key.requiredText("digest")), "key"));
    }
    place.clients().delete(byDigest, "pk", "sk");
    place.clients().delete(listed, "pk", "sk");
    return listed.size();
  }
}
