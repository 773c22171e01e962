package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.aws.Asked;
import dev.pilotlight.cli.aws.AwsCalls;
import dev.pilotlight.cli.aws.AwsCalls.Call;
import dev.pilotlight.cli.aws.AwsCalls.Reply;
import dev.pilotlight.cli.aws.Signatures;
import dev.pilotlight.cli.aws.Urls;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.SdkHttpMethod;

/// A KeyValueStore of CloudFront, by its data API. Each change names the version that it changes,
/// so that two writers never overwrite each other's changes. Source: Amazon CloudFront API
/// Reference, "Amazon CloudFront KeyValueStore" actions.
///
/// @param arn of the store
record EdgeStore(AwsCalls calls, String arn) {
  /// The most changes in one call, and the most entries of a page.
  static final int CALL_MAX = 50;

  private static final String SERVICE = "cloudfront-keyvaluestore";
  private static final Pattern ARN =
      Pattern.compile("arn:aws:cloudfront::(\\d+):key-value-store/[A-Za-z0-9-]+");

  /// The entries at a version of the store.
  ///
  /// @param version the ETag
  /// @param values by key
  record Entries(String version, Map<String, String> values) {}

  /// The store's version.
  String version() throws Refused {
    return version(require(call(SdkHttpMethod.GET, "", Map.of(), "")));
  }

  /// All entries, with a version that is not newer than they are.
  Entries entries() throws Refused {
    String version = version();
    Map<String, String> values = new TreeMap<>();
    String next = "";
    do {
      String more = next.isEmpty() ? "" : "&NextToken=" + Urls.encode(next);
      String path = "/keys?MaxResults=" + CALL_MAX + more;
      Reply reply = require(call(SdkHttpMethod.GET, path, Map.of(), ""));
      JsonFile page =
          JsonFile.of("the list of keys", reply.body().getBytes(StandardCharsets.UTF_8));
      if (!(page.value("Items").orElse(List.of()) instanceof List<?> items)) {
        throw new Refused(SERVICE + ": the Items of the list of keys are not a list");
      }
      for (Object item : items) {
        JsonFile entry = new JsonFile("the list of keys", item);
        values.put(text(entry, "Key"), text(entry, "Value"));
      }
      next = page.text("NextToken").orElse("");
    } while (!next.isEmpty());
    return new Entries(version, values);
  }

  /// Creates or replaces an entry.
  ///
  /// @return false if others have changed the store, or change it now
  boolean put(String version, String key, String value) throws Refused {
    String body = text(new JsonBytes().object().field("Value", value).endObject());
    String path = "/keys/" + Urls.encode(key);
    return changed(version, change(SdkHttpMethod.PUT, path, version, body)).isPresent();
  }

  /// Deletes an entry, if the store has it.
  ///
  /// @return as [#put]
  boolean delete(String version, String key) throws Refused {
    Asked<Reply> reply = change(SdkHttpMethod.DELETE, "/keys/" + Urls.encode(key), version, "");
    boolean isAbsent =
        reply instanceof Asked.Unknown<Reply>(String reason)
            && reason.startsWith("ResourceNotFound");
    return isAbsent || changed(version, reply).isPresent();
  }

  /// Changes up to [#CALL_MAX] entries, all or none.
  ///
  /// @param values by key; an empty one deletes its entry, which the store has
  /// @return the new version; empty where [#put] returns false
  Optional<String> update(String version, Map<String, String> values) throws Refused {
    JsonBytes puts = new JsonBytes().array();
    JsonBytes deletes = new JsonBytes().array();
    values.forEach(
        (key, value) -> {
          JsonBytes list = value.isEmpty() ? deletes : puts;
          list.object().field("Key", key);
          if (!value.isEmpty()) {
            list.field("Value", value);
          }
          list.endObject();
        });
    JsonBytes body =
        new JsonBytes()
            .object()
            .name("Puts")
            .raw(puts.endArray().toByteArray())
            .name("Deletes")
            .raw(deletes.endArray().toByteArray())
            .endObject();
    return changed(version, change(SdkHttpMethod.POST, "/keys", version, text(body)));
  }

  /// The API documents no error for an older version, so after a refused change the store's version
  /// decides. It answers `ConflictException` also while an earlier change is in progress.
  private Optional<String> changed(String version, Asked<Reply> reply) throws Refused {
    if (reply instanceof Asked.Unknown<Reply>(String reason)
        && (reason.startsWith("Conflict") || !version().equals(version))) {
      return Optional.empty();
    }
    return Optional.of(version(require(reply)));
  }

  private Asked<Reply> change(SdkHttpMethod method, String path, String version, String body)
      throws Refused {
    Map<String, String> headers = new HashMap<>();
    headers.put("if-match", version);
    if (!body.isEmpty()) {
      headers.put("content-type", "application/json");
    }
    return call(method, path, headers, body);
  }

  private Asked<Reply> call(
      SdkHttpMethod method, String path, Map<String, String> headers, String body) throws Refused {
    Matcher matcher = ARN.matcher(arn);
    if (!matcher.matches()) {
      throw new Refused(
          "the stack's output EdgeKeyStore is '%s'; accepted: the ARN of a KeyValueStore"
              .formatted(arn));
    }
    String host = matcher.group(1) + ".cloudfront-kvs.global.api.aws";
    String whole = "/key-value-stores/" + Urls.encode(arn) + path;
    return calls.reply(
        new Call(method, SERVICE, Signatures.ALL_REGIONS, host, whole, headers, body));
  }

  private static Reply require(Asked<Reply> asked) throws Refused {
    return switch (asked) {
      case Asked.Known<Reply>(Reply reply) -> reply;
      case Asked.Unknown<Reply>(String reason) -> throw new Refused(SERVICE + ": " + reason);
    };
  }

  private static String version(Reply reply) throws Refused {
    String version = reply.headers().get("etag");
    if (version == null) {
      throw new Refused(SERVICE + ": an answer has no ETag");
    }
    return version;
  }

  private static String text(JsonFile entry, String name) throws Refused {
    return entry
        .text(name)
        .orElseThrow(() -> new Refused(SERVICE + ": a key of the list has no " + name));
  }

  private static String text(JsonBytes json) {
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }
}
