package dev.pilotlight.batch.openai;

import static dev.pilotlight.store.Attributes.number;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.files.DayIndex;
import dev.pilotlight.files.FileIds;
import dev.pilotlight.files.Page;
import dev.pilotlight.store.Attributes;
import dev.pilotlight.store.Budget;
import dev.pilotlight.store.BulkCalls;
import dev.pilotlight.store.DynamoCall;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/// The batches of OpenAI's API as items of the results' table ([ApiBatch]), listed by a [DayIndex].
/// Thread-safe.
///
/// All methods throw [dev.pilotlight.store.StoreException] if the table could not be read or
/// written by the deadline.
final class ApiBatches {
  static final Set<BatchStatus> UNFINISHED =
      Arrays.stream(BatchStatus.values())
          .filter(status -> !status.isFinal())
          .collect(Collectors.toUnmodifiableSet());

  private static final int LISTED_DAYS = 30;
  private static final int SECONDS_DIGITS = 12;

  private final Supplier<DynamoDbClient> client;
  private final BulkCalls calls;
  private final String table;
  private final DayIndex index;
  private final InstantSource clock;

  ApiBatches(Supplier<DynamoDbClient> client, String table, InstantSource clock) {
    this.client = client;
    this.calls = new BulkCalls(client, table);
    this.table = table;
    this.index = new DayIndex(client, table, "batches", LISTED_DAYS, clock);
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  /// Adds a batch.
  ///
  /// @return false if there is one of its id
  boolean add(ApiBatch batch, Deadline end) {
    var _ = index.add(batch.owner(), Instant.ofEpochSecond(batch.created()), entry(batch), end);
    PutItemRequest put =
        PutItemRequest.builder()
            .tableName(table)
            .item(batch.attributes())
            .conditionExpression("attribute_not_exists(" + ApiBatch.KEY + ")")
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    return DynamoCall.ifAllowed(() -> client.get().putItem(put));
  }

  /// Finds a batch of any owner; empty if there is none.
  Optional<ApiBatch> find(String id, Deadline end) {
    return read(List.of(id), end).stream().findFirst();
  }

  /// Finds an owner's batch; empty if there is none or another owner made it.
  Optional<ApiBatch> find(String owner, String id, Deadline end) {
    return FileIds.isId(ApiBatch.PREFIX, id)
        ? find(id, end).filter(batch -> batch.owner().equals(owner))
        : Optional.empty();
  }

  /// Lists an owner's batches, the newest first.
  ///
  /// @param after the id of the batch before the first; null for the beginning
  /// @param limit 1 to 100
  /// @return empty if the owner has no batch `after`
  Optional<Page<ApiBatch>> list(String owner, @Nullable String after, int limit, Deadline end) {
    NavigableSet<String> rest = index.entries(owner, end).descendingSet();
    if (after != null) {
      String last = null;
      for (String entry : rest) {
        last = id(entry).equals(after) ? entry : last;
      }
      if (last == null) {
        return Optional.empty();
      }
      rest = rest.tailSet(last, false);
    }
    Iterator<String> ids = rest.stream().map(ApiBatches::id).iterator();
    return Optional.of(Page.first(ids, limit, some -> read(owner, some, end)));
  }

  private List<ApiBatch> read(String owner, List<String> ids, Deadline end) {
    return read(ids, end).stream().filter(batch -> batch.owner().equals(owner)).toList();
  }

  /// Changes a batch's status if the current one is in `from`.
  ///
  /// @param more further attributes
  /// @return false if it has another status, or does not exist any more
  boolean changeStatus(
      String id,
      Set<BatchStatus> from,
      BatchStatus next,
      Map<String, AttributeValue> more,
      Deadline end) {
    Map<String, AttributeValue> all = new HashMap<>(more);
    all.put(ApiBatch.STATUS, fromS(next.name()));
    all.put(next.timeName(), number(clock.instant().getEpochSecond()));
    return updateIfStatus(id, from, all, end);
  }

  /// Changes attributes of a batch if its status is in `from`.
  ///
  /// @return as [#changeStatus]
  boolean updateIfStatus(
      String id, Set<BatchStatus> from, Map<String, AttributeValue> attributes, Deadline end) {
    Map<String, String> names = new HashMap<>(Map.of("#status", ApiBatch.STATUS));
    Map<String, AttributeValue> values = new HashMap<>();
    List<String> sets = new ArrayList<>();
    attributes.forEach(
        (name, value) -> {
          String number = Integer.toString(sets.size());
          names.put("#a" + number, name);
          values.put(":a" + number, value);
          sets.add("#a" + number + " = :a" + number);
        });
    List<String> allowed = new ArrayList<>();
    for (BatchStatus status : from) {
      values.put(":from" + allowed.size(), fromS(status.name()));
      allowed.add(":from" + allowed.size());
    }
    UpdateItemRequest update =
        UpdateItemRequest.builder()
            .tableName(table)
            .key(ApiBatch.itemKey(id))
            .updateExpression("SET " + String.join(", ", sets))
            .conditionExpression("#status IN (" + String.join(", ", allowed) + ")")
            .expressionAttributeNames(names)
            .expressionAttributeValues(values)
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    return DynamoCall.ifAllowed(() -> client.get().updateItem(update));
  }

  /// Gives a failed batch the status `validating` again.
  ///
  /// @param failed as it was read
  /// @return false if it has changed since then
  boolean restart(ApiBatch failed, Deadline end) {
    UpdateItemRequest update =
        UpdateItemRequest.builder()
            .tableName(table)
            .key(ApiBatch.itemKey(failed.id()))
            .updateExpression("SET #status = :validating, #since = :now REMOVE #errors, #failed")
            .conditionExpression("#status = :failed AND #errors = :errors")
            .expressionAttributeNames(
                Map.of(
                    "#status",
                    ApiBatch.STATUS,
                    "#since",
                    BatchStatus.VALIDATING.timeName(),
                    "#errors",
                    ApiBatch.ERRORS,
                    "#failed",
                    BatchStatus.FAILED.timeName()))
            .expressionAttributeValues(
                Map.of(
                    ":validating", fromS(BatchStatus.VALIDATING.name()),
                    ":now", number(clock.instant().getEpochSecond()),
                    ":failed", fromS(BatchStatus.FAILED.name()),
                    ":errors", fromS(failed.errors())))
            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(end)))
            .build();
    return DynamoCall.ifAllowed(() -> client.get().updateItem(update));
  }

  /// In the order of the ids, without those that do not exist.
  private List<ApiBatch> read(List<String> ids, Deadline end) {
    Map<String, ApiBatch> found = new HashMap<>();
    var keys = ids.stream().map(ApiBatch::itemKey).toList();
    for (var item : DynamoCall.make(() -> calls.getConsistently(keys, end))) {
      String key = Attributes.text(item, ApiBatch.KEY);
      String id = key.substring(key.indexOf('#') + 1);
      found.put(id, ApiBatch.of(id, item));
    }
    return ids.stream().filter(found::containsKey).map(found::get).toList();
  }

  private static String entry(ApiBatch batch) {
    String seconds = Long.toString(batch.created());
    return "0".repeat(SECONDS_DIGITS - seconds.length()) + seconds + "/" + batch.id();
  }

  private static String id(String entry) {
    return entry.substring(entry.indexOf('/') + 1);
  }
}
