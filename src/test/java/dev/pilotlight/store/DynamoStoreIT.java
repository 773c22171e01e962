package dev.pilotlight.store;

import static dev.pilotlight.store.Stores.BUCKET;
import static dev.pilotlight.store.Stores.TABLE;
import static dev.pilotlight.store.Stores.key;
import static dev.pilotlight.store.Stores.noise;
import static dev.pilotlight.store.Stores.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.store.StoreSettings.Client;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.S3Object;

@ParameterizedClass
@EnumSource
class DynamoStoreIT {
  private static final Deadline LATER = Deadline.in(Duration.ofMinutes(10));
  private static final int LARGE = 358_401;

  private static final DynamoLocal DYNAMO = DynamoLocal.start(0);
  private static final S3Local S3 = S3Local.start(0, BUCKET);
  private static final Clients CLIENTS =
      Stores.clients(DYNAMO.endpoint(), S3.endpoint(), Stores.settings());
  private static final Clients OF_THE_SDK =
      Stores.clients(DYNAMO.endpoint(), S3.endpoint(), Stores.settings("DYNAMODB_CLIENT", "sdk"));

  private final StoreSettings settings = Stores.settings("LARGE_BUCKET", BUCKET);
  private final DynamoCalls calls;
  private final DynamoStore store;

  DynamoStoreIT(Client client) {
    calls = (client == Client.SDK ? OF_THE_SDK : CLIENTS).calls(TABLE);
    store = new DynamoStore(settings, calls, CLIENTS::s3);
  }

  @AfterAll
  static void stopServers() {
    CLIENTS.close();
    OF_THE_SDK.close();
    DYNAMO.close();
    S3.close();
  }

  @BeforeEach
  void makeTable() {
    DYNAMO.createTable(TABLE, "pk", "expires_at");
  }

  @AfterEach
  void dropTable() {
    CLIENTS.dynamo().deleteTable(table -> table.tableName(TABLE));
  }

  @Test
  void aRehearsalLeavesNothingBehind() {
    store.rehearse();
    assertThat(CLIENTS.dynamo().scan(scan -> scan.tableName(TABLE)).items()).isEmpty();
  }

  @Test
  void primingFailsWithoutTable() {
    DynamoStore lost =
        new DynamoStore(Stores.settings("TABLE", "no-such"), CLIENTS.calls("no-such"), CLIENTS::s3);
    assertThatThrownBy(lost::prime).isInstanceOf(StoreException.class);
  }

  @Test
  void resultComesBackBitForBitWithItsAttributes() {
    StoredResult kept = result(1, noise(1, 1_560));
    assertThat(store.putIfAbsent(kept, LATER, new Meter())).isSameAs(kept);
    assertThat(store.get(List.of(key(1), key(2)), LATER, new Meter())).containsOnlyKeys(key(1));
    assertThat(store.get(List.of(key(1)), LATER, new Meter()).get(key(1)))
        .usingRecursiveComparison()
        .isEqualTo(kept);
    assertThat(store.find(key(1), "tenant", new Meter()).orElseThrow())
        .usingRecursiveComparison()
        .isEqualTo(kept);
    assertThat(store.find(key(2), "tenant", new Meter())).isEmpty();
    assertThat(store.get(List.of(), LATER, new Meter())).isEmpty();
  }

  @Test
  void everyWriterGetsTheResultThatWasStoredFirst() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 20; round++) {
        int number = round;
        CyclicBarrier start = new CyclicBarrier(2);
        List<Future<byte[]>> writers = new ArrayList<>();
        for (int writer = 0; writer < 2; writer++) {
          byte[] own = noise(writer, 64);
          writers.add(
              threads.submit(
                  () -> {
                    start.await();
                    return store.putIfAbsent(result(number, own), LATER, new Meter()).value();
                  }));
        }
        byte[] first = writers.getFirst().get();
        assertThat(first).isEqualTo(writers.getLast().get());
        assertThat(first)
            .isEqualTo(store.find(key(number), "tenant", new Meter()).orElseThrow().value());
      }
    }
  }

  @Test
  void anExpiredResultIsAbsentAndMayBeReplaced() {
    Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());
    StoredResult expired =
        new StoredResult(key(1), "tenant", "m", "1", noise(1, 9), now, Duration.ofSeconds(60));
    store.putIfAbsent(expired, LATER, new Meter());
    DynamoStore justBefore = at(now.plusSeconds(59));
    DynamoStore then = at(now.plusSeconds(60));
    assertThat(justBefore.find(key(1), "tenant", new Meter())).isPresent();
    assertThat(then.find(key(1), "tenant", new Meter())).isEmpty();
    assertThat(then.get(List.of(key(1)), LATER, new Meter())).isEmpty();
    assertThat(then.get(List.of(key(1), key(2)), LATER, new Meter())).isEmpty();

    StoredResult next = result(1, noise(2, 9));
    assertThat(justBefore.putIfAbsent(next, LATER, new Meter()).value()).isEqualTo(expired.value());
    assertThat(then.putIfAbsent(next, LATER, new Meter())).isSameAs(next);
    assertThat(store.find(key(1), "tenant", new Meter()).orElseThrow().value())
        .isEqualTo(next.value());
  }

  @Test
  void manyResultsAreKeptAndFoundTogether() {
    List<StoredResult> results =
        IntStream.range(0, 260).mapToObj(i -> result(i, noise(i, 200))).toList();
    store.putAll(results, LATER, new Meter());
    List<ResultKey> keys = new ArrayList<>(results.stream().map(StoredResult::key).toList());
    keys.addAll(keys.subList(0, 50)); // asked twice
    keys.add(key(999));
    Map<ResultKey, StoredResult> found = store.get(keys, LATER, new Meter());
    assertThat(found).hasSize(260);
    results.forEach(r -> assertThat(found.get(r.key())).usingRecursiveComparison().isEqualTo(r));
  }

  @Test
  void putAllReplacesWhatIsThere() {
    store.putIfAbsent(result(1, noise(1, 9)), LATER, new Meter());
    store.putAll(List.of(result(1, noise(2, 9))), LATER, new Meter());
    assertThat(store.find(key(1), "tenant", new Meter()).orElseThrow().value())
        .isEqualTo(noise(2, 9));
    store.putAll(
        List.of(result(1, noise(3, 9)), result(2, noise(4, 9)), result(2, noise(5, 9))),
        LATER,
        new Meter());
    assertThat(store.find(key(1), "tenant", new Meter()).orElseThrow().value())
        .isEqualTo(noise(3, 9));
    assertThat(store.find(key(2), "tenant", new Meter()).orElseThrow().value())
        .isEqualTo(noise(5, 9));
  }

  @Test
  void aLargeResultIsAnObjectAndComesBackBitForBit() {
    StoredResult inItem = result(1, noise(1, LARGE - 1));
    StoredResult inS3 = result(2, noise(2, 2_000_000));
    store.putAll(List.of(inItem, inS3, result(3, noise(3, 10))), LATER, new Meter());
    assertThat(objects()).singleElement().satisfies(o -> assertThat(o.size()).isEqualTo(2_000_000));
    Map<ResultKey, StoredResult> found =
        store.get(List.of(key(1), key(2), key(3)), LATER, new Meter());
    requireSame(found.get(key(1)), inItem);
    requireSame(found.get(key(2)), inS3);
    requireSame(store.find(key(2), "tenant", new Meter()).orElseThrow(), inS3);
    // of two writers the second gets the first's
    assertThat(store.putIfAbsent(result(2, noise(4, LARGE)), LATER, new Meter()).value())
        .isEqualTo(inS3.value());
    deleteObjects();
  }

  /// Without the comparison of each byte by reflection, which takes seconds for a large value.
  private static void requireSame(@Nullable StoredResult found, StoredResult kept) {
    assertThat(Objects.requireNonNull(found).value()).isEqualTo(kept.value());
    assertThat(found).usingRecursiveComparison().ignoringFields("value").isEqualTo(kept);
  }

  @Test
  void aPointerToWhatIsGoneOrDamagedIsAbsentAndDoesNotStandInTheWay() {
    StoredResult kept = result(1, noise(1, LARGE));
    store.putIfAbsent(kept, LATER, new Meter());
    String object = objects().getFirst().key();
    byte[] damaged = kept.value().clone();
    damaged[7] ^= 1;
    CLIENTS.s3().putObject(p -> p.bucket(BUCKET).key(object), RequestBody.fromBytes(damaged));
    assertThat(store.get(List.of(key(1)), LATER, new Meter())).isEmpty();
    CLIENTS.s3().deleteObject(delete -> delete.bucket(BUCKET).key(object));
    assertThat(store.find(key(1), "tenant", new Meter())).isEmpty();

    StoredResult next = result(1, noise(2, LARGE));
    assertThat(store.putIfAbsent(next, LATER, new Meter())).isSameAs(next);
    assertThat(store.find(key(1), "tenant", new Meter()).orElseThrow().value())
        .isEqualTo(next.value());
    deleteObjects();
  }

  @Test
  void withoutABucketALargeResultIsRefusedAndTheOthersAreKept() {
    StoredResult large = result(1, noise(1, LARGE));
    DynamoStore required = new DynamoStore(Stores.settings(), calls, CLIENTS::s3);
    assertThatThrownBy(() -> required.putIfAbsent(large, LATER, new Meter()))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE))
        .hasMessageContaining("358401 bytes")
        .hasMessageContaining("PILOTLIGHT_LARGE_BUCKET");
    assertThatThrownBy(
            () -> required.putAll(List.of(large, result(2, noise(2, 9))), LATER, new Meter()))
        .isInstanceOf(Refusal.class);
    assertThat(required.get(List.of(key(1), key(2)), LATER, new Meter())).containsOnlyKeys(key(2));

    DynamoStore bestEffort =
        new DynamoStore(Stores.settings("STORE", "best-effort"), calls, CLIENTS::s3);
    assertThatThrownBy(() -> bestEffort.putIfAbsent(large, LATER, new Meter()))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void itemsHaveTheDocumentedForm() {
    StoredResult kept = result(1, noise(1, LARGE));
    store.putAll(List.of(kept, result(2, new byte[] {1, 2})), LATER, new Meter());
    assertThat(item(2).keySet())
        .containsExactlyInAnyOrder(
            "pk", "value", "tenant", "model", "version", "created", "expires_at");
    assertThat(attribute(2, "value").b().asByteArray()).containsExactly(1, 2);
    long created = Long.parseLong(attribute(2, "created").n());
    assertThat(attribute(2, "expires_at").n()).isEqualTo(Long.toString(created + 86_400));
    assertThat(attribute(2, "tenant").s()).isEqualTo("tenant");
    assertThat(item(1).keySet()).contains("s3_key", "bytes", "sha256").doesNotContain("value");
    byte[] sha256 = attribute(1, "sha256").b().asByteArray();
    assertThat(attribute(1, "s3_key").s())
        .isEqualTo("results/%s/%s".formatted(key(1), HexFormat.of().formatHex(sha256)));
    deleteObjects();
  }

  @Test
  @OnlyInFaults
  void anAnswerOfManyLargeItemsComesInParts() {
    List<StoredResult> results =
        IntStream.range(0, 60).mapToObj(i -> result(i, noise(i, 350_000))).toList();
    store.putAll(results, LATER, new Meter()); // 21 MB, of which DynamoDB gives 16 at once
    assertThat(store.get(results.stream().map(StoredResult::key).toList(), LATER, new Meter()))
        .hasSize(60);
  }

  private DynamoStore at(Instant now) {
    return new DynamoStore(settings, calls, CLIENTS::s3, () -> now);
  }

  private static Map<String, AttributeValue> item(int number) {
    return CLIENTS
        .dynamo()
        .getItem(
            get -> get.tableName(TABLE).key(Map.of("pk", AttributeValue.fromS(key(number).id()))))
        .item();
  }

  private static AttributeValue attribute(int number, String name) {
    return Objects.requireNonNull(item(number).get(name));
  }

  private static List<S3Object> objects() {
    return CLIENTS.s3().listObjectsV2(list -> list.bucket(BUCKET)).contents();
  }

  private static void deleteObjects() {
    objects().forEach(o -> CLIENTS.s3().deleteObject(d -> d.bucket(BUCKET).key(o.key())));
  }
}
