package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
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

  private static final String BATCH = "batch#";
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
  }

  /// Counts of what was erased.
  ///
  /// @param results items of the table of results
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
    new KeyRows(clients).revokeAll(tenant);
    progress.step("the keys of %s stop within 60 seconds".formatted(tenant));
    pause.until(Instant.ofEpochSecond(erasure.number("begun")).plus(LAST_WRITES));
    erasure = eraseResults(tenant, erasure);
    long objects = erasure.number("objects");
    if (place.folders()) {
      progress.step("erasing batches");
      objects += place.in().deleteAll(tenant + "/") + place.out().deleteAll(tenant + "/");
      objects += erasePacks(tenant, row.number("generation"));
    }
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
    if (row.text("state").equals("deleted")) {
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

  private Item eraseResults(String tenant, Item begun) throws Refused {
    String owner = "key:" + tenant;
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(":owner", owner);
    values.put(":later", owner + "#");
    Map<String, String> names = new LinkedHashMap<>(Map.of("#tenant", "tenant"));
    String filter = "#tenant = :owner OR begins_with(#tenant, :later)";
    if (place.folders()) {
      filter += " OR (begins_with(pk, :batch) AND begins_with(#key, :folder))";
      names.put("#key", "key");
      values.put(":batch", BATCH);
      values.put(":folder", tenant + "/");
    }
    Item state = begun;
    boolean more = !state.text("scanned").equals("all");
    while (more) {
      String last = state.text("from");
      Object from = last.isEmpty() ? null : Map.of("pk", Map.of("S", last));
      Table.Page page = place.results().scan(filter, names, values, from);
      long objects = eraseLarge(page.items());
      place.results().delete(page.items(), "pk");
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

  /// Erases the results that batches of all generations packed.
  private long erasePacks(String tenant, long generation) throws Refused {
    long deleted = 0;
    for (long i = 0; i <= generation; i++) {
      String owner = "key:" + tenant + (i == 0 ? "" : "#" + i);
      byte[] sha256 = Sha256.of(owner.getBytes(StandardCharsets.UTF_8));
      String name = Base64.getUrlEncoder().withoutPadding().encodeToString(sha256);
      deleted += place.large().deleteAll("results/packed/" + name.substring(0, 22) + "/");
    }
    return deleted;
  }

  private static String next(Table.Page page) {
    Object next = page.next();
    return next == null ? "" : Item.read(next).text("pk");
  }

  /// Erases the objects before their items: an item that is left names them.
  private long eraseLarge(List<Item> items) throws Refused {
    Set<String> folders = new LinkedHashSet<>();
    for (Item item : items) {
      String key = item.text("s3_key");
      if (!key.isEmpty()) {
        String folder = "results/" + item.text("pk").replace('#', '/') + "/";
        if (!key.startsWith(folder)) {
          throw new Refused(
              "the item %s names the object %s, which is not in %s; nothing of this page was erased"
                  .formatted(item.text("pk"), key, folder));
        }
        folders.add(folder);
      }
    }
    long deleted = 0;
    for (String folder : folders) {
      deleted += place.large().deleteAll(folder);
    }
    return deleted;
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
    List<Item> listed = new KeyRows(place.clients()).list(tenant);
    List<Item> byDigest = new ArrayList<>();
    for (Item key : listed) {
      byDigest.add(Item.of(KeyRows.keyPk(key.text("digest")), "key"));
    }
    place.clients().delete(byDigest, "pk", "sk");
    place.clients().delete(listed, "pk", "sk");
    return listed.size();
  }
}
