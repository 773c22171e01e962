package dev.pilotlight.batch;

import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.support.json.JsonBytes;
import java.time.Instant;
import java.util.Map;

/// Why an object has no answers yet. Empty texts are unknown values.
///
/// @param reason in one line, for the person who put the object
/// @param isFinal whether there is no later attempt: the object itself is at fault, or was dropped
/// @param attempts that have failed in a row, this one included
/// @param lines answered so far; a next attempt continues after them
/// @param look where the log of this attempt is, by what kind of place
/// @param next what happens by itself, and what to do
/// @param version Pilotlight's own
public record BatchFailure(
    ObjectVersion input,
    String reason,
    boolean isFinal,
    int attempts,
    long lines,
    Instant time,
    Map<String, String> look,
    String next,
    String version) {
  public BatchFailure {
    look = Map.copyOf(look);
  }

  /// `<key>.failed.json`: one line of JSON.
  public byte[] json() {
    JsonBytes json = new JsonBytes().object().field("object", "batch.failure");
    BatchSummary.input(json, input);
    json.field("reason", reason).name("final").literal(Boolean.toString(isFinal));
    json.field("attempts", attempts).field("lines", lines).field("time", time.toString());
    json.name("look").object();
    look.keySet().stream().sorted().forEach(name -> json.field(name, look.getOrDefault(name, "")));
    json.endObject().field("next", next).field("pilotlight_version", version);
    return json.endObject().newline().toByteArray();
  }
}
