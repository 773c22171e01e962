package dev.pilotlight.batch;

import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// The response of the batch function, which synchronous callers get:
/// `{"batches":[{"object":"s3://…","ending":"done"}]}`.
public final class BatchReplyWriter {
  /// One record of the event, and how it ended.
  public record Entry(String object, String ending) {}

  private BatchReplyWriter() {}

  /// Writes the answer to an event.
  public static byte[] write(List<Entry> entries) {
    JsonBytes json = new JsonBytes().object().name("batches").array();
    entries.forEach(
        entry ->
            json.object()
                .field("object", entry.object())
                .field("ending", entry.ending())
                .endObject());
    return json.endArray().endObject().toByteArray();
  }
}
