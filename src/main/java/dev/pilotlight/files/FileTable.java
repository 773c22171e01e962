package dev.pilotlight.files;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.Budget;
import dev.pilotlight.store.BulkCalls;
import dev.pilotlight.store.DynamoCall;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/// Files as items of the results' table ([FileItem]), listed by a [DayIndex]. Thread-safe.
public final class FileTable implements Files {
  private static final String KIND = "files";
  private static final int KEYS_A_READ = 100;
  private static final String IF_OWN = "attribute_not_exists(#pk) OR #owner = :owner";
  private static final String IF_PENDING = "#owner = :owner AND #status = :pending";

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

  @Override
  public Optional<StoredFile> find(String owner, String id, Deadline end) {
    return FileIds.isId(StoredFile.PREFIX, id)
        ? read(owner, List.of(id), end).stream().findFirst()
        : Optional.empty();
  }

  @Override
  public void add(StoredFile file, Deadline end) {
    if (file.expires().isAfter(file.created().plus(EXPIRES_MAX))) {
      throw new IllegalArgumentException("the file would not be listed until it expires");
    }
    int page = index.add(file.owner(), file.created(), FileItem.entry(file), end);
    Map<String, AttributeValue> values = Map.of(":owner", fromS(file.owner()));
    Map<String, String> names = Map.of("#pk", FileItem.KEY, "#owner", FileItem.OWNER);
    if (!put(file, page, IF_OWN, names, values, end)) {
      throw new IllegalArgumentException("another owner has a file of this id");
    }
  }

  /// Writes that the bytes of a pending file are there, unless it was deleted meanwhile.
  ///
  /// @return false if it is not pending any more
  boolean settle(StoredFile file, Deadline end) {
    Map<String, AttributeValue> item = item(file.id(), end);
    AttributeValue page = item.get(FileItem.PAGE);
    Map<String, String> names = Map.of("#owner", FileItem.OWNER, "#status", FileItem.STATUS);
    Map<String, AttributeValue> values =
        Map.of(
            ":owner", fromS(file.owner()),
            ":pending", fromS(StoredFile.Status.PENDING.wireName()));
    return page != null && put(file, Integer.parseInt(page.n()), IF_PENDING, names, values, end);
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
    try {
      var _ = DynamoCall.make(() -> client.get().putItem(put));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  @Override
  public Optional<Page> list(
      String owner,
      @Nullable Purpose purpose,
      @Nullable String after,
      int limit,
      Order order,
      Deadline end) {
    NavigableSet<String> all = index.entries(owner, end);
    NavigableSet<String> rest = order == Order.ASC ? all : all.descendingSet();
    if (after != null) {
      String last = null;
      for (String entry : all) {
        last = FileItem.id(entry).equals(after) ? entry : last;
      }
      if (last == null) {
        return Optional.empty();
      }
      rest = rest.tailSet(last, false);
    }
    List<StoredFile> found = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (String entry : rest) {
      if (purpose == null || FileItem.isOf(entry, purpose)) {
        asked.add(FileItem.id(entry));
      }
      if (asked.size() == KEYS_A_READ) {
        found.addAll(read(owner, asked, end));
        asked.clear();
        if (found.size() > limit) {
          break;
        }
      }
    }
    if (!asked.isEmpty()) {
      found.addAll(read(owner, asked, end));
    }
    boolean more = found.size() > limit;
    return Optional.of(new Page(List.copyOf(more ? found.subList(0, limit) : found), more));
  }

  @Override
  public Optional<StoredFile> delete(String owner, String id, Deadline end) {
    if (!FileIds.isId(StoredFile.PREFIX, id)) {
      return Optional.empty();
    }
    DeleteItemRequest delete =
        DeleteItemRequest.builder()
            .tableName(table)
            .key(FileItem.key(id))
            .conditionExpression("#owner = :owner")
            .expressionAttributeNames(Map.of("#owner", FileItem.OWNER))
            .expressionAttributeValues(Map.of(":owner", fromS(owner)))
            .returnValues(ReturnValue.ALL_OLD)
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    try {
      var item = DynamoCall.make(() -> client.get().deleteItem(delete)).attributes();
      StoredFile file = FileItem.read(item);
      int page = Integer.parseInt(Objects.requireNonNull(item.get(FileItem.PAGE)).n());
      index.remove(owner, file.created(), page, FileItem.entry(file), end);
      return file.isExpired(clock.instant()) ? Optional.empty() : Optional.of(file);
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
