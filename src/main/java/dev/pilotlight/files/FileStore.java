package dev.pilotlight.files;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.store.client.Clients;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Files with their bytes. Made with the first request for a file. Thread-safe.
///
/// Every method throws [dev.pilotlight.store.StoreException] if DynamoDB failed, and
/// [software.amazon.awssdk.core.exception.SdkException] if S3 did.
public final class FileStore {
  /// How long a URL may be used, and how long an upload takes parts.
  static final Duration OPEN = Duration.ofHours(1);

  private final FileSettings settings;
  private final FileTable table;
  private final FileObjects objects;
  private final Uploads uploads;
  private final InstantSource clock;

  /// A file that waits for its bytes.
  ///
  /// @param ticket the request that uploads them
  public record Announced(StoredFile file, FileObjects.Ticket ticket) {}

  /// The bytes of a file, or the place of those that are too many for an answer.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public sealed interface Content {
    record Bytes(StoredFile file, byte[] bytes) implements Content {}

    record Place(URI url) implements Content {}
  }

  /// @param resultsTable the table that has the rows
  /// @throws IllegalArgumentException if no region is configured
  public FileStore(FileSettings settings, String resultsTable, Clients clients) {
    this(settings, resultsTable, clients, InstantSource.system());
  }

  FileStore(FileSettings settings, String resultsTable, Clients clients, InstantSource clock) {
    String region =
        clients
            .regionName()
            .orElseThrow(() -> new IllegalArgumentException("files need AWS_REGION"));
    this.settings = settings;
    this.clock = clock;
    table = new FileTable(clients::dynamo, resultsTable, clock);
    objects =
        new FileObjects(
            clients::s3, settings.bucket(), new Presigner(clients::credentials, region, clock));
    uploads =
        new Uploads(new UploadTable(clients::dynamo, resultsTable), table, objects, clock, this);
  }

  /// Files that are sent in parts.
  public Uploads uploads() {
    return uploads;
  }

  /// The rows of files.
  public Files files() {
    return table;
  }

  /// Keeps a file.
  public StoredFile add(String owner, NewFile asked, byte[] bytes, Deadline end) {
    requireSize("file", bytes.length);
    requireRoom(owner, "file", bytes.length, end);
    StoredFile file = pending(owner, asked, bytes.length);
    StoredFile kept = file.uploaded(objects.put(file.key(), bytes, end));
    table.add(kept, end);
    return kept;
  }

  /// Makes a file whose bytes go to S3 without this function.
  ///
  /// @throws Refusal TOO_LARGE, INVALID
  public Announced announce(String owner, NewFile asked, long bytes, Deadline end) {
    requireSize("bytes", bytes);
    requireRoom(owner, "bytes", bytes, end);
    StoredFile file = pending(owner, asked, bytes);
    FileObjects.Ticket ticket = objects.ticket(file.key(), bytes, OPEN);
    table.add(file, end);
    return new Announced(file, ticket);
  }

  private StoredFile pending(String owner, NewFile asked, long bytes) {
    Instant now = now();
    String id = FileIds.random(StoredFile.PREFIX);
    return new StoredFile(
        id,
        owner,
        asked.filename(),
        Purpose.BATCH,
        bytes,
        now,
        expiry(now, asked),
        StoredFile.Status.PENDING,
        objects.bucket(),
        FileIds.key(owner, id),
        null);
  }

  /// Finds a file, of which a pending one is looked for in S3.
  ///
  /// @throws Refusal NOT_FOUND
  public StoredFile find(String owner, String id, Deadline end) {
    return table
        .find(owner, id, end)
        .map(file -> settled(file, end))
        .orElseThrow(() -> notFound(id));
  }

  /// The file, processed if its upload is there.
  public StoredFile settled(StoredFile file, Deadline end) {
    if (file.isProcessed()) {
      return file;
    }
    FileObjects.Head found = objects.head(file.key(), end).orElse(null);
    if (found == null) {
      return file;
    }
    if (found.bytes() != file.bytes()) {
      // the URL takes no such upload from S3's own side; the next one finds the place free
      objects.delete(file.bucket(), file.key(), found.versionId(), end);
      return file;
    }
    StoredFile uploaded = file.uploaded(found.versionId());
    return table.settle(uploaded, end)
        ? uploaded
        : table.find(file.owner(), file.id(), end).orElseThrow(() -> notFound(file.id()));
  }

  /// Returns the bytes of a file, or where they are.
  ///
  /// @param bytesMax the most that the caller takes
  /// @throws Refusal NOT_FOUND, also for a file without bytes
  public Content content(String owner, String id, long bytesMax, Deadline end) {
    StoredFile file = find(owner, id, end);
    if (!file.isProcessed()) {
      throw Refusal.notFound(
          null, "the file %s has no content: it is pending, and no upload was seen".formatted(id));
    }
    if (file.bytes() > bytesMax) {
      return new Content.Place(objects.readUrl(file.bucket(), file.key(), file.versionId(), OPEN));
    }
    Optional<byte[]> bytes = objects.get(file.bucket(), file.key(), file.versionId(), end);
    return new Content.Bytes(
        file,
        bytes
            .filter(all -> all.length == file.bytes())
            .orElseThrow(
                () ->
                    Refusal.notFound(
                        null, "the content of %s is no longer in the bucket".formatted(id))));
  }

  /// Deletes a file and its bytes.
  ///
  /// @throws Refusal NOT_FOUND
  public void delete(String owner, String id, Deadline end) {
    StoredFile file = table.delete(owner, id, end).orElseThrow(() -> notFound(id));
    String version = file.versionId();
    if (version == null) { // it waits for its upload, or a batch wrote it
      version = objects.head(file.key(), end).map(FileObjects.Head::versionId).orElse(null);
    }
    objects.delete(file.bucket(), file.key(), version, end);
  }

  /// @throws Refusal TOO_LARGE; INVALID for an empty file
  void requireSize(String field, long bytes) {
    if (bytes > settings.bytesMax()) {
      throw Refusal.tooLarge(
          field,
          "the file has %d bytes; accepted: up to %d (PILOTLIGHT_FILE_BYTES_MAX)"
              .formatted(bytes, settings.bytesMax()));
    }
    if (bytes == 0) {
      throw Refusal.invalid(field, "the file is empty; accepted: a file with a line for a request");
    }
  }

  /// Checks that an owner may keep so many bytes more. Requests at the same time may exceed the
  /// limit by their own bytes.
  ///
  /// @throws Refusal INVALID
  void requireRoom(String owner, String field, long bytes, Deadline end) {
    long most = settings.ownerBytesMax();
    long kept = most == 0 ? 0 : table.bytes(owner, end);
    if (most > 0 && kept + bytes > most) {
      throw Refusal.invalid(
          field,
          "the file has %d bytes, and the others %d; accepted: up to %d together"
                  .formatted(bytes, kept, most)
              + " (PILOTLIGHT_FILES_BYTES_MAX); delete files, or wait until some expire");
    }
  }

  /// When a file of now expires.
  ///
  /// @throws Refusal INVALID
  Instant expiry(Instant now, NewFile asked) {
    Duration after = asked.expiresAfter() == null ? settings.kept() : asked.expiresAfter();
    if (after.compareTo(settings.kept()) > 0) {
      throw Refusal.invalid(
          asked.expiresField(),
          "%s is %d; accepted here: 3600 to %d (PILOTLIGHT_FILE_DAYS)"
              .formatted(asked.expiresField(), after.toSeconds(), settings.kept().toSeconds()));
    }
    return now.plus(after);
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  static Refusal notFound(@Nullable String id) {
    return Refusal.notFound(null, "there is no file %s".formatted(id));
  }
}
