package dev.pilotlight.files;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.support.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Files that are sent in parts, each as an object; they are joined by reading them. Thread-safe.
///
/// Every method throws as those of [FileStore].
public final class Uploads {
  /// The most bytes of one part.
  public static final int PART_BYTES_MAX = 4 * 1024 * 1024;

  /// The most parts of one upload.
  public static final int PARTS_MAX = 1000;

  /// How long S3 keeps parts by the template's rule.
  private static final Duration PARTS_KEPT = Duration.ofDays(2);

  private static final int DIGEST_CHARS = 32;

  private final UploadTable table;
  private final FileTable files;
  private final FileObjects objects;
  private final PartJoiner joiner;
  private final InstantSource clock;
  private final FileStore store;

  /// An upload as its owner sees it.
  ///
  /// @param expires when no part is taken any more
  /// @param status as OpenAI names it
  /// @param file that it became; null unless it is completed
  public record View(
      String id,
      String filename,
      long bytes,
      Instant created,
      Instant expires,
      String status,
      @Nullable StoredFile file) {}

  /// A part that was taken.
  public record Part(String id, String uploadId, Instant created) {}

  Uploads(
      UploadTable table,
      FileTable files,
      FileObjects objects,
      InstantSource clock,
      FileStore store) {
    this.table = table;
    this.files = files;
    this.objects = objects;
    this.joiner = new PartJoiner(objects);
    this.clock = clock;
    this.store = store;
  }

  /// Begins an upload.
  ///
  /// @throws Refusal TOO_LARGE, INVALID
  public View begin(String owner, NewFile asked, long bytes, Deadline end) {
    store.requireSize("bytes", bytes);
    store.requireRoom(owner, "bytes", bytes, end);
    Instant now = store.now();
    Upload upload =
        new Upload(
            FileIds.random(Upload.PREFIX),
            owner,
            asked.filename(),
            bytes,
            now,
            now.plus(FileStore.OPEN),
            store.expiry(now, asked),
            Upload.Status.PENDING,
            Set.of(),
            0,
            null);
    files.reserve(upload, upload.expires().plus(PARTS_KEPT), end);
    table.add(upload, end);
    return view(upload, null);
  }

  /// Takes a part.
  ///
  /// @throws Refusal NOT_FOUND, INVALID, TOO_LARGE
  public Part add(String owner, String id, byte[] bytes, Deadline end) {
    Upload upload = pending(owner, id, end);
    if (bytes.length == 0) {
      throw Refusal.invalid(
          "data", "data is empty; accepted: 1 to %d bytes".formatted(PART_BYTES_MAX));
    }
    if (bytes.length > PART_BYTES_MAX) {
      throw Refusal.tooLarge(
          "data", "data has %d bytes; accepted: up to %d".formatted(bytes.length, PART_BYTES_MAX));
    }
    requireRoom(upload, bytes.length);
    String part = FileIds.random(Upload.PART);
    String key = FileIds.partKey(owner, id, part);
    String version = objects.put(key, bytes, end);
    if (!table.addPart(upload, part, bytes.length, clock.instant(), end)) {
      objects.delete(objects.bucket(), key, version, end);
      requireRoom(pending(owner, id, end), bytes.length); // or it is refused
      throw Refusal.tooLarge(
          "data", "the upload has %d parts; accepted: up to %d".formatted(PARTS_MAX, PARTS_MAX));
    }
    return new Part(part, id, store.now());
  }

  /// Checks that an upload takes so many bytes more.
  ///
  /// @throws Refusal TOO_LARGE
  private static void requireRoom(Upload upload, int bytes) {
    if (upload.receivedBytes() + bytes > upload.receivedBytesMax()) {
      throw Refusal.tooLarge(
          "data",
          "the parts have %d bytes together; accepted: the upload's %d bytes, each sent up to"
                  .formatted(upload.receivedBytes() + bytes, upload.bytes())
              + " three times");
    }
  }

  /// Joins parts in the given order. The same call again has the same answer.
  ///
  /// @param md5 in hex that the file must have; null for any
  /// @throws Refusal NOT_FOUND, INVALID
  public View complete(
      String owner, String id, List<String> partIds, @Nullable String md5, Deadline end) {
    Upload upload = find(owner, id, end);
    String digest = digest(partIds);
    Upload.Join before = upload.join();
    if (before != null && before.digest().equals(digest)) {
      return completed(upload, before, end);
    }
    requirePending(upload);
    upload.requireParts(partIds);
    Upload.Join join;
    try {
      join = new Upload.Join(digest, joiner.join(upload, digest, partIds, md5, end));
    } catch (Refusal e) {
      // the same call a moment before may have completed the upload and deleted the parts
      Upload now = find(owner, id, end);
      Upload.Join first = now.join();
      if (first != null && first.digest().equals(digest)) {
        return completed(now, first, end);
      }
      throw e;
    }
    Upload done = upload.with(Upload.Status.COMPLETED, join);
    if (!table.end(done, end)) {
      Upload other = find(owner, id, end);
      Upload.Join first = other.join();
      if (first == null || !first.equals(join)) {
        objects.delete(objects.bucket(), upload.key(digest), join.versionId(), end);
      }
      if (first != null && first.digest().equals(digest)) {
        return completed(other, first, end);
      }
      requirePending(other);
    }
    StoredFile file = done.file(objects.bucket(), join);
    files.add(file, end);
    objects.deleteAll(keys(done), end);
    return view(done, file);
  }

  /// The answer to a repeated call. The call before it may have died before it added the file.
  private View completed(Upload upload, Upload.Join join, Deadline end) {
    StoredFile file = upload.file(objects.bucket(), join);
    Optional<StoredFile> known = files.find(upload.owner(), file.id(), end);
    if (known.isEmpty()) {
      if (file.isExpired(clock.instant()) || objects.head(file.key(), end).isEmpty()) {
        throw FileStore.notFound(file.id());
      }
      files.add(file, end);
    }
    return view(upload, file);
  }

  /// Ends an upload without a file.
  ///
  /// @throws Refusal NOT_FOUND, INVALID
  public View cancel(String owner, String id, Deadline end) {
    Upload upload = find(owner, id, end);
    Upload cancelled = upload.with(Upload.Status.CANCELLED, null);
    if (upload.status() != Upload.Status.CANCELLED) {
      requirePending(upload);
      if (!table.end(cancelled, end)) {
        Upload now = find(owner, id, end);
        if (now.status() != Upload.Status.CANCELLED) {
          requirePending(now);
        }
      }
    }
    objects.deleteAll(keys(find(owner, id, end)), end);
    return view(cancelled, null);
  }

  private Upload pending(String owner, String id, Deadline end) {
    Upload upload = find(owner, id, end);
    requirePending(upload);
    return upload;
  }

  private void requirePending(Upload upload) {
    Upload.Status status = upload.statusAt(clock.instant());
    if (status != Upload.Status.PENDING) {
      throw Refusal.invalid(
          "upload_id",
          "the upload %s is %s; accepted: one that is pending"
              .formatted(upload.id(), status.wireName()));
    }
  }

  private Upload find(String owner, String id, Deadline end) {
    return table
        .find(owner, id, end)
        .orElseThrow(() -> Refusal.notFound(null, "there is no upload %s".formatted(id)));
  }

  private static List<String> keys(Upload upload) {
    return upload.parts().stream()
        .map(part -> FileIds.partKey(upload.owner(), upload.id(), part))
        .toList();
  }

  private View view(Upload upload, @Nullable StoredFile file) {
    return new View(
        upload.id(),
        upload.filename(),
        upload.bytes(),
        upload.created(),
        upload.expires(),
        upload.statusAt(clock.instant()).wireName(),
        file);
  }

  private static String digest(List<String> partIds) {
    return Sha256.hex(String.join(",", partIds), DIGEST_CHARS);
  }
}
