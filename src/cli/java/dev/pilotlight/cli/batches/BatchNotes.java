package dev.pilotlight.cli.batches;

import dev.pilotlight.cli.batches.BatchBucket.Body;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.model.files.JsonFile;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// The summary or failure object of a batch in Out, for the object's current version.
///
/// @param summary empty unless all lines are answered
/// @param failed empty unless an attempt failed
/// @param modified when the note was written; [Instant#EPOCH] if there is none
record BatchNotes(Optional<JsonFile> summary, Optional<JsonFile> failed, Instant modified) {
  static final BatchNotes NONE = new BatchNotes(Optional.empty(), Optional.empty(), Instant.EPOCH);

  private record Note(JsonFile file, Instant modified) {}

  /// Reads the notes.
  static BatchNotes of(BatchObject object, BatchBucket out) throws Refused {
    Optional<Note> summary = note(object, ".summary.json", out);
    Optional<Note> failed =
        summary.isPresent() ? Optional.empty() : note(object, ".failed.json", out);
    return new BatchNotes(
        summary.map(Note::file),
        failed.map(Note::file),
        summary.or(() -> failed).map(Note::modified).orElse(Instant.EPOCH));
  }

  /// Reads a note; empty if there is none, or if it belongs to an earlier version.
  private static Optional<Note> note(BatchObject object, String suffix, BatchBucket out)
      throws Refused {
    Optional<Body> body = out.read(object.key() + suffix);
    if (body.isEmpty() || body.get().modified().isBefore(object.modified())) {
      return Optional.empty();
    }
    JsonFile note =
        JsonFile.of(object.key() + suffix, body.get().text().getBytes(StandardCharsets.UTF_8));
    Optional<String> eTag = note.nested("input").text("etag");
    return eTag.isEmpty() || eTag.get().equals(object.eTag())
        ? Optional.of(new Note(note, body.get().modified()))
        : Optional.empty();
  }

  /// Whether the batch was cancelled and has published its answers so far.
  boolean isCancelled() {
    return summary.flatMap(it -> it.flag("cancelled")).orElse(false);
  }

  /// Whether the batch failed for good.
  boolean isFinal() {
    return failed.flatMap(it -> it.flag("final")).orElse(false);
  }

  /// Why the last attempt failed; empty if no attempt has.
  String reason() {
    return failed.flatMap(it -> it.text("reason")).orElse("");
  }
}
