package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.aws.AwsCalls;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.KeyRows.Terms;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The keys at a stack's CloudFront distribution. Without a distribution nothing is written.
public final class EdgeKeys {
  private static final Instant ANY_EXPIRY = Instant.ofEpochSecond(9_999_999_999L);

  /// Counts of entries.
  ///
  /// @param refused the keys that CloudFront refuses although they are live, and why
  public record Synced(int written, int deleted, int unchanged, List<String> refused) {}

  private final Optional<EdgeSync> sync;

  private EdgeKeys(Optional<EdgeSync> sync) {
    this.sync = sync;
  }

  /// Those of a stack without a distribution.
  public static EdgeKeys none() {
    return new EdgeKeys(Optional.empty());
  }

  /// Those of a stack.
  ///
  /// @param arn of its KeyValueStore; empty without a distribution
  /// @param clients the table of clients
  static EdgeKeys of(AwsCalls calls, String arn, Table clients) {
    return arn.isEmpty()
        ? none()
        : new EdgeKeys(Optional.of(new EdgeSync(new EdgeStore(calls, arn), clients)));
  }

  /// Checks that the distribution would take a key, before the key is made: also with the expiry
  /// that a rotation may add.
  ///
  /// @param advice what to do if the entry is too long
  /// @throws Refused if the entry is too long, or the store cannot be reached
  void requireTakes(String tenant, long generation, Terms terms, String advice) throws Refused {
    if (sync.isEmpty()) {
      return;
    }
    Terms longest = terms.expires() == null ? terms.until(ANY_EXPIRY) : terms;
    int chars = EdgeEntry.of(tenant, generation, longest).length();
    if (chars > EdgeEntry.CHARS_MAX) {
      throw new Refused(
          "the key's entry at the distribution would have %d characters with an expiry; accepted:"
                  .formatted(chars)
              + " up to %d; %s".formatted(EdgeEntry.CHARS_MAX, advice));
    }
    var _ = sync.get().store().version();
  }

  /// Makes a key's entry equal to the table: written if the key is valid, or deleted.
  ///
  /// @param digest of the key
  public void settle(String tenant, String digest) throws Refused, InterruptedException {
    if (sync.isPresent()) {
      sync.get().settle(tenant, digest);
    }
  }

  /// Deletes the entries of a deleted tenant's keys.
  public void forget(List<Item> listed) throws Refused, InterruptedException {
    if (sync.isPresent()) {
      sync.get().forget(listed);
    }
  }

  /// Makes all entries equal to the table.
  ///
  /// @throws Refused also without a distribution
  public Synced sync() throws Refused, InterruptedException {
    if (sync.isEmpty()) {
      throw new Refused("there is no distribution; deploy the stack with Edge=on");
    }
    return sync.get().run();
  }
}
