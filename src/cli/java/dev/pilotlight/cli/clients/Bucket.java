package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.aws.Asked;
import dev.pilotlight.cli.aws.AwsCalls;
import dev.pilotlight.cli.aws.AwsCalls.Call;
import dev.pilotlight.cli.aws.AwsCalls.Reply;
import dev.pilotlight.cli.aws.Urls;
import dev.pilotlight.cli.aws.XmlRows;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.support.Sha256;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;

/// One S3 bucket.
///
/// @param name of the bucket; empty if the stack has none
public record Bucket(AwsCalls calls, String region, String name) {
  private static final String EMPTY_SHA256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  /// One version of an object, or a delete marker.
  ///
  /// @param version empty where the bucket has no versions
  private record Version(String key, String version) {}

  /// Deletes all versions of all objects whose key begins with a text.
  ///
  /// @return how many there were
  public long deleteAll(String prefix) throws Refused {
    long deleted = 0;
    List<Version> versions = name.isEmpty() ? List.of() : page(prefix);
    while (!versions.isEmpty()) {
      delete(versions);
      deleted += versions.size();
      versions = page(prefix);
    }
    return deleted;
  }

  /// Deletes the versions of a page in one call.
  private void delete(List<Version> versions) throws Refused {
    StringBuilder xml = new StringBuilder("<Delete><Quiet>true</Quiet>");
    boolean any = false;
    for (Version each : versions) {
      if (each.key.chars().allMatch(Bucket::isInXml)) {
        any = true;
        xml.append("<Object><Key>").append(escaped(each.key)).append("</Key>");
        if (!each.version.isEmpty()) {
          xml.append("<VersionId>").append(escaped(each.version)).append("</VersionId>");
        }
        xml.append("</Object>");
      } else {
        String query = each.version.isEmpty() ? "" : "?versionId=" + Urls.encode(each.version);
        var _ = requireAnswer(ask(SdkHttpMethod.DELETE, path(each.key) + query));
      }
    }
    if (any) {
      XmlRows answer =
          requireAnswer(XmlRows.of(requireAnswer(deleteMany(xml.append("</Delete>").toString()))));
      List<Map<String, String>> errors = answer.rows("Error");
      if (!errors.isEmpty()) {
        Map<String, String> first = errors.getFirst();
        throw new Refused(
            "s3: %s: %s (%s in %s)"
                .formatted(first.get("Code"), first.get("Message"), first.get("Key"), name));
      }
    }
  }

  private Asked<String> deleteMany(String xml) {
    byte[] body = xml.getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers =
        Map.of(
            "content-type",
            "application/xml",
            "content-md5",
            Base64.getEncoder().encodeToString(md5(body)),
            "x-amz-content-sha256",
            HexFormat.of().formatHex(Sha256.of(body)));
    String path = "/" + name + "?delete=";
    return calls.ask(
        new Call(SdkHttpMethod.POST, "s3", region, Call.aws("s3." + region), path, headers, xml));
  }

  private static byte[] md5(byte[] body) {
    try {
      return MessageDigest.getInstance("MD5").digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /// Whether XML 1.0 has the character as it is; S3 also takes keys that XML cannot write.
  private static boolean isInXml(int c) {
    return c >= ' ' && c < '\ufffe';
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /// The first versions there are; after these are deleted, the next are the first.
  private List<Version> page(String prefix) throws Refused {
    String query = "?encoding-type=url&max-keys=1000&prefix=" + Urls.encode(prefix);
    Asked<String> asked = ask(SdkHttpMethod.GET, "/" + name + query + "&versions=");
    if (asked instanceof Asked.Unknown<String>(String reason)
        && (reason.startsWith("NotImplemented") || reason.startsWith("MethodNotAllowed"))) {
      asked = ask(SdkHttpMethod.GET, "/" + name + query + "&list-type=2"); // an emulator
    }
    XmlRows answer = requireAnswer(XmlRows.of(requireAnswer(asked)));
    List<Version> versions = new ArrayList<>();
    for (String kind : new String[] {"Version", "DeleteMarker", "Contents"}) {
      for (Map<String, String> row : answer.rows(kind)) {
        String key = URLDecoder.decode(row.getOrDefault("Key", ""), StandardCharsets.UTF_8);
        if (!key.startsWith(prefix)) {
          throw new Refused(
              "s3: the list of %s has an object outside of %s".formatted(name, prefix));
        }
        versions.add(new Version(key, row.getOrDefault("VersionId", "")));
      }
    }
    return versions;
  }

  private Asked<String> ask(SdkHttpMethod method, String path) {
    return reply(method, path, Map.of()).map(Reply::body);
  }

  /// Sends a request without a body.
  ///
  /// @param path with the query
  public Asked<Reply> reply(SdkHttpMethod method, String path, Map<String, String> headers) {
    return calls.reply(call(method, path, headers));
  }

  /// As [#reply(SdkHttpMethod, String, Map)].
  ///
  /// @param timeout how long each attempt may take
  public Asked<Reply> reply(
      SdkHttpMethod method, String path, Map<String, String> headers, Duration timeout) {
    return calls.reply(call(method, path, headers), timeout);
  }

  private Call call(SdkHttpMethod method, String path, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("x-amz-content-sha256", EMPTY_SHA256);
    return new Call(method, "s3", region, Call.aws("s3." + region), path, all, "");
  }

  /// The path of an object's URL.
  public String path(String key) {
    List<String> parts = new ArrayList<>();
    for (String part : key.split("/", -1)) {
      parts.add(Urls.encode(part));
    }
    return "/" + name + "/" + String.join("/", parts);
  }

  /// Returns S3's answer.
  ///
  /// @throws Refused if there is none
  public <T> T requireAnswer(Asked<T> asked) throws Refused {
    return switch (asked) {
      case Asked.Known<T>(T value) -> value;
      case Asked.Unknown<T>(String reason) ->
          throw new Refused("s3: %s (%s)".formatted(reason, name));
    };
  }
}
