package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.KeyRows.Terms;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// The KeyValueStore of a stack's CloudFront distribution. Its API needs Signature Version 4A,
/// which this command cannot create, so this class prints AWS CLI commands.
///
/// @param store its ARN; empty without a distribution
public record EdgeKeys(String store) {
  private static final String CLI = "aws cloudfront-keyvaluestore ";

  /// The most characters of a value in a KeyValueStore.
  private static final int ENTRY_CHARS_MAX = 1024;

  private static final Instant ANY_EXPIRY = Instant.ofEpochSecond(9_999_999_999L);

  /// Checks that the store would take a key's entry, before the key is made: also with the expiry
  /// that a rotation may add.
  ///
  /// @param advice what to do if the entry is too long
  /// @throws Refused if the entry is too long
  void requireFits(String tenant, long generation, Terms terms, String advice) throws Refused {
    if (!exists()) {
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

  /// The shell commands that write a key's entry; none without a distribution.
  public List<String> put(String tenant, String digest, long generation, Terms terms) {
    return commands("put-key", digest, " --value=" + quote(entry(tenant, generation, terms)));
  }

  /// The shell commands that delete a key's entry; none without a distribution.
  public List<String> delete(Item listed) {
    return commands("delete-key", listed.text("digest"), "");
  }

  private boolean exists() {
    return !store.isEmpty();
  }

  private static String entry(String tenant, long generation, Terms terms) {
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

  private List<String> commands(String command, String digest, String more) {
    if (!exists()) {
      return List.of();
    }
    String arn = " --kvs-arn=" + quote(store);
    return List.of(
        "etag=$(" + CLI + "describe-key-value-store" + arn + " --query=ETag --output=text)",
        CLI + command + arn + " --if-match=\"$etag\" --key=" + digest + more);
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
