package dev.pilotlight.batch;

import dev.pilotlight.protocol.json.JsonBytes;
import java.util.List;

/// What the batch function answers when it is invoked synchronously:
/// `{"batches":[{"object":"s3://…","ending":"done"}]}`.
public final class BatchReplyWriter {
  /// What became of one record of the event.
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
