package dev.pilotlight.files;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.Attributes;
import dev.pilotlight.store.Budget;
import dev.pilotlight.store.BulkCalls;
import dev.pilotlight.store.DynamoCall;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/// The lists of what owners made within the last days, in a table that has no sort key: an item has
/// the entries of one owner and one day. A full item is continued by the next one. An entry without
/// a row is never listed, because readers look up the row; but a file's entry counts towards its
/// owner's limit of bytes. Thread-safe.
///
/// | attribute | |
/// |---|---|
/// | `pk` S | the kind, the owner's folder, the day, the item's number: `files#…#2026-11-30#0` |
/// | `entries` SS | the texts that the caller added |
/// | `more` BOOL | true if this item is full and the next one may have entries |
/// | `expires_at` N | seconds since 1970; the table's TTL attribute |
public final class DayIndex {
  /// So many entries keep an item small: a write costs by the size of the whole item.
  static final int ENTRIES_MAX = 500;

  private static final String KEY = "pk";
  private static final String ENTRIES = "entries";
  private static final String MORE = "more";
  private static final String EXPIRES = "expires_at";
  private static final int KEYS_A_READ = 100;
  private static final int REMEMBERED_MAX = 1_000;

  private final Supplier<DynamoDbClient> client;
  private final BulkCalls calls;
  private final String table;
  private final String kind;
  private final int days;
  private final int entriesMax;
  private final InstantSource clock;
  private final Map<String, Integer> lastPages = new ConcurrentHashMap<>();

  /// @param client called with the first call
  /// @param kind the beginning of all keys, such as `files`
  /// @param days how long an entry is listed, at least
  public DayIndex(
      Supplier<DynamoDbClient> client, String table, String kind, int days, InstantSource clock) {
    this(client, table, kind, days, ENTRIES_MAX, clock);
  }

  /// As the other constructor.
  ///
  /// @param entriesMax of an item
  DayIndex(
      Supplier<DynamoDbClient> client,
      String table,
      String kind,
      int days,
      int entriesMax,
      InstantSource clock) {
    this.client = client;
    this.calls = new BulkCalls(client, table);
    this.table = table;
    this.kind = kind;
    this.days = days;
    this.entriesMax = entriesMax;
    this.clock = clock;
  }

  /// Adds an entry. Adding it again changes nothing, unless its item is full by then: the next one
  /// gets it, too, and [#entries] has it once. Then [#remove] leaves the copy in the full item: a
  /// file's entry counts towards its owner's limit of bytes until the item expires.
  ///
  /// @param made whose day has the entry
  /// @return the number of the item that has it, for [#remove]
  /// @throws dev.pilotlight.store.StoreException if that failed; the entry may be added
  public int add(String owner, Instant made, String entry, Deadline end) {
    LocalDate day = day(made);
    String list = list(owner, day);
    for (int page = lastPages.getOrDefault(list, 0); ; page++) {
      Map<String, AttributeValue> key = key(owner, day, page);
      Map<String, AttributeValue> full = addUnlessFull(key, day, entry, end);
      if (full == null) {
        return page;
      }
      if (!full.containsKey(MORE)) {
        send(
            update(
                key, "SET #more = :more", Map.of("#more", MORE), Map.of(":more", fromBool(true))),
            end);
      }
      rememberPage(list, page + 1);
    }
  }

  /// Remembers the last item, because each attempt on a full one costs a failed write.
  private void rememberPage(String list, int page) {
    if (lastPages.size() >= REMEMBERED_MAX) {
      lastPages.clear();
    }
    var _ = lastPages.merge(list, page, Math::max);
  }

  /// @return null if the item has the entry; else the item, which is full
  private @Nullable Map<String, AttributeValue> addUnlessFull(
      Map<String, AttributeValue> key, LocalDate day, String entry, Deadline end) {
    long expires = day.plusDays(days + 2L).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    UpdateItemRequest.Builder update =
        update(
                key,
                "SET #expires = :expires ADD #entries :entry",
                Map.of("#expires", EXPIRES, "#entries", ENTRIES, "#more", MORE),
                Map.of(
                    ":expires", fromN(Long.toString(expires)),
                    ":entry", fromSs(List.of(entry)),
                    ":text", fromS(entry),
                    ":most", fromN(Integer.toString(entriesMax))))
            .conditionExpression(
                "contains(#entries, :text) OR (attribute_not_exists(#more)"
                    + " AND (attribute_not_exists(#entries) OR size(#entries) < :most))")
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    try {
      send(update, end);
      return null;
    } catch (ConditionalCheckFailedException e) {
      return e.item();
    }
  }

  /// Removes an entry.
  ///
  /// @param page that [#add] returned
  /// @throws dev.pilotlight.store.StoreException if that failed
  public void remove(String owner, Instant made, int page, String entry, Deadline end) {
    send(
        update(
            key(owner, day(made), page),
            "DELETE #entries :entry",
            Map.of("#entries", ENTRIES),
            Map.of(":entry", fromSs(List.of(entry)))),
        end);
  }

  /// The entries of an owner, of today and the days before it, in their natural order.
  ///
  /// @throws dev.pilotlight.store.StoreException if they could not be read
  public NavigableSet<String> entries(String owner, Deadline end) {
    TreeSet<String> entries = new TreeSet<>();
    List<Map<String, AttributeValue>> keys = new ArrayList<>();
    // a day more at either end: clocks differ
    LocalDate last = day(clock.instant()).plusDays(1);
    for (int back = 0; back <= days + 2; back++) {
      keys.add(key(owner, last.minusDays(back), 0));
    }
    while (!keys.isEmpty()) {
      List<Map<String, AttributeValue>> next = new ArrayList<>();
      for (Map<String, AttributeValue> item : read(keys, end)) {
        entries.addAll(Attributes.texts(item, ENTRIES));
        if (item.containsKey(MORE)) {
          next.add(after(item));
        }
      }
      keys = next;
    }
    return entries;
  }

  private List<Map<String, AttributeValue>> read(
      List<Map<String, AttributeValue>> keys, Deadline end) {
    List<Map<String, AttributeValue>> found = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += KEYS_A_READ) {
      var some = keys.subList(from, Math.min(from + KEYS_A_READ, keys.size()));
      found.addAll(DynamoCall.make(() -> calls.getConsistently(some, end)));
    }
    return found;
  }

  private UpdateItemRequest.Builder update(
      Map<String, AttributeValue> key,
      String expression,
      Map<String, String> names,
      Map<String, AttributeValue> values) {
    return UpdateItemRequest.builder()
        .tableName(table)
        .key(key)
        .updateExpression(expression)
        .expressionAttributeNames(names)
        .expressionAttributeValues(values);
  }

  private void send(UpdateItemRequest.Builder update, Deadline end) {
    UpdateItemRequest timed =
        update.overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end))).build();
    var _ = DynamoCall.make(() -> client.get().updateItem(timed));
  }

  private Map<String, AttributeValue> key(String owner, LocalDate day, int page) {
    return Map.of(KEY, fromS(list(owner, day) + page));
  }

  private String list(String owner, LocalDate day) {
    return kind + "#" + FileIds.folder(owner) + "#" + day + "#";
  }

  private static Map<String, AttributeValue> after(Map<String, AttributeValue> item) {
    String key = Attributes.text(item, KEY);
    int number = key.lastIndexOf('#') + 1;
    int next = Integer.parseInt(key.substring(number)) + 1;
    return Map.of(KEY, fromS(key.substring(0, number) + next));
  }

  private static LocalDate day(Instant made) {
    return LocalDate.ofInstant(made, ZoneOffset.UTC);
  }
}
