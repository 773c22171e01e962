package dev.pilotlight.cli.clients;

import dev.pilotlight.access.ApiKey;
import dev.pilotlight.cli.breaker.Refused;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The API keys of tenants. A key is two items: one by its digest, which the function reads, and
/// one in its tenant's list.
///
/// @param table of clients
/// @param edge the keys at the distribution before the API
public record KeyRows(Table table, EdgeKeys edge) {
  private static final String LIVE = "live";
  private static final String REVOKED = "revoked";
  private static final String KEY = "key";
  private static final String GENERATION = "generation";
  private static final int ATTEMPTS = 3;

  /// The name, rights and expiry of a key.
  ///
  /// @param name for people
  /// @param models empty for all
  /// @param routes families of routes; empty for all
  /// @param expires null for never
  public record Terms(
      String name, List<String> models, List<String> routes, @Nullable Instant expires) {
    /// The same terms with another expiry.
    Terms until(Instant end) {
      return new Terms(name, models, routes, end);
    }
  }

  /// A key that was just made.
  ///
  /// @param text the key itself, which nothing stores
  /// @param digest of the text
  public record Created(String text, String id, String digest, Terms terms) {}

  /// Takes a key that was just made.
  public interface Made {
    void accept(Created created) throws Refused, InterruptedException;
  }

  /// The key that a new one replaces.
  ///
  /// @param digest of its text
  /// @param expires its new expiry
  /// @param changed whether it had another expiry before, or none
  public record Rotated(String digest, Instant expires, boolean changed) {}

  /// The keys of a table that are only read.
  KeyRows(Table table) {
    this(table, EdgeKeys.none());
  }

  /// The keys of a stack.
  public static KeyRows of(Place place) {
    return new KeyRows(place.clients(), place.edge());
  }

  /// Makes a key.
  ///
  /// @throws Refused also if the tenant does not exist or was deleted, or if the distribution could
  ///   not hold the key
  public Created create(String tenant, Terms terms, Instant now) throws Refused {
    return create(tenant, terms, now, "list fewer models");
  }

  private Created create(String tenant, Terms terms, Instant now, String ifTooLong) throws Refused {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long generation = requireLive(tenant).number(GENERATION);
      edge.requireTakes(tenant, generation, terms, ifTooLong);
      String text = text(tenant);
      ApiKey key = Objects.requireNonNull(ApiKey.parse(text));
      Write tenantLives = Write.requireTenant(tenantPk(tenant), LIVE, generation);
      Write byDigest =
          Write.create(
              terms(Item.of(keyPk(key.digest()), KEY), terms, now)
                  .with("tenant", tenant)
                  .with(GENERATION, generation)
                  .with("id", key.id()));
      Write listed =
          Write.create(
              terms(Item.of(tenantPk(tenant), listSk(key.id())), terms, now)
                  .with("digest", key.digest()));
      if (table.transact(tenantLives, byDigest, listed)) {
        return new Created(text, key.id(), key.digest(), terms);
      } // or the tenant was changed, or another key has the same id
    }
    throw new Refused("no key was made; try again");
  }

  /// Makes the text of a key whose id is not like an option on a command line.
  static String text(String tenant) {
    SecureRandom random = new SecureRandom();
    String text;
    do {
      text = ApiKey.create(tenant, random);
    } while (Objects.requireNonNull(ApiKey.parse(text)).id().startsWith("-"));
    return text;
  }

  private Item requireLive(String tenant) throws Refused {
    Optional<Item> row = table.get(tenantPk(tenant), "tenant");
    if (row.isEmpty() || !row.get().requiredText("state").equals(LIVE)) {
      throw new Refused(
          "there is no live tenant %1$s; make it with pilotlight tenants create %1$s"
              .formatted(tenant));
    }
    return row.get();
  }

  private static Item terms(Item item, Terms terms, Instant now) {
    Instant expires = terms.expires;
    return item.with("state", LIVE)
        .with("name", terms.name.isEmpty() ? null : terms.name)
        .with("models", terms.models)
        .with("routes", terms.routes)
        .with("created", now.getEpochSecond())
        .with("expires", expires == null ? null : expires.getEpochSecond());
  }

  /// All keys of a tenant, revoked ones included.
  public List<Item> list(String tenant) throws Refused {
    return table.query(tenantPk(tenant), "key#");
  }

  /// The public id of a listed key.
  public static String id(Item listed) {
    return listed.text("sk").substring("key#".length());
  }

  /// Revokes a key: the function refuses it within 60 seconds.
  ///
  /// @return the key as it was before
  public Item revoke(String tenant, String id) throws Refused {
    Item key = find(tenant, id);
    if (!isRevoked(key)) {
      change(tenant, id, key, Map.of("state", REVOKED));
    }
    return key;
  }

  /// Whether a listed key is revoked.
  public static boolean isRevoked(Item listed) {
    return listed.requiredText("state").equals(REVOKED);
  }

  /// The terms of a key, from its item or its listed one.
  static Terms terms(Item listed) {
    return new Terms(
        listed.text("name"),
        listed.texts("models"),
        listed.texts("routes"),
        expires(listed).orElse(null));
  }

  private static Optional<Instant> expires(Item listed) {
    return listed.optional("expires").map(Instant::ofEpochSecond);
  }

  /// Revokes all listed keys of a tenant. A key whose item by its digest is erased stays as it is.
  void revokeAll(String tenant, List<Item> listed) throws Refused {
    for (Item key : listed) {
      if (!isRevoked(key)) {
        var _ = changed(tenant, id(key), key, Map.of("state", REVOKED));
      }
    }
  }

  /// Makes a key with the terms of another, which expires after the overlap.
  ///
  /// @param overlap how long both are valid
  /// @param made gets the new key, before the other one is changed; if it throws, the other one
  ///   stays as it is
  /// @return the other one
  public Rotated rotate(String tenant, String id, Duration overlap, Instant now, Made made)
      throws Refused, InterruptedException {
    Item old = find(tenant, id);
    Optional<Instant> ends = expires(old);
    if (isRevoked(old) || ends.filter(end -> !end.isAfter(now)).isPresent()) {
      throw new Refused("the key %s is revoked or has expired; make a new one".formatted(id));
    }
    Terms terms = terms(old);
    String ifTooLong = "make a key with fewer models by keys create, and revoke this one";
    Created created = create(tenant, terms, now, ifTooLong);
    made.accept(created);
    Instant last = now.plus(overlap).truncatedTo(ChronoUnit.SECONDS);
    Instant expires = ends.filter(last::isAfter).orElse(last);
    boolean changed = ends.filter(expires::equals).isEmpty();
    if (changed) {
      try {
        change(tenant, id, old, Map.of("expires", expires.getEpochSecond()));
      } catch (Refused e) {
        throw new Refused(
            "the new key is valid, but the expiry of the key %s is not changed: %s"
                .formatted(id, e.getMessage()));
      }
    }
    return new Rotated(old.requiredText("digest"), expires, changed);
  }

  private void change(String tenant, String id, Item listed, Map<String, Object> set)
      throws Refused {
    if (!changed(tenant, id, listed, set)) {
      throw new Refused("the key %s of %s is gone".formatted(id, tenant));
    }
  }

  private boolean changed(String tenant, String id, Item listed, Map<String, Object> set)
      throws Refused {
    return table.transact(
        Write.update(keyPk(listed.requiredText("digest")), KEY, set),
        Write.update(tenantPk(tenant), listSk(id), set));
  }

  private Item find(String tenant, String id) throws Refused {
    return table
        .get(tenantPk(tenant), listSk(id))
        .orElseThrow(
            () ->
                new Refused(
                    "%1$s has no key with the id %2$s; pilotlight keys list %1$s shows them"
                        .formatted(tenant, id)));
  }

  static String tenantPk(String tenant) {
    return "tenant#" + tenant;
  }

  static String keyPk(String digest) {
    return "key#" + digest;
  }

  private static String listSk(String id) {
    return "key#" + id;
  }
}
