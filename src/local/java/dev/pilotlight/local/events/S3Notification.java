package dev.pilotlight.local.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.LocalAccount;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// S3's own notification about a new object.
///
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
final class S3Notification {
  private static final String OWNER = "A1B2C3D4E5F6G7";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private S3Notification() {}

  /// @param configuration names the trigger
  static byte[] json(S3Local.Created created, String configuration, Instant time) {
    ObjectNode event = Json.object();
    ObjectNode record = event.putArray("Records").addObject();
    record
        .put("eventVersion", "2.1")
        .put("eventSource", "aws:s3")
        .put("awsRegion", LocalAccount.REGION)
        .put("eventTime", TIME.format(time))
        .put("eventName", created.eventName());
    record.putObject("userIdentity").put("principalId", "AWS:LOCAL");
    record.putObject("requestParameters").put("sourceIPAddress", Ports.HOST);
    record
        .putObject("responseElements")
        .put("x-amz-request-id", "LOCAL")
        .put("x-amz-id-2", "LOCAL");
    ObjectNode s3 = record.putObject("s3");
    s3.put("s3SchemaVersion", "1.0").put("configurationId", configuration);
    ObjectNode bucket = s3.putObject("bucket").put("name", created.bucket());
    bucket.putObject("ownerIdentity").put("principalId", OWNER);
    bucket.put("arn", "arn:aws:s3:::" + created.bucket());
    ObjectNode object = s3.putObject("object").put("key", encoded(created.key()));
    object.put("size", created.size()).put("eTag", created.eTag());
    if (!created.versionId().isEmpty()) {
      object.put("versionId", created.versionId());
    }
    object.put("sequencer", created.sequencer());
    return Json.bytes(event);
  }

  /// The key URL-encoded as HTML forms do it, except the slash: a space is a plus.
  static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
  }
}
