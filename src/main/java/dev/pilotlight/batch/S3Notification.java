package dev.pilotlight.batch;

import dev.pilotlight.batch.S3Events.Happening;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// What an event of S3 asks a batch function to do.
public final class S3Notification {
  private static final String SOURCE = "aws:s3";
  private static final String CREATED = "ObjectCreated:";

  /// One record of an event.
  public sealed interface Notice {
    /// An object, or a new version of it, is there.
    record Created(ObjectVersion version) implements Notice {}

    /// Nothing to do.
    ///
    /// @param what happened, and to what, for the log
    record Other(String what) implements Notice {}

    /// A record that cannot be read. It fails alone.
    ///
    /// @param reason in one line
    record Malformed(String reason) implements Notice {}
  }

  private S3Notification() {}

  /// All records of an event, in order.
  ///
  /// @throws IllegalArgumentException in one line if it is not an event of S3
  public static List<Notice> read(InputStream event) throws IOException {
    return S3Events.read(event.readAllBytes()).stream().map(S3Notification::notice).toList();
  }

  private static Notice notice(Happening happening) {
    if (!happening.problem().isEmpty()) {
      return new Notice.Malformed(happening.problem());
    }
    if (!happening.source().equals(SOURCE) || !happening.name().startsWith(CREATED)) {
      return new Notice.Other(what(happening));
    }
    if (happening.bucket().isEmpty() || happening.key().isEmpty()) {
      return new Notice.Malformed(
          "the event's %s record names no object; accepted: s3.bucket.name and s3.object.key"
              .formatted(happening.name()));
    }
    return new Notice.Created(
        new ObjectVersion(
            happening.bucket(),
            happening.key(),
            happening.versionId(),
            happening.eTag(),
            happening.size(),
            happening.sequencer()));
  }

  private static String what(Happening happening) {
    String source = happening.source().isEmpty() ? "nobody" : happening.source();
    String name = happening.name().isEmpty() ? "a record" : happening.name();
    String object =
        happening.key().isEmpty()
            ? ""
            : " of s3://%s/%s".formatted(happening.bucket(), happening.key());
    return "%s from %s%s".formatted(name, source, object);
  }
}
