package dev.pilotlight.local.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.LocalAccount;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/// EventBridge's event about a new object in S3.
///
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
public final class EventBridgeEvent {
  private static final String NAME = "ObjectCreated:";

  private EventBridgeEvent() {}

  /// The key is not URL-encoded, unlike in S3's own notification.
  public static byte[] json(S3Local.Created created, Instant time) {
    ObjectNode event = Json.object();
    event
        .put("version", "0")
        .put("id", UUID.randomUUID().toString())
        .put("detail-type", "Object Created")
        .put("source", "aws.s3")
        .put("account", LocalAccount.ID)
        .put("time", time.truncatedTo(ChronoUnit.SECONDS).toString())
        .put("region", LocalAccount.REGION)
        .putArray("resources")
        .add("arn:aws:s3:::" + created.bucket());
    ObjectNode detail = event.putObject("detail").put("version", "0");
    detail.putObject("bucket").put("name", created.bucket());
    ObjectNode object = detail.putObject("object");
    object.put("key", created.key()).put("size", created.size()).put("etag", created.eTag());
    if (!created.versionId().isEmpty()) {
      object.put("version-id", created.versionId());
    }
    object.put("sequencer", created.sequencer());
    detail
        .put("request-id", "LOCAL")
        .put("requester", LocalAccount.ID)
        .put("source-ip-address", Ports.HOST)
        .put("reason", reason(created.eventName()));
    return Json.bytes(event);
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
