package dev.pilotlight.batch.event;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the event that S3 sends when something happens to an object: an S3 event notification,
/// which has `Records`, or an event from EventBridge, which has `detail`. Reads also the event of
/// an EventBridge schedule. Not thread-safe.
///
/// The runtime client's serializer for `S3Event` does not serve: it calls an absent `eventTime` or
/// `size` a missing class, cannot distinguish S3's test event from any other JSON object, and needs
/// Joda-Time.
public final class S3Events {
  private static final String TEST_EVENT = "s3:TestEvent";
  private static final String EVENT_BRIDGE_SOURCE = "aws.s3";
  private static final String SCHEDULE_SOURCE = "aws.events";
  private static final String SCHEDULED = "Scheduled Event";
  private static final String NOT_S3 =
      "the event is not S3's; accepted: an S3 event notification, which has Records, the same from"
          + " EventBridge, which has detail, and "
          + TEST_EVENT;

  /// A record of an event.
  public sealed interface Notice {
    /// An object, or a new version of one, was created.
    record Created(ObjectVersion version) implements Notice {}

    /// The schedule fired: look for waiting batches.
    record Scheduled() implements Notice {}

    /// There is nothing to do.
    ///
    /// @param what happened, and to what, for the log
    record Other(String what) implements Notice {}

    /// A record that cannot be read. It fails alone.
    ///
    /// @param reason in one line
    record Malformed(String reason) implements Notice {}
  }

  private final byte[] event;
  private final JsonReader json;
  private final boolean strict;
  private @Nullable List<Notice> notices;
  private String test = "";
  private String source = "";
  private String detailType = "";
  private int detailStart = -1;
  private int detailEnd;

  private S3Events(byte[] event, JsonReader json, boolean strict) {
    this.event = event;
    this.json = json;
    this.strict = strict;
  }

  /// All records, in order. A test event is one record.
  ///
  /// @throws IllegalArgumentException in one line if it is not an event of S3
  public static List<Notice> read(byte[] event) {
    return read(event, false);
  }

  /// As [#read(byte[])], but a record of another sender is [Notice.Malformed] instead of
  /// [Notice.Other]: for an event that nobody keeps unless the function fails.
  static List<Notice> readStrictly(byte[] event) {
    return read(event, true);
  }

  private static List<Notice> read(byte[] event, boolean strict) {
    try {
      return JsonReader.read(
          event, 0, event.length, reader -> new S3Events(event, reader, strict).event());
    } catch (Refusal e) {
      throw new IllegalArgumentException(NOT_S3 + " (" + e.message() + ")", e);
    }
  }

  private List<Notice> event() throws IOException {
    json.object(
        field -> {
          switch (field) {
            case "Records" -> notices = records();
            case "Event" -> test = text();
            case "source" -> source = text();
            case "detail-type" -> detailType = text();
            case "detail" -> detail();
            default -> json.skip();
          }
        });
    if (notices != null) {
      return notices;
    }
    if (source.equals(EVENT_BRIDGE_SOURCE) && detailStart >= 0) {
      String kind = detailType;
      return List.of(
          record(detailStart, detailEnd, "detail", r -> S3EventRecord.ofEventBridge(r, kind)));
    }
    if (source.equals(SCHEDULE_SOURCE) && detailType.equals(SCHEDULED)) {
      return List.of(new Notice.Scheduled());
    }
    if (test.equals(TEST_EVENT)) {
      return List.of(new Notice.Other("%s from %s".formatted(TEST_EVENT, S3EventRecord.SOURCE)));
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

  private List<Notice> records() throws IOException {
    List<Notice> records = new ArrayList<>();
    json.array(
        index -> {
          String name = json.path();
          if (json.token() != JsonToken.START_OBJECT) {
            records.add(new Notice.Malformed(json.wrongType("an object").message()));
            json.skip();
            return;
          }
          int start = json.start();
          json.skip();
          records.add(
              record(start, json.end(), name, r -> S3EventRecord.ofNotification(r, strict)));
        });
    return records;
  }

  /// Reads a record as a document, so that its faults leave the others readable.
  private Notice record(
      int start, int end, String name, JsonReader.DocumentHandler<Notice> handler) {
    try {
      return JsonReader.read(name, event, start, end - start, handler);
    } catch (Refusal e) {
      return new Notice.Malformed("%s of the event is malformed: %s".formatted(name, e.message()));
    }
  }

  private String text() throws IOException {
    return json.isNull() ? "" : json.string();
  }
}
