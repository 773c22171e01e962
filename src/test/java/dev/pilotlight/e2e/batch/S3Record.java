package dev.pilotlight.e2e.batch;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/// A record of an event of S3, written by hand.
///
/// @param more members of the object, each with a comma before it
record S3Record(String name, String bucket, String key, String more) {
  static S3Record created(String key) {
    return new S3Record("ObjectCreated:Put", Inbox.IN, key, "");
  }

  S3Record named(String changed) {
    return new S3Record(changed, bucket, key, more);
  }

  S3Record in(String changed) {
    return new S3Record(name, changed, key, more);
  }

  S3Record with(String member, String value) {
    return new S3Record(name, bucket, key, more + ",\"%s\":\"%s\"".formatted(member, value));
  }

  static String event(S3Record... records) {
    return Arrays.stream(records)
        .map(S3Record::json)
        .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
  }

  private String json() {
    String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8);
    String object = "{\"key\":\"%s\"%s}".formatted(encoded, more);
    return "{\"eventSource\":\"aws:s3\",\"eventName\":\"%s\",\"s3\":{\"bucket\":{\"name\":\"%s\"},"
            .formatted(name, bucket)
        + "\"object\":%s}}".formatted(object);
  }
}
