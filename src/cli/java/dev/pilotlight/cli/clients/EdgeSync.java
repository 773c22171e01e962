package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.model.format.LoadFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes a distribution's entries equal to the table of clients. Each method reads the table after
/// its last write once more, and goes on until the two agree: a command that changes the table
/// meanwhile changes the store afterwards, or its change is seen here.
///
/// @param store of the entries
/// @param clients the table
record EdgeSync(EdgeStore store, Table clients) {
  private static final int TURNS = 8;
  private static final String OTHERS =
      "others change the distribution's keys at the same time; try again";

  /// The table's valid keys.
  ///
  /// @param entries by digest
  private record Valid(Map<String, String> entries, List<String> refused) {}

  /// Makes one key's entry equal to the table.
  void settle(String tenant, String digest) throws Refused, InterruptedException {
    String last = null;
    for (int turn = 1; turn <= TURNS; turn++) {
      String version = store.version();
      String entry =
          EdgeEntry.of(
                  clients.get(KeyRows.tenantPk(tenant), "tenant"),
                  clients.get(KeyRows.keyPk(digest), "key"),
                  Instant.now())
              .orElse("");
      if (entry.equals(last)) {
        return;
      }
      boolean changed =
          entry.isEmpty() ? store.delete(version, digest) : store.put(version, digest, entry);
      if (changed) {
        last = entry;
      } else {
        store.calls().pause(turn);
      }
    }
    throw new Refused(OTHERS);
  }

  /// Deletes the entries of keys that the table does not admit any more.
  void forget(List<Item> listed) throws Refused, InterruptedException {
    List<String> digests = new ArrayList<>();
    LoadFailure damaged = null;
    for (Item key : listed) {
      try {
        digests.add(key.requiredText("digest"));
      } catch (LoadFailure e) {
        damaged = e;
      }
    }
    for (int turn = 1; turn <= TURNS; turn++) {
      EdgeStore.Entries have = store.entries();
      Map<String, String> changes = new TreeMap<>();
      digests.stream().filter(have.values()::containsKey).forEach(key -> changes.put(key, ""));
      if (changes.isEmpty()) {
        if (damaged != null) {
          throw damaged;
        }
        return;
      }
      if (write(have.version(), changes).size() < changes.size()) {
        store.calls().pause(turn);
      }
    }
    throw new Refused(OTHERS);
  }

  /// Makes all entries equal to the table.
  EdgeKeys.Synced run() throws Refused, InterruptedException {
    Set<String> written = new HashSet<>();
    Set<String> deleted = new HashSet<>();
    for (int turn = 1; turn <= TURNS; turn++) {
      // the store first: a key that is made meanwhile is then in the table, and stays
      EdgeStore.Entries have = store.entries();
      Valid valid = valid();
      Map<String, String> changes = changes(have.values(), valid.entries);
      if (changes.isEmpty()) {
        Set<String> unchanged = new HashSet<>(valid.entries.keySet());
        unchanged.removeAll(written);
        return new EdgeKeys.Synced(written.size(), deleted.size(), unchanged.size(), valid.refused);
      }
      Map<String, String> done = write(have.version(), changes);
      done.forEach((digest, entry) -> (entry.isEmpty() ? deleted : written).add(digest));
      if (done.size() < changes.size()) {
        store.calls().pause(turn);
      }
    }
    throw new Refused(
        "%s; written so far: %d entries, deleted: %d"
            .formatted(OTHERS, written.size(), deleted.size()));
  }

  private Valid valid() throws Refused {
    Instant now = Instant.now();
    Map<String, Item> tenants = new HashMap<>();
    for (Item tenant : new TenantRows(clients).list()) {
      tenants.put(TenantRows.name(tenant), tenant);
    }
    Map<String, String> entries = new TreeMap<>();
    List<String> refused = new ArrayList<>();
    for (Item key : clients.all("key")) {
      String digest = key.requiredText("pk").substring(KeyRows.keyPk("").length());
      try {
        String tenant = key.requiredText("tenant");
        Optional<String> entry =
            EdgeEntry.of(Optional.ofNullable(tenants.get(tenant)), Optional.of(key), now);
        if (entry.isPresent() && entry.get().length() > EdgeEntry.CHARS_MAX) {
          refused.add(
              "%s of %s: its entry would be too long; make a key with fewer models"
                  .formatted(key.text("id"), tenant));
        } else {
          entry.ifPresent(text -> entries.put(digest, text));
        }
      } catch (LoadFailure e) {
        refused.add(e.reason());
      }
    }
    return new Valid(entries, refused);
  }

  /// The changes by digest: first the deletions, which are empty.
  private static Map<String, String> changes(Map<String, String> have, Map<String, String> want) {
    Map<String, String> changes = new LinkedHashMap<>();
    have.keySet().stream()
        .filter(digest -> !want.containsKey(digest))
        .forEach(digest -> changes.put(digest, ""));
    want.forEach(
        (digest, entry) -> {
          if (!entry.equals(have.get(digest))) {
            changes.put(digest, entry);
          }
        });
    return changes;
  }

  /// Returns the changes that were made: fewer if others have changed the store.
  private Map<String, String> write(String version, Map<String, String> changes) throws Refused {
    Map<String, String> done = new HashMap<>();
    @Nullable String current = version;
    List<Map.Entry<String, String>> all = List.copyOf(changes.entrySet());
    for (int from = 0; from < all.size() && current != null; from += EdgeStore.CALL_MAX) {
      Map<String, String> part = new LinkedHashMap<>();
      all.subList(from, Math.min(all.size(), from + EdgeStore.CALL_MAX))
          .forEach(change -> part.put(change.getKey(), change.getValue()));
      current = store.update(current, part).orElse(null);
      if (current != null) {
        done.putAll(part);
      }
    }
    return done;
  }
}
