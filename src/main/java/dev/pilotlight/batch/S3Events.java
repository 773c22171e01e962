package dev.pilotlight.batch;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the event that S3 sends when something happens to an object: an S3 event notification,
/// which has `Records`, or the same from EventBridge, which has `detail`. Not thread-safe.
///
/// By hand: the runtime client's serializer for `S3Event` calls an absent `eventTime` or `size` a
/// missing class, cannot tell S3's test event from any other JSON object, and needs Joda-Time.
public final class S3Events {
  static final String TEST_EVENT = "s3:TestEvent";
  static final String SOURCE = "aws:s3";
  private static final String EVENT_BRIDGE_SOURCE = "aws.s3";
  private static final String NOT_S3 =
      "the event is not S3's; accepted: an S3 event notification, which has Records, the same from"
          + " EventBridge, which has detail, and "
          + TEST_EVENT;

  /// What happened, as S3 or another sender of records reports it. Absent values are empty.
  ///
  /// @param source `aws:s3`, or another sender
  /// @param name such as `ObjectCreated:Put`
  /// @param key decoded
  /// @param eTag without quotes
  /// @param size in bytes; -1 if unknown
  /// @param problem why the record cannot be read, in one line; empty if it can be
  public record Happening(
      String source,
      String name,
      String bucket,
      String key,
      String versionId,
      String eTag,
      long size,
      String sequencer,
      String problem) {
    static Happening unreadable(String problem) {
      return new Happening("", "", "", "", "", "", -1, "", problem);
    }
  }

  private final byte[] event;
  private final JsonReader json;
  private @Nullable List<Happening> happenings;
  private String test = "";
  private String source = "";
  private String detailType = "";
  private int detailStart = -1;
  private int detailEnd;

  private S3Events(byte[] event, JsonReader json) {
    this.event = event;
    this.json = json;
  }

  /// All records, in order; a test event is one record of that name. A record that is malformed has
  /// a [Happening#problem()], so that it fails alone.
  ///
  /// @throws IllegalArgumentException in one line if it is not such an event
  public static List<Happening> read(byte[] event) {
    try {
      return JsonReader.read(event, 0, event.length, reader -> new S3Events(event, reader).event());
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
            case "source" -> source = text();
            case "detail-type" -> detailType = text();
            case "detail" -> detail();
            default -> json.skip();
          }
        });
    if (happenings != null) {
      return happenings;
    }
    if (source.equals(EVENT_BRIDGE_SOURCE) && detailStart >= 0) {
      String kind = detailType;
      return List.of(
          record(detailStart, detailEnd, "detail", r -> S3EventRecord.ofEventBridge(r, kind)));
    }
    if (test.equals(TEST_EVENT)) {
      return List.of(new Happening(SOURCE, TEST_EVENT, "", "", "", "", -1, "", ""));
    }
    throw new IllegalArgumentException(NOT_S3);
  }

  private void detail() throws IOException {
    if (json.token() == JsonToken.START_OBJECT) {
      detailStart = json.start();
    }
    json.skip();
    detailEnd = json.end();
  }

  private List<Happening> records() throws IOException {
    List<Happening> records = new ArrayList<>();
    json.array(
        index -> {
          String name = json.path();
          if (json.token() != JsonToken.START_OBJECT) {
            records.add(Happening.unreadable(json.wrongType("an object").message()));
            json.skip();
            return;
          }
          int start = json.start();
          json.skip();
          records.add(record(start, json.end(), name, S3EventRecord::ofNotification));
        });
    return records;
  }

  /// A document of its own, so that what is wrong with it leaves the others readable.
  private Happening record(
      int start, int end, String name, JsonReader.DocumentHandler<Happening> handler) {
    try {
      return JsonReader.read(name, event, start, end - start, handler);
    } catch (Refusal e) {
      return Happening.unreadable("%s of the event is malformed: %s".formatted(name, e.message()));
    }
  }

  private String text() throws IOException {
    return json.isNull() ? "" : json.string();
  }
}
