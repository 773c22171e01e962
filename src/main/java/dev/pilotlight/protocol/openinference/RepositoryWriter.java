package dev.pilotlight.protocol.openinference;

import dev.pilotlight.support.json.Escapes;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;
import java.util.Optional;

/// Writes the index of Triton's model repository extension, as UTF-8 JSON.
public final class RepositoryWriter {
  private RepositoryWriter() {}

  /// Triton's states of a version.
  public enum State {
    /// It answers.
    READY,
    UNAVAILABLE
  }

  /// One version of a model.
  ///
  /// @param reason why it is in that state, if there is something to add
  public record Entry(String name, String version, State state, Optional<String> reason) {}

  /// The index; an entry without a reason has none, as Triton's.
  public static byte[] index(List<Entry> entries) {
    JsonBytes json = new JsonBytes(0, Escapes.PAIRS).array();
    for (Entry entry : entries) {
      json.object()
          .field("name", entry.name())
          .field("version", entry.version())
          .field("state", entry.state().name());
      entry.reason().ifPresent(reason -> json.field("reason", reason));
      json.endObject();
    }
    return json.endArray().toByteArray();
  }
}
