package dev.pilotlight.protocol;

import dev.pilotlight.domain.Refusal;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the event that S3 sends when something happens to an object. Not thread-safe.
///
/// By hand: the runtime client's serializer for `S3Event` calls an absent `eventTime` or `size` a
/// missing class, cannot tell S3's test event from any other JSON object, and needs Joda-Time.
public final class S3Events {
  static final String TEST_EVENT = "s3:TestEvent";
  private static final String NOT_S3 =
      "the event is not S3's; accepted: an S3 event notification, which has Records, and "
          + TEST_EVENT;

  /// What happened, as S3 or another sender of records says it. What it does not say is empty.
  ///
  /// @param source `aws:s3`, or somebody else
  /// @param name such as `ObjectCreated:Put`
  /// @param key decoded
  /// @param eTag without quotes
  /// @param size in bytes; -1 if unknown
  public record Happening(
      String source,
      String name,
      String bucket,
      String key,
      String versionId,
      String eTag,
      long size,
      String sequencer) {}

  private final JsonReader json;
  private @Nullable List<Happening> happenings;
  private String test = "";

  private String source = "";
  private String name = "";
  private String bucket = "";
  private String key = "";
  private String versionId = "";
  private String eTag = "";
  private long size;
  private String sequencer = "";

  private S3Events(JsonReader json) {
    this.json = json;
  }

  /// All records, in order; a test event is one record of that name.
  ///
  /// @throws IllegalArgumentException in one line if it is not such an event
  public static List<Happening> read(byte[] event) {
    try {
      return JsonReader.read(event, 0, event.length, reader -> new S3Events(reader).event());
    } catch (Refusal e) {
      throw new IllegalArgumentException(NOT_S3 + " (" + e.message() + ")", e);
    }
  }

  private List<Happening> event() throws IOException {
    json.object(
        field -> {
          switch (field) {
            case "Records" -> happenings = records();
            case "Event" -> test = text();
            default -> json.skip();
          }
        });
    if (happenings != null) {
      return happenings;
    }
    if (test.equals(TEST_EVENT)) {
      return List.of(new Happening("aws:s3", TEST_EVENT, "", "", "", "", -1, ""));
    }
    throw new IllegalArgumentException(NOT_S3);
  }

  private List<Happening> records() throws IOException {
    List<Happening> records = new ArrayList<>();
    json.array(index -> records.add(happening()));
    return records;
  }

  private Happening happening() throws IOException {
    forget();
    json.object(
        field -> {
          switch (field) {
            case "eventSource", "EventSource" -> source = text(); // SNS has the other one
            case "eventName" -> name = text();
            case "s3" -> s3();
            default -> json.skip();
          }
        });
    return new Happening(source, name, bucket, key, versionId, eTag, size, sequencer);
  }

  private void forget() {
    source = "";
    name = "";
    bucket = "";
    key = "";
    versionId = "";
    eTag = "";
    size = -1;
    sequencer = "";
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
            case "eTag" -> eTag = text().replace("\"", "");
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
              .formatted(json.path(), Text.shortened(encoded)));
    }
  }
}
