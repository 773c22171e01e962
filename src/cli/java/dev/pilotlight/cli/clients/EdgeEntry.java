package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.clients.KeyRows.Terms;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The value of a key in a distribution's KeyValueStore, as the distribution's function reads it.
final class EdgeEntry {
  /// The most characters of a value in a KeyValueStore.
  static final int CHARS_MAX = 1024;

  private static final String LIVE = "live";

  private EdgeEntry() {}

  /// The entry of a key; empty if the function refuses the key, too.
  ///
  /// @param tenant its tenant's item, if there is one
  /// @param key its item by digest, if there is one
  static Optional<String> of(Optional<Item> tenant, Optional<Item> key, Instant now) {
    if (tenant.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    long generation = tenant.get().number("generation");
    if (!tenant.get().requiredText("state").equals(LIVE)
        || !key.get().requiredText("state").equals(LIVE)
        || key.get().number("generation") != generation) {
      return Optional.empty();
    }
    // only now: a key that is revoked needs no valid terms
    Terms terms = KeyRows.terms(key.get());
    Instant expires = terms.expires();
    return expires == null || expires.isAfter(now)
        ? Optional.of(of(TenantRows.name(tenant.get()), generation, terms))
        : Optional.empty();
  }

  /// The entry of a valid key.
  static String of(String tenant, long generation, Terms terms) {
    JsonBytes entry =
        new JsonBytes()
            .object()
            .field("state", LIVE)
            .field("tenant", tenant)
            .field("generation", generation);
    Instant expires = terms.expires();
    if (expires != null) {
      entry.field("expires", expires.getEpochSecond());
    }
    // sorted, since DynamoDB's sets have no order
    list(entry, "models", terms.models());
    list(entry, "routes", terms.routes());
    return new String(entry.endObject().toByteArray(), StandardCharsets.UTF_8);
  }

  private static void list(JsonBytes entry, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      entry.strings(name, texts.stream().sorted().toList());
    }
  }
}
