package dev.pilotlight.local.events;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.LocalAccount;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/// EventBridge's event about a new object in S3.
///
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
final class EventBridgeEvent {
  private static final int SIZE_HINT = 1024;
  private static final String NAME = "ObjectCreated:";

  private EventBridgeEvent() {}

  static byte[] json(S3Local.Created created, Instant time) {
    return Json.write(
        SIZE_HINT,
        json -> {
          json.writeStartObject();
          json.writeStringField("version", "0");
          json.writeStringField("id", UUID.randomUUID().toString());
          json.writeStringField("detail-type", "Object Created");
          json.writeStringField("source", "aws.s3");
          json.writeStringField("account", LocalAccount.ID);
          json.writeStringField("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
          json.writeStringField("region", LocalAccount.REGION);
          json.writeArrayFieldStart("resources");
          json.writeString("arn:aws:s3:::" + created.bucket());
          json.writeEndArray();
          detail(json, created);
          json.writeEndObject();
        });
  }

  /// The key is as it is, not URL-encoded as in S3's own notification.
  private static void detail(JsonGenerator json, S3Local.Created created) throws IOException {
    json.writeObjectFieldStart("detail");
    json.writeStringField("version", "0");
    json.writeObjectFieldStart("bucket");
    json.writeStringField("name", created.bucket());
    json.writeEndObject();
    json.writeObjectFieldStart("object");
    json.writeStringField("key", created.key());
    json.writeNumberField("size", created.size());
    json.writeStringField("etag", created.eTag());
    if (!created.versionId().isEmpty()) {
      json.writeStringField("version-id", created.versionId());
    }
    json.writeStringField("sequencer", created.sequencer());
    json.writeEndObject();
    json.writeStringField("request-id", "LOCAL");
    json.writeStringField("requester", LocalAccount.ID);
    json.writeStringField("source-ip-address", Ports.HOST);
    json.writeStringField("reason", reason(created.eventName()));
    json.writeEndObject();
  }

  /// Such as `PutObject`.
  private static String reason(String eventName) {
    String kind = eventName.substring(eventName.indexOf(NAME) + NAME.length());
    return switch (kind) {
      case "Put", "Post", "Copy" -> kind + "Object";
      default -> kind;
    };
  }
}
