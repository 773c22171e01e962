package dev.pilotlight.local.events;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.LocalAccount;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// What S3 sends of a new object.
///
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
final class S3Notification {
  private static final String OWNER = "A1B2C3D4E5F6G7";
  private static final int SIZE_HINT = 1024;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private S3Notification() {}

  /// @param configuration names the trigger
  static byte[] json(S3Local.Created created, String configuration, Instant time) {
    return Json.write(
        SIZE_HINT,
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("Records");
          record(json, created, configuration, time);
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /// As HTML forms do it, but for the slash: a space is a plus.
  static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
  }

  private static void record(
      JsonGenerator json, S3Local.Created created, String configuration, Instant time)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("eventVersion", "2.1");
    json.writeStringField("eventSource", "aws:s3");
    json.writeStringField("awsRegion", LocalAccount.REGION);
    json.writeStringField("eventTime", TIME.format(time));
    json.writeStringField("eventName", created.eventName());
    object(json, "userIdentity", "principalId", "AWS:LOCAL");
    object(json, "requestParameters", "sourceIPAddress", Ports.HOST);
    object(json, "responseElements", "x-amz-request-id", "LOCAL", "x-amz-id-2", "LOCAL");
    json.writeObjectFieldStart("s3");
    json.writeStringField("s3SchemaVersion", "1.0");
    json.writeStringField("configurationId", configuration);
    bucket(json, created.bucket());
    object(json, created);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void bucket(JsonGenerator json, String bucket) throws IOException {
    json.writeObjectFieldStart("bucket");
    json.writeStringField("name", bucket);
    object(json, "ownerIdentity", "principalId", OWNER);
    json.writeStringField("arn", "arn:aws:s3:::" + bucket);
    json.writeEndObject();
  }

  private static void object(JsonGenerator json, S3Local.Created created) throws IOException {
    json.writeObjectFieldStart("object");
    json.writeStringField("key", encoded(created.key()));
    json.writeNumberField("size", created.size());
    json.writeStringField("eTag", created.eTag());
    if (!created.versionId().isEmpty()) {
      json.writeStringField("versionId", created.versionId());
    }
    json.writeStringField("sequencer", created.sequencer());
    json.writeEndObject();
  }

  private static void object(JsonGenerator json, String name, String... pairs) throws IOException {
    json.writeObjectFieldStart(name);
    for (int i = 0; i < pairs.length; i += 2) {
      json.writeStringField(pairs[i], pairs[i + 1]);
    }
    json.writeEndObject();
  }
}
