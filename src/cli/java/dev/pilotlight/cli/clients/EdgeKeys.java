package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.clients.KeyRows.Created;
import dev.pilotlight.cli.clients.KeyRows.Terms;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The KeyValueStore of the distribution before a stack's API. Its calls need signatures of another
/// kind than this command makes, so they are for the AWS CLI.
///
/// @param store its ARN; empty without a distribution
public record EdgeKeys(String store) {
  private static final String CLI = "aws cloudfront-keyvaluestore ";

  /// Whether the stack has a distribution.
  public boolean isThere() {
    return !store.isEmpty();
  }

  /// The lines of a shell that write a new key's entry; none without a distribution.
  public List<String> put(String tenant, Created created) {
    return put(tenant, created.digest(), created.generation(), created.terms());
  }

  /// The lines of a shell that write a listed key's entry; none without a distribution.
  ///
  /// @param generation of the key's tenant
  public List<String> put(String tenant, Item listed, long generation) {
    Terms terms =
        new Terms(
            "",
            listed.texts("models"),
            listed.texts("routes"),
            listed.optional("expires").map(Instant::ofEpochSecond).orElse(null));
    return put(tenant, listed.text("digest"), generation, terms);
  }

  private List<String> put(String tenant, String digest, long generation, Terms terms) {
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
    String json = new String(entry.endObject().toByteArray(), StandardCharsets.UTF_8);
    return calls("put-key", digest, " --value=" + quoted(json));
  }

  /// The lines of a shell that delete a key's entry; none without a distribution.
  public List<String> delete(Item listed) {
    return calls("delete-key", listed.text("digest"), "");
  }

  private List<String> calls(String call, String digest, String more) {
    List<String> lines = new ArrayList<>();
    if (isThere()) {
      String arn = " --kvs-arn=" + quoted(store);
      lines.add(
          "etag=$(" + CLI + "describe-key-value-store" + arn + " --query=ETag --output=text)");
      lines.add(CLI + call + arn + " --if-match=\"$etag\" --key=" + digest + more);
    }
    return lines;
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
