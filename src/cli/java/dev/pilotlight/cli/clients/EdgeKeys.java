package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.aws.AwsCalls;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.KeyRows.Terms;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The keys in the KeyValueStore of a stack's CloudFront distribution: an entry by the SHA-256 of
/// each live key. Without a distribution nothing is written.
public final class EdgeKeys {
  /// The most characters of a value in a KeyValueStore.
  static final int ENTRY_CHARS_MAX = 1024;

  private static final int ATTEMPTS = 5;
  private static final Instant ANY_EXPIRY = Instant.ofEpochSecond(9_999_999_999L);

  private final Optional<EdgeStore> store;

  private EdgeKeys(Optional<EdgeStore> store) {
    this.store = store;
  }

  /// Those of a stack without a distribution.
  public static EdgeKeys none() {
    return new EdgeKeys(Optional.empty());
  }

  /// Those of a stack.
  ///
  /// @param arn of its KeyValueStore; empty without a distribution
  static EdgeKeys of(AwsCalls calls, String arn) {
    return arn.isEmpty() ? none() : new EdgeKeys(Optional.of(new EdgeStore(calls, arn)));
  }

  Optional<EdgeStore> store() {
    return store;
  }

  /// Checks that the store would take a key's entry, before the key is made: also with the expiry
  /// that a rotation may add.
  ///
  /// @param advice what to do if the entry is too long
  /// @throws Refused if the entry is too long
  void requireFits(String tenant, long generation, Terms terms, String advice) throws Refused {
    if (store.isEmpty()) {
      return;
    }
    Terms longest = terms.expires() == null ? terms.until(ANY_EXPIRY) : terms;
    int chars = entry(tenant, generation, longest).length();
    if (chars > ENTRY_CHARS_MAX) {
      throw new Refused(
          "the key's entry at the distribution would have %d characters with an expiry; accepted:"
                  .formatted(chars)
              + " up to %d; %s".formatted(ENTRY_CHARS_MAX, advice));
    }
  }

  /// Writes a key's entry.
  ///
  /// @param digest of the key
  public void put(String tenant, String digest, long generation, Terms terms) throws Refused {
    String entry = entry(tenant, generation, terms);
    change((at, version) -> at.put(version, digest, entry));
  }

  /// Deletes the entries of keys, where there are any.
  public void delete(List<Item> listed) throws Refused {
    for (Item key : listed) {
      change((at, version) -> at.delete(version, key.requiredText("digest")));
    }
  }

  /// A change of one version of the store: the next version, or empty if it has another one.
  private interface Change {
    Optional<String> of(EdgeStore store, String version) throws Refused;
  }

  private void change(Change change) throws Refused {
    if (store.isEmpty()) {
      return;
    }
    EdgeStore at = store.get();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (change.of(at, at.version()).isPresent()) {
        return;
      }
    }
    throw new Refused("others change the distribution's keys at the same time; try again");
  }

  /// The value that the distribution's function reads.
  static String entry(String tenant, long generation, Terms terms) {
    JsonBytes entry =
        new JsonBytes()
            .object()
            .field("state", "live")
            .field("tenant", tenant)
            .field("generation", generation);
    Instant expires = terms.expires();
    if (expires != null) {
      entry.field("expires", expires.getEpochSecond());
    }
    if (!terms.models().isEmpty()) {
      entry.strings("models", terms.models());
    }
    if (!terms.routes().isEmpty()) {
      entry.strings("routes", terms.routes());
    }
    return new String(entry.endObject().toByteArray(), StandardCharsets.UTF_8);
  }
}
