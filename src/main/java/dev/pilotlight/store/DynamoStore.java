package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
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

/// Results in a DynamoDB table, large ones in S3 with a pointer in the table ([Items]).
///
/// Expired items count as absent on every read and for the condition of a write, because DynamoDB
/// removes them late. A pointer whose object is gone or damaged counts as absent, too.
///
/// Every call to AWS has a time-out for each attempt and one for all. The SDK cannot interrupt its
/// HTTP client, so that a small call may outlast its budget by one attempt; a large one is made on
/// another thread, which is left behind when the budget is spent.
public final class DynamoStore implements ResultStore {
  private static final int READS_PER_CALL = 100;
  private static final int WRITES_PER_CALL = 25;

  /// What a socket takes without waiting for the other side; more may block, and no time-out of the
  /// SDK or of Java ends a blocked write.
  private static final int UNBLOCKABLE_BYTES = 8_192;

  private static final String ABSENT_OR_EXPIRED =
      "attribute_not_exists(%s) OR %s <= :now".formatted(Items.KEY, Items.EXPIRES);

  private final StoreSettings settings;
  private final Supplier<DynamoDbClient> client;
  private final BulkCalls bulk;
  private final @Nullable LargeValues large;
  private final InstantSource clock;
  private final ConcurrentCalls concurrent = new ConcurrentCalls();

  /// @param client asked for with the first call, since it takes its time to be made
  /// @param s3 asked for only for large values
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
    this.clock = clock;
  }

  @Override
  public Map<ResultKey, StoredResult> get(Collection<ResultKey> keys, Deadline latest) {
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
    return results;
  }

  @Override
  public Optional<StoredResult> find(ResultKey key, String tenant) {
    Deadline deadline = Deadline.in(settings.read());
    QueryRequest query = Items.ofTenant(settings.table(), key, tenant, Budget.left(deadline));
    return live(DynamoCall.make(() -> client.get().query(query)).items()).stream()
        .findFirst()
        .flatMap(item -> value(item, deadline).map(value -> Items.result(item, value)));
  }

  @Override
  public StoredResult putIfAbsent(StoredResult result, Deadline deadline) {
    Deadline end = Deadline.in(settings.write()).orSooner(deadline);
    Map<ResultKey, Pointer> pointers = isLarge(result) ? pointers(List.of(result), end) : Map.of();
    try {
      send(conditional(put(result, pointers, end)).build(), result, end);
      return result;
    } catch (ConditionalCheckFailedException e) {
      Optional<StoredResult> first =
          value(e.item(), end).map(value -> Items.result(e.item(), value));
      if (first.isEmpty()) {
        // a pointer to nothing would stand in the way until it expires
        send(put(result, pointers, end).build(), result, end);
      }
      return first.orElse(result);
    }
  }

  @Override
  public void putAll(Collection<StoredResult> results, Deadline deadline) {
    Deadline end = Budget.within(settings.write(), results.size(), deadline);
    Map<ResultKey, StoredResult> different = new LinkedHashMap<>();
    results.stream().filter(this::keepable).forEach(r -> different.put(r.key(), r));
    List<StoredResult> kept = List.copyOf(different.values());
    Map<ResultKey, Pointer> pointers = pointers(kept, end);
    if (kept.size() == 1) {
      send(put(kept.getFirst(), pointers, end).build(), kept.getFirst(), end);
    } else {
      concurrent.calls(
          ConcurrentCalls.chunks(kept, WRITES_PER_CALL), chunk -> write(chunk, pointers, end), end);
    }
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
  public boolean isInS3(int valueBytes) {
    return large != null && valueBytes > settings.itemBytesMax();
  }

  @Override
  public void prime() {
    var _ = get(List.of(ResultKey.random()), Deadline.in(settings.read()));
  }

  /// Asks for nothing, within the time of one attempt.
  ///
  /// @throws StoreException if there was no answer
  void probe() {
    var _ = item(ResultKey.random(), Deadline.in(settings.attempt()));
  }

  /// The write is one that the table refuses, since it is to replace what is never there.
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
      // as meant
    }
  }

  private List<Map<String, AttributeValue>> items(List<ResultKey> keys, Deadline deadline) {
    if (keys.size() == 1) {
      return item(keys.getFirst(), deadline);
    }
    return concurrent
        .calls(
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

  /// Large values go first: an item never points to what is not there yet.
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
      concurrent.calls(List.of(put), p -> DynamoCall.make(() -> client.get().putItem(p)), deadline);
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

  /// Trying again would not help, so that where a result is required this is said to the caller.
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
