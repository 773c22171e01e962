package dev.pilotlight.files;

import static dev.pilotlight.store.Attributes.damaged;
import static dev.pilotlight.store.Attributes.number;
import static dev.pilotlight.store.Attributes.text;
import static dev.pilotlight.store.Attributes.textOrNull;
import static dev.pilotlight.store.Attributes.whole;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A file as an item of the results' table. Its attributes:
///
/// | attribute | |
/// |---|---|
/// | `pk` S | `file#` and the file's id |
/// | `owner` S | whose file it is |
/// | `filename`, `purpose`, `status` S | as OpenAI has them |
/// | `bytes` N | the file's size |
/// | `created` N | seconds since 1970 |
/// | `bucket`, `key`, `version_id` S | the object; no version while it is pending |
/// | `page` N | the number of the item that lists it ([DayIndex]) |
/// | `expires_at` N | seconds since 1970; the table's TTL attribute |
final class FileItem {
  static final String KEY = "pk";
  static final String OWNER = "owner";
  static final String STATUS = "status";

  /// The status of a file that was deleted, whose item has only the attributes of [#tombstone].
  static final String DELETED = "deleted";

  private static final String PAGE = "page";
  private static final String BEGINNING = "file#";
  private static final String FILENAME = "filename";
  private static final String PURPOSE = "purpose";
  private static final String BYTES = "bytes";
  private static final String CREATED = "created";
  private static final String BUCKET = "bucket";
  private static final String OBJECT_KEY = "key";
  private static final String VERSION_ID = "version_id";
  private static final String EXPIRES = "expires_at";

  private FileItem() {}

  static Map<String, AttributeValue> key(String id) {
    return Map.of(KEY, fromS(BEGINNING + id));
  }

  static Map<String, AttributeValue> of(StoredFile file, int page) {
    Map<String, AttributeValue> item = new HashMap<>(key(file.id()));
    item.put(OWNER, fromS(file.owner()));
    item.put(FILENAME, fromS(file.filename()));
    item.put(PURPOSE, fromS(file.purpose().wireName()));
    item.put(STATUS, fromS(file.status().wireName()));
    item.put(BYTES, number(file.bytes()));
    item.put(CREATED, number(file.created().getEpochSecond()));
    item.put(BUCKET, fromS(file.bucket()));
    item.put(OBJECT_KEY, fromS(file.key()));
    String version = file.versionId();
    if (version != null) {
      item.put(VERSION_ID, fromS(version));
    }
    item.put(PAGE, number(page));
    item.put(EXPIRES, number(file.expires().getEpochSecond()));
    return item;
  }

  /// Reads a file that is not deleted.
  ///
  /// @throws IllegalStateException if an attribute is missing, or has a value that is not ours;
  ///   also for `page`, without which the file could not be deleted
  static StoredFile read(Map<String, AttributeValue> item) {
    var _ = page(item);
    return new StoredFile(
        text(item, KEY).substring(BEGINNING.length()),
        text(item, OWNER),
        text(item, FILENAME),
        Purpose.of(text(item, PURPOSE)).orElseThrow(() -> damaged(item, PURPOSE)),
        whole(item, BYTES),
        Instant.ofEpochSecond(whole(item, CREATED)),
        Instant.ofEpochSecond(whole(item, EXPIRES)),
        status(item),
        text(item, BUCKET),
        text(item, OBJECT_KEY),
        textOrNull(item, VERSION_ID));
  }

  private static StoredFile.Status status(Map<String, AttributeValue> item) {
    String name = text(item, STATUS);
    for (StoredFile.Status status : StoredFile.Status.values()) {
      if (status.wireName().equals(name)) {
        return status;
      }
    }
    throw damaged(item, STATUS);
  }

  /// The number of the item that lists a file that is not deleted.
  static int page(Map<String, AttributeValue> item) {
    return (int) whole(item, PAGE);
  }

  /// The row of a deleted file. It stays for a day, because callers may still send its id as
  /// `after`.
  static Map<String, AttributeValue> tombstone(StoredFile file, Instant until) {
    Map<String, AttributeValue> item = new HashMap<>(key(file.id()));
    item.put(OWNER, fromS(file.owner()));
    item.put(PURPOSE, fromS(file.purpose().wireName()));
    item.put(STATUS, fromS(DELETED));
    item.put(CREATED, number(file.created().getEpochSecond()));
    item.put(EXPIRES, number(until.getEpochSecond()));
    return item;
  }

  static boolean isDeleted(Map<String, AttributeValue> item) {
    return text(item, STATUS).equals(DELETED);
  }

  /// Where a deleted file was in its owner's list; empty if the item is another owner's.
  static Optional<String> place(Map<String, AttributeValue> item, String owner) {
    if (!text(item, OWNER).equals(owner)) {
      return Optional.empty();
    }
    char letter =
        Purpose.of(text(item, PURPOSE)).orElseThrow(() -> damaged(item, PURPOSE)).letter();
    String id = text(item, KEY).substring(BEGINNING.length());
    return Optional.of(new FileEntry(whole(item, CREATED), letter, id, 0, 0).text());
  }
}
