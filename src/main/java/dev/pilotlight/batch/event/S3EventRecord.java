package dev.pilotlight.batch.event;

import dev.pilotlight.batch.event.S3Events.Notice;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// Reads one record of an event of S3. Used once; not thread-safe.
final class S3EventRecord {
  static final String SOURCE = "aws:s3";
  private static final String CREATED = "ObjectCreated:";
  private static final String BRIDGE_CREATED = "Object Created";

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
  /// @param strict whether a record of another sender is refused
  /// @throws Refusal naming the field
  static Notice ofNotification(JsonReader json, boolean strict) throws IOException {
    S3EventRecord record = new S3EventRecord(json);
    Notice notice = record.notification();
    return strict && !record.source.equals(SOURCE)
        ? new Notice.Malformed(
            "a record is from %s; accepted: %s"
                .formatted(record.source.isEmpty() ? "an unknown sender" : record.source, SOURCE))
        : notice;
  }

  /// The `detail` of an event from EventBridge, whose key is not URL-encoded.
  ///
  /// @param kind the event's `detail-type`
  /// @throws Refusal naming the field
  static Notice ofEventBridge(JsonReader json, String kind) throws IOException {
    return new S3EventRecord(json).detail(kind);
  }

  private Notice notification() throws IOException {
    json.object(
        field -> {
          switch (field) {
            case "eventSource", "EventSource" -> source = text(); // SNS has the other one
            case "eventName" -> name = text();
            case "s3" -> s3();
            default -> json.skip();
          }
        });
    return notice();
  }

  private Notice detail(String kind) throws IOException {
    source = SOURCE;
    json.object(
        field -> {
          switch (field) {
            case "reason" -> name = text();
            case "bucket" -> bucket();
            case "object" -> object(false);
            default -> json.skip();
          }
        });
    name = kind.equals(BRIDGE_CREATED) ? CREATED + name : kind;
    return notice();
  }

  private Notice notice() {
    if (!source.equals(SOURCE) || !name.startsWith(CREATED)) {
      String object = key.isEmpty() ? "" : " of s3://%s/%s".formatted(bucket, key);
      return new Notice.Other(
          "%s from %s%s"
              .formatted(
                  name.isEmpty() ? "a record" : name,
                  source.isEmpty() ? "an unknown sender" : source,
                  object));
    }
    if (bucket.isEmpty() || key.isEmpty()) {
      return new Notice.Malformed(
          "the event's %s record names no object; accepted: s3.bucket.name and s3.object.key"
              .formatted(name));
    }
    return new Notice.Created(new ObjectVersion(bucket, key, versionId, eTag, size, sequencer));
  }

  private void s3() throws IOException {
    json.object(
        field -> {
          switch (field) {
            case "bucket" -> bucket();
            case "object" -> object(true);
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

  /// @param encoded whether the key is URL-encoded
  private void object(boolean encoded) throws IOException {
    json.object(
        field -> {
          switch (field) {
            case "key" -> key = encoded ? decoded(text()) : text();
            case "versionId", "version-id" -> versionId = text();
            case "eTag", "etag" -> eTag = text().replace("\"", "");
            case "size" -> size = json.isNull() ? -1 : json.integer(0, Long.MAX_VALUE);
            case "sequencer" -> sequencer = text();
            default -> json.skip();
          }
        });
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
