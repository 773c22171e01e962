package dev.pilotlight.batch;

import dev.pilotlight.batch.S3Events.Happening;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// Reads one record of an event of S3. Used once; not thread-safe.
final class S3EventRecord {
  private static final String CREATED = "Object Created";

  private final JsonReader json;
  private String source = "";
  private String name = "";
  private String bucket = "";
  private String key = "";
  private String versionId = "";
  private String eTag = "";
  private long size = -1;
  private String sequencer = "";

  private S3EventRecord(JsonReader json) {
    this.json = json;
  }

  /// An element of `Records` of an S3 event notification.
  ///
  /// @throws Refusal naming the field
  static Happening ofNotification(JsonReader json) throws IOException {
    return new S3EventRecord(json).notification();
  }

  /// The `detail` of an event from EventBridge, whose key is not URL-encoded.
  ///
  /// @param kind the event's `detail-type`
  /// @throws Refusal naming the field
  static Happening ofEventBridge(JsonReader json, String kind) throws IOException {
    return new S3EventRecord(json).detail(kind);
  }

  private Happening notification() throws IOException {
    json.object(
        field -> {
          switch (field) {
            case "eventSource", "EventSource" -> source = text(); // SNS has the other one
            case "eventName" -> name = text();
            case "s3" -> s3();
            default -> json.skip();
          }
        });
    return happening();
  }

  private Happening detail(String kind) throws IOException {
    source = S3Events.SOURCE;
    json.object(
        field -> {
          switch (field) {
            case "reason" -> name = text();
            case "bucket" -> bucket();
            case "object" -> detailObject();
            default -> json.skip();
          }
        });
    name = kind.equals(CREATED) ? "ObjectCreated:" + name : kind;
    return happening();
  }

  private Happening happening() {
    return new Happening(source, name, bucket, key, versionId, eTag, size, sequencer, "");
  }

  private void s3() throws IOException {
    json.object(
        field -> {
          switch (field) {
            case "bucket" -> bucket();
            case "object" -> object();
            default -> json.skip();
          }
        });
  }

  private void bucket() throws IOException {
    json.object(
        field -> {
          if (field.equals("name")) {
            bucket = text();
          } else {
            json.skip();
          }
        });
  }

  private void object() throws IOException {
    json.object(
        field -> {
          switch (field) {
            case "key" -> key = decoded(text());
            case "versionId" -> versionId = text();
            case "eTag" -> eTag = eTag();
            case "size" -> size = size();
            case "sequencer" -> sequencer = text();
            default -> json.skip();
          }
        });
  }

  private void detailObject() throws IOException {
    json.object(
        field -> {
          switch (field) {
            case "key" -> key = text();
            case "version-id" -> versionId = text();
            case "etag" -> eTag = eTag();
            case "size" -> size = size();
            case "sequencer" -> sequencer = text();
            default -> json.skip();
          }
        });
  }

  private String eTag() throws IOException {
    return text().replace("\"", "");
  }

  private long size() throws IOException {
    return json.isNull() ? -1 : json.integer(0, Long.MAX_VALUE);
  }

  private String text() throws IOException {
    return json.isNull() ? "" : json.string();
  }

  private String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid(
          json.path(),
          "%s is \"%s\", which is not URL-encoded as S3 does it; write %%25 for %%"
              .formatted(json.path(), Text.shorten(encoded)));
    }
  }
}
