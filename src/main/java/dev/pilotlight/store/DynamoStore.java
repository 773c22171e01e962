package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.s3.S3Client;

/// Keeps results in a DynamoDB table, and large values in S3 with a pointer in the table ([Items]).
///
/// Expired items count as absent on every read and in the condition of a write, because DynamoDB
/// removes them late. A pointer whose object is missing or damaged counts as absent, too.
///
/// Every call to AWS has a time-out for each attempt and one for all attempts. The SDK cannot
/// interrupt its HTTP client, so a small call may exceed its budget by one attempt. Another thread
/// makes a large call, and the caller stops waiting when the budget is used up.
public final class DynamoStore implements ResultStore {
  private static final int READS_PER_CALL = 100;
  private static final int WRITES_PER_CALL = 25;

  /// The most that a socket buffers. More may block, and no time-out of the SDK or of Java ends a
  /// blocked write.
  private static final int UNBLOCKABLE_BYTES = 8_192;

  private static final String ABSENT_OR_EXPIRED =
      "attribute_not_exists(%s) OR %s <= :now".formatted(Items.KEY, Items.EXPIRES);

  private final StoreSettings settings;
  private final Supplier<DynamoDbClient> client;
  private final BulkCalls bulk;
  private final @Nullable LargeValues large;
  private final InstantSource clock;
  private final StoreUse use;
  private final ConcurrentCalls concurrent = new ConcurrentCalls();

  /// @param client called with the first call to DynamoDB, because making the client takes long
  /// @param s3 called with the first large value
  public DynamoStore(
      StoreSettings settings, Supplier<DynamoDbClient> client, Supplier<S3Client> s3) {
    this(settings, client, s3, InstantSource.system());
  }

  DynamoStore(
      StoreSettings settings,
      Supplier<DynamoDbClient> client,
      Supplier<S3Client> s3,
      InstantSource clock) {
    this.settings = settings;
    this.client = client;
    this.bulk = new BulkCalls(client, settings.table());
    this.large = settings.largeBucket().map(name -> new LargeValues(name, s3)).orElse(null);
    this.use = new StoreUse(settings.itemBytesMax());
    this.clock = clock;
  }

  @Override
  public Map<ResultKey, StoredResult> get(
      Collection<ResultKey> keys, Deadline latest, Meter meter) {
    List<ResultKey> different = List.copyOf(new LinkedHashSet<>(keys));
    Deadline deadline = Budget.atLeastOne(settings.read(), different.size(), latest);
    Map<ResultKey, StoredResult> results = new HashMap<>();
    List<Map<String, AttributeValue>> items = live(items(different, deadline));
    for (Map<String, AttributeValue> item : items) {
      Items.value(item).ifPresent(it -> results.put(Items.key(item), Items.result(item, it)));
    }
    var elsewhere = items.stream().filter(item -> Items.value(item).isEmpty()).toList();
    concurrent
        .all(elsewhere, item -> fetched(item, deadline).map(it -> Items.result(item, it)), deadline)
        .forEach(read -> read.ifPresent(result -> results.put(result.key(), result)));
    use.read(different.size(), results.values(), meter);
    return results;
  }

  @Override
  public Optional<StoredResult> find(ResultKey key, String tenant, Meter meter) {
    Deadline deadline = Deadline.in(settings.read());
    QueryRequest query = Items.ofTenant(settings.table(), key, tenant, Budget.left(deadline));
    Optional<StoredResult> found =
        live(DynamoCall.make(() -> client.get().query(query)).items()).stream()
            .findFirst()
            .flatMap(item -> value(item, deadline).map(value -> Items.result(item, value)));
    use.readConsistently(found, meter);
    return found;
  }

  @Override
  public StoredResult putIfAbsent(StoredResult result, Deadline deadline, Meter meter) {
    StoredResult kept = putUnlessKept(result, deadline);
    use.wrote(List.of(result), meter);
    return kept;
  }

  private StoredResult putUnlessKept(StoredResult result, Deadline deadline) {
    Deadline end = Deadline.in(settings.write()).orSooner(deadline);
    Map<ResultKey, Pointer> pointers = isLarge(result) ? pointers(List.of(result), end) : Map.of();
    try {
      send(conditional(put(result, pointers, end)).build(), result, end);
      return result;
    } catch (ConditionalCheckFailedException e) {
      Optional<StoredResult> first =
          value(e.item(), end).map(value -> Items.result(e.item(), value));
      if (first.isEmpty()) {
        // a pointer to a missing object would block the key until it expires
        send(put(result, pointers, end).build(), result, end);
      }
      return first.orElse(result);
    }
  }

  @Override
  public void putAll(Collection<StoredResult> results, Deadline deadline, Meter meter) {
    Deadline end = Budget.within(settings.write(), results.size(), deadline);
    Map<ResultKey, StoredResult> different = new LinkedHashMap<>();
    results.stream().filter(this::keepable).forEach(r -> different.put(r.key(), r));
    List<StoredResult> kept = List.copyOf(different.values());
    Map<ResultKey, Pointer> pointers = pointers(kept, end);
    if (kept.size() == 1) {
      send(put(kept.getFirst(), pointers, end).build(), kept.getFirst(), end);
    } else {
      concurrent.toDynamo(
          ConcurrentCalls.chunks(kept, WRITES_PER_CALL), chunk -> write(chunk, pointers, end), end);
    }
    use.wrote(kept, meter);
    results.stream().filter(r -> !keepable(r)).findFirst().ifPresent(this::refuse);
  }

  @Override
  public void requireKeepable(StoredResult result) {
    if (policy() == Policy.REQUIRED && !keepable(result)) {
      refuse(result);
    }
  }

  @Override
  public Policy policy() {
    return settings.policy();
  }

  @Override
  public void prime() {
    var _ = get(List.of(ResultKey.random()), Deadline.in(settings.read()), new Meter());
  }

  /// Reads an absent item, within the time of one attempt.
  ///
  /// @throws StoreException if DynamoDB did not answer
  void probe() {
    var _ = item(ResultKey.random(), Deadline.in(settings.attempt()));
  }

  /// The table refuses the write, because its condition requires an item that does not exist.
  @Override
  public void rehearse() {
    prime();
    PutItemRequest refused =
        PutItemRequest.builder()
            .tableName(settings.table())
            .item(Items.key(ResultKey.random()))
            .conditionExpression("attribute_exists(%s)".formatted(Items.KEY))
            .overrideConfiguration(o -> o.apiCallTimeout(settings.write()))
            .build();
    try {
      DynamoCall.make(() -> client.get().putItem(refused));
    } catch (ConditionalCheckFailedException e) {
      // expected
    }
  }

  private List<Map<String, AttributeValue>> items(List<ResultKey> keys, Deadline deadline) {
    if (keys.size() == 1) {
      return item(keys.getFirst(), deadline);
    }
    return concurrent
        .toDynamo(
            ConcurrentCalls.chunks(keys, READS_PER_CALL), chunk -> read(chunk, deadline), deadline)
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  private List<Map<String, AttributeValue>> read(List<ResultKey> keys, Deadline deadline) {
    return DynamoCall.make(() -> bulk.get(keys.stream().map(Items::key).toList(), deadline));
  }

  private List<Map<String, AttributeValue>> item(ResultKey key, Deadline deadline) {
    GetItemRequest get = Items.ofAnyTenant(settings.table(), key, Budget.left(deadline));
    Map<String, AttributeValue> item = DynamoCall.make(() -> client.get().getItem(get)).item();
    return item.isEmpty() ? List.of() : List.of(item);
  }

  private List<Map<String, AttributeValue>> live(List<Map<String, AttributeValue>> items) {
    return items.stream().filter(item -> !Items.expired(item, clock.instant())).toList();
  }

  private Optional<byte[]> value(Map<String, AttributeValue> item, Deadline deadline) {
    return Items.value(item)
        .or(() -> concurrent.all(List.of(item), i -> fetched(i, deadline), deadline).getFirst());
  }

  private Optional<byte[]> fetched(Map<String, AttributeValue> item, Deadline deadline) {
    return large == null
        ? Optional.empty()
        : Items.pointer(item).flatMap(p -> large.get(p, Budget.left(deadline)));
  }

  private boolean isLarge(StoredResult result) {
    return result.value().length > settings.itemBytesMax();
  }

  private boolean keepable(StoredResult result) {
    return large != null || !isLarge(result);
  }

  /// Uploads the large values first, so that an item never points to a missing object.
  private Map<ResultKey, Pointer> pointers(List<StoredResult> results, Deadline deadline) {
    List<StoredResult> larges = results.stream().filter(this::isLarge).toList();
    LargeValues bucket = large;
    if (bucket == null) {
      larges.forEach(this::refuse);
      return Map.of();
    }
    List<Pointer> pointers =
        concurrent.all(
            larges, r -> bucket.put(r.key(), r.value(), Budget.left(deadline)), deadline);
    Map<ResultKey, Pointer> byKey = new HashMap<>();
    for (int i = 0; i < larges.size(); i++) {
      byKey.put(larges.get(i).key(), pointers.get(i));
    }
    return byKey;
  }

  private PutItemRequest.Builder put(
      StoredResult result, Map<ResultKey, Pointer> pointers, Deadline deadline) {
    return PutItemRequest.builder()
        .tableName(settings.table())
        .item(Items.of(result, pointers.get(result.key())))
        .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(deadline)));
  }

  private PutItemRequest.Builder conditional(PutItemRequest.Builder put) {
    return put.conditionExpression(ABSENT_OR_EXPIRED)
        .expressionAttributeValues(Map.of(":now", Items.number(clock.instant().getEpochSecond())))
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  private void send(PutItemRequest put, StoredResult result, Deadline deadline) {
    if (result.value().length <= UNBLOCKABLE_BYTES) {
      DynamoCall.make(() -> client.get().putItem(put));
    } else {
      concurrent.toDynamo(
          List.of(put), p -> DynamoCall.make(() -> client.get().putItem(p)), deadline);
    }
  }

  private Boolean write(
      List<StoredResult> results, Map<ResultKey, Pointer> pointers, Deadline deadline) {
    List<WriteRequest> writes =
        results.stream()
            .map(result -> Items.of(result, pointers.get(result.key())))
            .map(item -> WriteRequest.builder().putRequest(put -> put.item(item)).build())
            .toList();
    return DynamoCall.make(
        () -> {
          bulk.write(writes, deadline);
          return true;
        });
  }

  /// Refuses a result that is too large. A retry would not help, so the caller gets the reason if
  /// the store is required.
  private void refuse(StoredResult result) {
    String message =
        "the result has %d bytes; without a bucket for large results (PILOTLIGHT_LARGE_BUCKET) at"
                .formatted(result.value().length)
            + " most %d can be kept; 'Cache-Control: no-store' answers without keeping it"
                .formatted(settings.itemBytesMax());
    throw settings.policy() == Policy.REQUIRED
        ? Refusal.tooLarge(null, message)
        : new StoreException(message, null);
  }
}
