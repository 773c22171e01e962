package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.breaker.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Makes the distribution's entries equal to the live keys of the table of clients: after
/// `Edge=on`, for keys that are older than the distribution, and after a change that failed.
public final class EdgeSync {
  private static final int ATTEMPTS = 5;

  private final EdgeStore store;
  private final Table clients;

  private EdgeSync(EdgeStore store, Table clients) {
    this.store = store;
    this.clients = clients;
  }

  /// The synchronisation of a stack.
  ///
  /// @throws Refused without a distribution
  public static EdgeSync of(Place place) throws Refused {
    EdgeStore store =
        place
            .edge()
            .store()
            .orElseThrow(
                () -> new Refused("there is no distribution; deploy the stack with Edge=on"));
    return new EdgeSync(store, place.clients());
  }

  /// Counts of entries.
  ///
  /// @param tooLong the keys whose entries the store does not take, as `<id> of <tenant>`
  public record Report(int written, int deleted, int unchanged, List<String> tooLong) {}

  /// The live keys.
  ///
  /// @param entries by digest
  private record Keys(Map<String, String> entries, List<String> tooLong) {}

  /// Writes what is missing or differs, and deletes all other entries.
  ///
  /// @throws Refused also if others change the store all the time
  public Report run(Instant now) throws Refused {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      // the store first: a key that is made meanwhile is then in the table, and stays
      EdgeStore.Entries have = store.entries();
      Keys want = keys(now);
      Map<String, String> changes = changes(have.values(), want.entries);
      if (write(have.version(), changes)) {
        int deleted = (int) changes.values().stream().filter(String::isEmpty).count();
        int written = changes.size() - deleted;
        return new Report(written, deleted, want.entries.size() - written, want.tooLong);
      }
    }
    throw new Refused("others change the distribution's keys at the same time; try again");
  }

  private Keys keys(Instant now) throws Refused {
    Map<String, String> entries = new TreeMap<>();
    List<String> tooLong = new ArrayList<>();
    for (Item tenant : new TenantRows(clients).list()) {
      String name = TenantRows.name(tenant);
      for (Item key : new KeyRows(clients).list(name)) {
        if (!KeyRows.isUsable(tenant, key, now)) {
          continue;
        }
        String entry = EdgeKeys.entry(name, tenant.number("generation"), KeyRows.terms(key));
        if (entry.length() > EdgeKeys.ENTRY_CHARS_MAX) {
          tooLong.add(KeyRows.id(key) + " of " + name);
        } else {
          entries.put(key.requiredText("digest"), entry);
        }
      }
    }
    return new Keys(entries, tooLong);
  }

  /// By digest; empty for an entry to delete.
  private static Map<String, String> changes(Map<String, String> have, Map<String, String> want) {
    Map<String, String> changes = new TreeMap<>(want);
    changes.entrySet().removeIf(entry -> entry.getValue().equals(have.get(entry.getKey())));
    have.keySet().stream()
        .filter(key -> !want.containsKey(key))
        .forEach(key -> changes.put(key, ""));
    return changes;
  }

  /// Returns false if the store has another version.
  private boolean write(String version, Map<String, String> changes) throws Refused {
    Optional<String> current = Optional.of(version);
    Map<String, String> part = new LinkedHashMap<>();
    for (Map.Entry<String, String> change : changes.entrySet()) {
      part.put(change.getKey(), change.getValue());
      if (part.size() == EdgeStore.CALL_MAX) {
        current = store.update(current.get(), part);
        if (current.isEmpty()) {
          return false;
        }
        part.clear();
      }
    }
    return part.isEmpty() || store.update(current.get(), part).isPresent();
  }
}
