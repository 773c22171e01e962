package dev.pilotlight.access;

import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Sha256;
import dev.pilotlight.support.json.JsonBytes;
import dev.pilotlight.tenant.Caller;
import dev.pilotlight.tenant.Tenants;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Checks the owner header, part of CloudFront's cache key, against the table of clients. The edge
/// function reads the owner from a KeyValueStore that operators edit; with a wrong entry, keys with
/// different rights would share answers. Thread-safe.
final class EdgeOwner {
  /// The header of the owner: the tenant, its generation and the key's rights.
  static final String OWNER = "x-pl-tenant";

  private static final String ALL = "*";

  private final Log log;

  EdgeOwner(Log log) {
    this.log = log;
  }

  /// Whether the owner header matches the table; logs a mismatch.
  boolean matches(KnownKey key, HttpRequest head) {
    boolean same = of(key).equals(head.headers().get(OWNER));
    if (!same) {
      log.warn(
          "the KeyValueStore's entry of a key differs from the table of clients; the distribution"
              + " keeps no answers for the key",
          null,
          "key",
          key.caller().key());
    }
    return same;
  }

  /// The owner as `src/edge/viewer-request.js` writes it.
  static String of(KnownKey key) {
    Caller caller = key.caller();
    return caller.tenant().substring(Tenants.OF_KEY.length())
        + "#"
        + caller.generation()
        + ":"
        + rights(key.models(), caller.routes());
  }

  private static String rights(@Nullable Set<String> models, @Nullable Set<String> routes) {
    if (models == null && routes == null) {
      return ALL;
    }
    JsonBytes json = new JsonBytes().array();
    write(json, models);
    write(json, routes);
    return Sha256.base64Url(json.endArray().toByteArray());
  }

  private static void write(JsonBytes json, @Nullable Set<String> list) {
    if (list == null) {
      json.literal("null");
      return;
    }
    json.array();
    new TreeSet<>(list).forEach(json::string);
    json.endArray();
  }
}
