package dev.pilotlight.files;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.Budget;
import dev.pilotlight.store.BulkCalls;
import dev.pilotlight.store.DynamoCall;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/// Files as items of the results' table ([FileItem]), listed by a [DayIndex]. An owner finds only
/// its own files. Thread-safe.
///
/// Every method throws [dev.pilotlight.store.StoreException] if the table could not be read or
/// written by the deadline.
public final class FileTable {
  /// The longest time from a file's creation to its expiry.
  static final Duration EXPIRES_MAX = Duration.ofDays(30);

  private static final String KIND = "files";

  /// How long a list may go on after a file that was deleted.
  private static final Duration REMEMBERED = Duration.ofDays(1);

  private static final String IF_OWN = "attribute_not_exists(#pk) OR #owner = :owner";
  private static final String IF_PENDING = "#owner = :owner AND #status = :pending";

  /// The order of a list.
  public enum Order {
    /// The oldest first.
    ASC,
    /// The newest first.
    DESC
  }

  private final Supplier<DynamoDbClient> client;
  private final BulkCalls calls;
  private final String table;
  private final DayIndex index;
  private final InstantSource clock;

  /// @param client called with the first call
  /// @param table of the results
  public FileTable(Supplier<DynamoDbClient> client, String table, InstantSource clock) {
    this.client = client;
    this.calls = new BulkCalls(client, table);
    this.table = table;
    this.index = new DayIndex(client, table, KIND, (int) EXPIRES_MAX.toDays(), clock);
    this.clock = clock;
  }

  /// Finds a file; empty if there is none, if it is another owner's, and if it has expired.
  public Optional<StoredFile> find(String owner, String id, Deadline end) {
    return FileIds.isId(StoredFile.PREFIX, id)
        ? read(owner, List.of(id), end).stream().findFirst()
        : Optional.empty();
  }

  /// Adds a file, or replaces the one of its id and owner: a call may be repeated.
  ///
  /// @throws IllegalArgumentException if it expires later than [#EXPIRES_MAX] after it was made
  public void add(StoredFile file, Deadline end) {
    if (file.expires().isAfter(file.created().plus(EXPIRES_MAX))) {
      throw new IllegalArgumentException("the file would not be listed until it expires");
    }
    int page = index.add(file.owner(), file.created(), FileEntry.of(file).text(), end);
    Map<String, AttributeValue> values = Map.of(":owner", fromS(file.owner()));
    Map<String, String> names = Map.of("#pk", FileItem.KEY, "#owner", FileItem.OWNER);
    if (!put(file, page, IF_OWN, names, values, end)) {
      throw new IllegalArgumentException("another owner has a file of this id");
    }
  }

  /// Marks a pending file as processed, unless it was deleted meanwhile.
  ///
  /// @return false if it is not pending any more
  boolean markProcessed(StoredFile file, Deadline end) {
    Map<String, AttributeValue> item = item(file.id(), end);
    if (item.isEmpty() || FileItem.isDeleted(item)) {
      return false;
    }
    int page = FileItem.page(item);
    Map<String, String> names = Map.of("#owner", FileItem.OWNER, "#status", FileItem.STATUS);
    Map<String, AttributeValue> values =
        Map.of(
            ":owner", fromS(file.owner()),
            ":pending", fromS(StoredFile.Status.PENDING.wireName()));
    return put(file, page, IF_PENDING, names, values, end);
  }

  private boolean put(
      StoredFile file,
      int page,
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values,
      Deadline end) {
    PutItemRequest put =
        PutItemRequest.builder()
            .tableName(table)
            .item(FileItem.of(file, page))
            .conditionExpression(condition)
            .expressionAttributeNames(names)
            .expressionAttributeValues(values)
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    return DynamoCall.ifAllowed(() -> client.get().putItem(put));
  }

  /// Lists files by the time at which they were made, then by id.
  ///
  /// @param purpose null for all
  /// @param after the id of the file before the first; null for the beginning
  /// @param limit at least 1
  /// @return empty if the owner has no file `after`
  public Optional<Page<StoredFile>> list(
      String owner,
      @Nullable Purpose purpose,
      @Nullable String after,
      int limit,
      Order order,
      Deadline end) {
    NavigableSet<String> all = index.entries(owner, end);
    NavigableSet<String> rest = order == Order.ASC ? all : all.descendingSet();
    if (after != null) {
      String last = place(owner, after, rest, end);
      if (last == null) {
        return Optional.empty();
      }
      rest = rest.tailSet(last, false);
    }
    Iterator<String> ids =
        rest.stream()
            .map(FileEntry::of)
            .filter(entry -> entry.letter() != FileEntry.UPLOAD)
            .filter(entry -> purpose == null || entry.letter() == purpose.letter())
            .map(FileEntry::id)
            .iterator();
    return Optional.of(Page.first(ids, limit, some -> read(owner, some, end)));
  }

  /// The last list entry of a file in the list's order, also of a file deleted within the last day;
  /// null if the owner has no such file.
  private @Nullable String place(String owner, String id, Set<String> entries, Deadline end) {
    String last = null;
    for (String entry : entries) {
      last = FileEntry.of(entry).id().equals(id) ? entry : last;
    }
    if (last != null) {
      return last;
    }
    if (!FileIds.isId(StoredFile.PREFIX, id)) {
      return null;
    }
    Map<String, AttributeValue> item = item(id, end);
    return item.isEmpty() ? null : FileItem.place(item, owner).orElse(null);
  }

  /// The total size of an owner's files and uploads, including pending ones.
  long totalBytes(String owner, Deadline end) {
    Instant now = clock.instant();
    return index.entries(owner, end).stream()
        .mapToLong(entry -> FileEntry.of(entry).bytesAt(now))
        .sum();
  }

  /// Counts an upload's announced size against its owner's limit until its parts are deleted.
  ///
  /// @param kept when they are deleted at the latest
  void reserve(Upload upload, Instant kept, Deadline end) {
    FileEntry entry =
        new FileEntry(
            upload.created().getEpochSecond(),
            FileEntry.UPLOAD,
            upload.id(),
            upload.bytes(),
            kept.getEpochSecond());
    var _ = index.add(upload.owner(), upload.created(), entry.text(), end);
  }

  /// Deletes the row of a file; its object stays.
  ///
  /// @return the file; empty if there was none
  public Optional<StoredFile> delete(String owner, String id, Deadline end) {
    Optional<StoredFile> found = find(owner, id, end);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Instant until = clock.instant().plus(REMEMBERED);
    PutItemRequest put =
        PutItemRequest.builder()
            .tableName(table)
            .item(FileItem.tombstone(found.get(), until))
            .conditionExpression("#owner = :owner AND #status <> :deleted")
            .expressionAttributeNames(Map.of("#owner", FileItem.OWNER, "#status", FileItem.STATUS))
            .expressionAttributeValues(
                Map.of(":owner", fromS(owner), ":deleted", fromS(FileItem.DELETED)))
            .returnValues(ReturnValue.ALL_OLD)
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    try {
      var item = DynamoCall.make(() -> client.get().putItem(put)).attributes();
      StoredFile file = FileItem.read(item);
      index.remove(owner, file.created(), FileItem.page(item), FileEntry.of(file).text(), end);
      return Optional.of(file);
    } catch (ConditionalCheckFailedException e) {
      return Optional.empty();
    }
  }

  /// Reads the files of some ids, in their order, without those that an owner does not have.
  ///
  /// @param ids at most 100
  private List<StoredFile> read(String owner, Collection<String> ids, Deadline end) {
    List<Map<String, AttributeValue>> keys = ids.stream().map(FileItem::key).toList();
    Map<String, StoredFile> byId = new HashMap<>();
    for (var item : DynamoCall.make(() -> calls.getConsistently(keys, end))) {
      if (FileItem.isDeleted(item)) {
        continue;
      }
      StoredFile file = FileItem.read(item);
      if (file.owner().equals(owner) && !file.isExpired(clock.instant())) {
        byId.put(file.id(), file);
      }
    }
    return ids.stream().filter(byId::containsKey).map(byId::get).toList();
  }

  private Map<String, AttributeValue> item(String id, Deadline end) {
    var found = DynamoCall.make(() -> calls.getConsistently(List.of(FileItem.key(id)), end));
    return found.isEmpty() ? Map.of() : found.getFirst();
  }
}
