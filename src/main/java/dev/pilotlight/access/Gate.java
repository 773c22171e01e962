package dev.pilotlight.access;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.rows.RowReads;
import dev.pilotlight.support.Log;
import dev.pilotlight.tenant.Caller;
import dev.pilotlight.tenant.EdgeSettings;
import dev.pilotlight.tenant.TenantSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Admits requests by their API keys. A key is valid for a minute from the read that found it so;
/// then it is read again. Unknown, revoked and expired keys, and those of deleted tenants, take the
/// same path and get the same answer.
///
/// While DynamoDB does not answer, keys in memory are admitted for the rest of their minute, and
/// all others are refused by 503. Thread-safe.
public final class Gate {
  /// How long a key is known after the read, and how long it is refused.
  static final Duration KNOWN = Duration.ofSeconds(60);

  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int MILLIS = 1_000;
  private static final String UNCHECKED = "API keys cannot be checked now; send the request again";

  private final ClientTable table;
  private final Moment.Clocks clocks;
  private final @Nullable Edge edge;
  private final Log log;
  private final KeyMemory memory = new KeyMemory();
  private final UnknownKeys unknown;
  // null unless the table could not be read lately, for a key that is known or for another one
  private volatile @Nullable Moment failed;
  private volatile @Nullable Moment failedUnknown;

  /// @param reads of the table of clients
  /// @param store has the budget of one read with its retries
  public Gate(RowReads reads, StoreSettings store, TenantSettings.Keys keys, Log log) {
    this(reads, store.read(), keys.unknownPerSecond(), keys.edge(), log, Moment.Clocks.SYSTEM);
  }

  Gate(
      RowReads reads,
      Duration budget,
      int unknownPerSecond,
      @Nullable EdgeSettings edge,
      Log log,
      Moment.Clocks clocks) {
    this.edge = edge == null ? null : new Edge(edge, log);
    this.table = new ClientTable(reads, budget);
    this.clocks = clocks;
    this.log = log;
    this.unknown = new UnknownKeys(unknownPerSecond, clocks.now().nanos());
  }

  /// Finds the caller of a request, who may not be allowed to use the route: [#requireRoute].
  ///
  /// @param head the request without its body
  /// @param route null if there is none for the request; that needs a key, too
  /// @return null for a health check, which needs no key
  /// @throws Refusal UNAUTHENTICATED, RATE_LIMITED, or UNAVAILABLE; INVALID for several keys;
  ///   FORBIDDEN for a request that did not come through the distribution
  public @Nullable Caller admit(HttpRequest head, @Nullable Route route, Meter meter) {
    String copied = edge == null ? null : edge.admit(head);
    if (route != null && RouteFamily.of(route) == null) {
      return null;
    }
    return caller(copied == null ? KeyHeaders.read(head) : KeyHeaders.copied(copied), meter);
  }

  /// Sets `Cache-Control` for CloudFront; without a distribution, returns the answer as it is.
  public HttpResponse withCacheControl(HttpResponse response, HttpRequest head) {
    return edge == null ? response : edge.withCacheControl(response, head, () -> copied(head));
  }

  /// The key that the distribution copied; null if there is none, or it was not read.
  private @Nullable KnownKey copied(HttpRequest head) {
    String copied = head.headers().get(Edge.KEY);
    ApiKey key = copied == null ? null : ApiKey.parse(copied);
    return key == null ? null : memory.known(key.digest());
  }

  /// Refuses a route that a caller's key may not use.
  ///
  /// @throws Refusal FORBIDDEN
  public static void requireRoute(Caller caller, Route route) {
    Set<String> routes = caller.routes();
    RouteFamily family = routes == null ? null : RouteFamily.of(route);
    if (routes != null && family != null && !routes.contains(family.wireName())) {
      throw Refusal.of(
          Reason.FORBIDDEN,
          null,
          "the API key may not use the routes '"
              + family.wireName()
              + "'; accepted: "
              + String.join(", ", routes.stream().sorted().toList()));
    }
  }

  /// Gives the sender of a tenant's batches, who may use the tenant's models.
  ///
  /// @param tenant its name in keys
  /// @throws Refusal FORBIDDEN if there is no such tenant or it was deleted, UNAVAILABLE if the
  ///   table cannot be read
  public Caller tenant(String tenant) {
    Caller caller = null;
    if (ApiKey.isTenant(tenant)) {
      try {
        caller = table.tenant(tenant, new Meter());
      } catch (StoreException e) {
        throw unavailable(e);
      } catch (IllegalArgumentException e) {
        throw damaged("tenant " + tenant, e);
      }
    }
    if (caller == null) {
      throw Refusal.of(
          Reason.FORBIDDEN,
          "key",
          "the first folder of the object's key names no tenant, or a deleted one; accepted: the"
              + " name of a tenant, as in ada/reviews.jsonl");
    }
    return caller;
  }

  /// Reads a key that no table has, as for a request, so that the first caller waits neither for a
  /// connection nor for classes.
  ///
  /// @throws StoreException if the table was not reached within the budget
  public void prime() {
    Map<String, String> headers = Map.of("authorization", "Bearer " + ApiKey.absent());
    HttpRequest head =
        new HttpRequest("POST", "/", Map.of(), headers, new byte[0], true, Map.of(), "", null);
    ApiKey key = KeyHeaders.read(head);
    Moment now = clocks.now();
    if (RouteFamily.of(new Route.Embeddings()) != null && memory.known(key.digest()) == null) {
      var _ = table.read(key, now, new Meter());
    }
  }

  private Caller caller(ApiKey key, Meter meter) {
    Moment now = clocks.now();
    KnownKey known = memory.known(key.digest());
    if (known != null && known.read().isWithin(KNOWN, now)) {
      return requireUnexpired(known, now);
    }
    if (memory.isRefused(key.digest(), KNOWN, now)) {
      throw refused();
    }
    requireAnswering(failed, now);
    if (known == null) {
      requireAnswering(failedUnknown, now);
      takeUnknown(now);
    }
    KnownKey read = read(key, now, known == null, meter);
    if (read == null) {
      memory.refuse(key.digest(), now);
      throw refused();
    }
    memory.keep(key.digest(), read);
    return requireUnexpired(read, now);
  }

  private void takeUnknown(Moment now) {
    if (!unknown.take(now.nanos())) {
      throw Refusal.rateLimited(
          "too many unknown API keys were sent; a key that has just been made works again soon",
          RETRY);
    }
  }

  private @Nullable KnownKey read(ApiKey key, Moment now, boolean isNew, Meter meter) {
    try {
      KnownKey read = table.read(key, now, meter);
      if (isNew && read != null) {
        unknown.giveBack(); // the limit is for keys that do not exist
      }
      return read;
    } catch (StoreException e) {
      // guesses must not keep known keys from being read
      if (isNew) {
        failedUnknown = clocks.now();
      } else {
        failed = clocks.now();
      }
      throw unavailable(e);
    } catch (IllegalArgumentException e) {
      throw damaged("API key " + key.id(), e);
    }
  }

  /// After a failure the table is left alone for a moment: otherwise every request would wait.
  ///
  /// @param last the last failure; null if there was none
  private static void requireAnswering(@Nullable Moment last, Moment now) {
    if (last != null && last.isWithin(RETRY, now)) {
      throw Refusal.unavailable(UNCHECKED, RETRY, null);
    }
  }

  private static Caller requireUnexpired(KnownKey key, Moment now) {
    if (key.expires() <= now.millis() / MILLIS) {
      throw refused();
    }
    return key.caller();
  }

  private static Refusal refused() {
    return Refusal.of(
        Reason.UNAUTHENTICATED,
        null,
        "the API key is not valid: it is unknown, revoked or expired; accepted: a live key");
  }

  private Refusal unavailable(StoreException e) {
    if (!e.isLogged()) {
      log.error("the table of clients could not be read", e);
    }
    return Refusal.unavailable(UNCHECKED, RETRY, e);
  }

  private static Refusal damaged(String what, IllegalArgumentException e) {
    return Refusal.broken("the entry of " + what + " in the table of clients cannot be read", e);
  }
}
