package dev.pilotlight.access;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.store.rows.Row;
import dev.pilotlight.store.rows.RowKey;
import dev.pilotlight.store.rows.RowReads;
import dev.pilotlight.support.Cost;
import dev.pilotlight.tenant.Caller;
import dev.pilotlight.tenant.Tenants;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The table of clients: keys by the digest of the whole key, and tenants.
///
/// A key belongs to one generation of its tenant: a later tenant of the same name cannot use it.
///
/// - `pk` `key#<digest>`, `sk` `key`: `tenant`, `generation`, `state` (`live`), `models`, `routes`,
///   `expires`
/// - `pk` `tenant#<name>`, `sk` `tenant`: `state` (`live`), `generation`, `plan`, `models`
///
/// Every read is strongly consistent. Thread-safe.
final class ClientTable {
  private static final String LIVE = "live";
  private static final String STATE = "state";
  private static final String MODELS = "models";
  private static final int MILLIS = 1_000;

  private final RowReads reads;
  private final Duration budget;

  ClientTable(RowReads reads, Duration budget) {
    this.reads = reads;
    this.budget = budget;
  }

  /// Reads a key and its tenant in one call.
  ///
  /// @return null if either is absent or not live, or the key has expired, or is another tenant's
  ///   or of another generation
  /// @throws dev.pilotlight.store.StoreException if the table cannot be read within the budget
  /// @throws IllegalArgumentException if an item is not as documented
  @Nullable KnownKey read(ApiKey key, Moment now, Meter meter) {
    RowKey ofKey = new RowKey("key#" + key.digest(), "key");
    RowKey ofTenant = ofTenant(key.tenant());
    List<Row> rows = reads.read(List.of(ofKey, ofTenant), Deadline.in(budget));
    Row known = live(rows, ofKey, meter);
    Row tenant = live(rows, ofTenant, meter);
    if (known == null
        || tenant == null
        || !key.tenant().equals(known.text("tenant"))
        || generation(known) != generation(tenant)) {
      return null;
    }
    Long expires = known.number("expires");
    if (expires != null && expires <= now.millis() / MILLIS) {
      return null;
    }
    Set<String> models = known.texts(MODELS);
    return new KnownKey(
        new Caller(
            Tenants.OF_KEY + key.tenant(),
            key.id(),
            plan(tenant),
            generation(tenant),
            both(models, tenant.texts(MODELS)),
            known.texts("routes")),
        models,
        expires == null ? Long.MAX_VALUE : expires,
        now);
  }

  /// Reads a tenant, as the sender of its batches.
  ///
  /// @param tenant its name in keys
  /// @return null if there is no such tenant, or it was deleted
  /// @throws dev.pilotlight.store.StoreException as [#read]
  /// @throws IllegalArgumentException as [#read]
  @Nullable Caller tenant(String tenant, Meter meter) {
    RowKey key = ofTenant(tenant);
    Row row = live(reads.read(List.of(key), Deadline.in(budget)), key, meter);
    return row == null
        ? null
        : new Caller(
            Tenants.OF_KEY + tenant, "", plan(row), generation(row), row.texts(MODELS), null);
  }

  private static RowKey ofTenant(String name) {
    return new RowKey("tenant#" + name, "tenant");
  }

  /// Finds a row and adds the cost of reading it; null if it is absent or not live.
  private static @Nullable Row live(List<Row> rows, RowKey key, Meter meter) {
    Row found = null;
    for (Row row : rows) {
      found = row.has(key) ? row : found;
    }
    meter.read(2 * Cost.halfReads(found == null ? 0 : found.bytes()));
    return found != null && LIVE.equals(found.text(STATE)) ? found : null;
  }

  /// The generation of a tenant, or the one that a key belongs to.
  private static long generation(Row row) {
    Long generation = row.number("generation");
    return generation == null ? 0 : generation;
  }

  private static String plan(Row tenant) {
    String plan = tenant.text("plan");
    return plan == null ? "" : plan;
  }

  /// The models that both lists have; null for all.
  private static @Nullable Set<String> both(
      @Nullable Set<String> one, @Nullable Set<String> other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    Set<String> both = new HashSet<>(one);
    both.retainAll(other);
    return both;
  }
}
