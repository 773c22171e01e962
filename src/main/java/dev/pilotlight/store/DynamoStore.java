package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/// Keeps results in a DynamoDB table, and large values in S3 with a pointer in the table
/// ([TableItem]).
///
/// Expired items count as absent on every read and in the condition of a write, because DynamoDB
/// removes them late. A pointer whose object is missing or damaged counts as absent, too.
///
/// Every call to AWS has a time-out for each attempt and one for all attempts. A small call may
/// exceed its budget by one attempt ([SdkCalls]). Another thread makes a large call, and a write
/// whose deadline leaves no time for that attempt; the caller stops waiting when the budget is used
/// up.
public final class DynamoStore implements ResultStore {
  private static final int READS_PER_CALL = 100;
  private static final int WRITES_PER_CALL = 25;

  /// The most that a socket surely buffers. More may block, and no time-out of the SDK or of Java
  /// ends a blocked write.
  private static final int UNBLOCKABLE_BYTES = 8_192;

  private final StoreSettings settings;
  private final DynamoCalls calls;
  private final @Nullable LargeValues large;
  private final InstantSource clock;
  private final StoreUse use;
  private final ConcurrentCalls concurrent = new ConcurrentCalls();

  /// @param s3 called with the first large value
  public DynamoStore(StoreSettings settings, DynamoCalls calls, Supplier<S3Client> s3) {
    this(settings, calls, s3, InstantSource.system());
  }

  DynamoStore(
      StoreSettings settings, DynamoCalls calls, Supplier<S3Client> s3, InstantSource clock) {
    this.settings = settings;
    this.calls = calls;
    this.large = settings.largeBucket().map(name -> new LargeValues(name, s3)).orElse(null);
    this.use = new StoreUse(settings.itemBytesMax());
    this.clock = clock;
  }

  @Override
  public Map<ResultKey, StoredResult> get(
      Collection<ResultKey> keys, Deadline latest, Meter meter, @Nullable Runnable onSent) {
    List<ResultKey> different = List.copyOf(new LinkedHashSet<>(keys));
    Deadline deadline = Budget.atLeastOne(settings.read(), different.size(), latest);
    Map<ResultKey, StoredResult> results = new HashMap<>();
    List<TableItem> elsewhere = new ArrayList<>();
    for (TableItem item : items(different, deadline, onSent)) {
      byte[] value = item.value();
      if (item.expired(clock.instant())) {
        continue;
      }
      if (value == null) {
        elsewhere.add(item);
      } else {
        results.put(item.key(), item.result(value));
      }
    }
    concurrent
        .all(elsewhere, item -> fetched(item, deadline).map(item::result), deadline)
        .forEach(read -> read.ifPresent(result -> results.put(result.key(), result)));
    use.read(different.size(), results.values(), meter);
    return results;
  }

  @Override
  public Optional<StoredResult> find(ResultKey key, String tenant, Meter meter) {
    Deadline deadline = Deadline.in(settings.read());
    Optional<StoredResult> found =
        calls
            .find(key, tenant, deadline)
            .filter(item -> !item.expired(clock.instant()))
            .flatMap(item -> value(item, deadline).map(item::result));
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
    TableItem item = TableItem.of(result, pointers.get(result.key()));
    long now = clock.instant().getEpochSecond();
    PutOutcome outcome = send(result, () -> calls.putIfAbsent(item, now, end), end, deadline);
    if (outcome.written()) {
      return result;
    }
    Optional<StoredResult> first =
        Optional.ofNullable(outcome.existing()).flatMap(kept -> value(kept, end).map(kept::result));
    if (first.isEmpty()) {
      // a pointer to a missing object would block the key until it expires
      put(item, result, end, deadline);
    }
    return first.orElse(result);
  }

  @Override
  public void putAll(Collection<StoredResult> results, Deadline deadline, Meter meter) {
    Deadline end = Budget.within(settings.write(), results.size(), deadline);
    Map<ResultKey, StoredResult> different = new LinkedHashMap<>();
    results.stream().filter(this::keepable).forEach(r -> different.put(r.key(), r));
    List<StoredResult> kept = List.copyOf(different.values());
    Map<ResultKey, Pointer> pointers = pointers(kept, end);
    if (kept.size() == 1) {
      StoredResult only = kept.getFirst();
      put(TableItem.of(only, pointers.get(only.key())), only, end, deadline);
    } else {
      concurrent.toDynamo(
          ConcurrentCalls.chunks(kept, WRITES_PER_CALL), chunk -> write(chunk, pointers, end), end);
    }
    use.wrote(kept, meter);
    results.stream().filter(r -> !keepable(r)).findFirst().ifPresent(this::refuse);
  }

  @Override
  public void requireKeepable(StoredResult result) {
    if (!keepable(result)) {
      refuse(result);
    }
  }

  @Override
  public <T> T call(Supplier<T> call) {
    return call.get();
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
    var _ = calls.get(ResultKey.random(), Deadline.in(settings.attempt()));
  }

  @Override
  public void rehearse() {
    prime();
    calls.putRefused(ResultKey.random(), Deadline.in(settings.write()));
  }

  private List<TableItem> items(
      List<ResultKey> keys, Deadline deadline, @Nullable Runnable onSent) {
    if (keys.size() == 1) {
      return calls.get(keys.getFirst(), deadline, onSent).map(List::of).orElseGet(List::of);
    }
    return concurrent
        .toDynamo(
            ConcurrentCalls.chunks(keys, READS_PER_CALL),
            chunk -> calls.getAll(chunk, deadline, onSent),
            deadline)
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  private Optional<byte[]> value(TableItem item, Deadline deadline) {
    return Optional.ofNullable(item.value())
        .or(() -> concurrent.all(List.of(item), i -> fetched(i, deadline), deadline).getFirst());
  }

  private Optional<byte[]> fetched(TableItem item, Deadline deadline) {
    Pointer pointer = item.pointer();
    return large == null || pointer == null
        ? Optional.empty()
        : large.get(pointer, Budget.left(deadline));
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
            larges,
            r -> bucket.put(LargeValues.folder(r.key()), r.value(), Budget.left(deadline)),
            deadline);
    Map<ResultKey, Pointer> byKey = new HashMap<>();
    for (int i = 0; i < larges.size(); i++) {
      byKey.put(larges.get(i).key(), pointers.get(i));
    }
    return byKey;
  }

  private void put(TableItem item, StoredResult result, Deadline end, Deadline latest) {
    var _ =
        send(
            result,
            () -> {
              calls.put(item, end);
              return PutOutcome.WRITTEN;
            },
            end,
            latest);
  }

  /// @param end of the call's budget
  /// @param latest the caller's deadline
  private PutOutcome send(
      StoredResult result, Supplier<PutOutcome> put, Deadline end, Deadline latest) {
    boolean mayExceed = latest.nanoTime() - end.nanoTime() >= settings.attempt().toNanos();
    return result.value().length <= UNBLOCKABLE_BYTES && mayExceed
        ? put.get()
        : concurrent.toDynamo(List.of(put), Supplier::get, end).getFirst();
  }

  private Boolean write(
      List<StoredResult> results, Map<ResultKey, Pointer> pointers, Deadline deadline) {
    List<TableItem> items = new ArrayList<>(results.size());
    for (StoredResult result : results) {
      items.add(TableItem.of(result, pointers.get(result.key())));
    }
    calls.putAll(items, deadline);
    return true;
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
        : StoreException.unkeepable(message);
  }
}
