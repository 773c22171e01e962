package dev.pilotlight.store;

import static dev.pilotlight.store.Stores.TABLE;
import static dev.pilotlight.store.Stores.key;
import static dev.pilotlight.store.Stores.noise;
import static dev.pilotlight.store.Stores.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.store.MoodyDynamo.Mood;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Order(1) // it is long
class StoreFailuresIT {
  private static final Deadline LATER = Deadline.in(Duration.ofMinutes(10));
  private static final int FOR_EVER = Integer.MAX_VALUE;
  private static final long BUDGET_MS = 1_000;

  /// One attempt, and what a busy build machine may add; without a budget it would be minutes.
  private static final long SLACK_MS = 5_000;

  private static final List<StoredResult> MANY =
      IntStream.range(0, 60).mapToObj(i -> result(i, noise(i, 100))).toList();
  private static final List<ResultKey> KEYS = MANY.stream().map(StoredResult::key).toList();

  private static final DynamoLocal DYNAMO = DynamoLocal.start(0);

  @AfterAll
  static void stop() {
    DYNAMO.close();
  }

  @BeforeEach
  void makeTable() {
    DYNAMO.createTable(TABLE, "pk", "expires_at");
  }

  @AfterEach
  void dropTable() {
    try (var client = DYNAMO.client()) {
      client.deleteTable(table -> table.tableName(TABLE));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "THROTTLED")
  void failedWritesAreRetried(Mood mood) throws IOException {
    try (MoodyDynamo moody = new MoodyDynamo(DYNAMO.endpoint(), mood, 7)) {
      with(moody.endpoint(), Stores.settings(), store -> store.putAll(MANY, LATER, new Meter()));
      assertThat(moody.calls()).isEqualTo(3 + 7);
    }
    with(
        DYNAMO.endpoint(),
        Stores.settings(),
        store ->
            MANY.forEach(
                r ->
                    assertThat(store.find(r.key(), "tenant", new Meter()).orElseThrow().value())
                        .isEqualTo(r.value())));
  }

  @ParameterizedTest
  @EnumSource(names = "THROTTLED")
  @OnlyInFaults
  void throttledWritesAreRetried(Mood mood) throws IOException {
    failedWritesAreRetried(mood);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "THROTTLED")
  void failedReadsAreRetried(Mood mood) throws IOException {
    with(DYNAMO.endpoint(), Stores.settings(), store -> store.putAll(MANY, LATER, new Meter()));
    try (MoodyDynamo moody = new MoodyDynamo(DYNAMO.endpoint(), mood, 3)) {
      with(
          moody.endpoint(),
          Stores.settings(),
          store -> assertThat(store.get(KEYS, LATER, new Meter())).hasSameSizeAs(MANY));
      assertThat(moody.calls()).isEqualTo(1 + 3);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "THROTTLED")
  @OnlyInFaults
  void throttledReadsAreRetried(Mood mood) throws IOException {
    failedReadsAreRetried(mood);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "THROTTLED")
  void retriesEndWithinTheBudget(Mood mood) throws IOException {
    try (MoodyDynamo moody = new MoodyDynamo(DYNAMO.endpoint(), mood, FOR_EVER)) {
      with(moody.endpoint(), tight(), StoreFailuresIT::batchesFailWithinTheBudget);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "THROTTLED")
  @OnlyInFaults
  void retriesOfThrottledCallsEndWithinTheBudget(Mood mood) throws IOException {
    retriesEndWithinTheBudget(mood);
  }

  @Test
  void aDeadEndpointFailsWithinTheBudget() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    with(URI.create("http://127.0.0.1:" + port), tight(), StoreFailuresIT::allFailsWithinTheBudget);
  }

  @Test
  @OnlyInFaults
  void anEndpointThatNeverAnswersFailsWithinTheBudget() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI endpoint = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      with(endpoint, tight(), StoreFailuresIT::allFailsWithinTheBudget);
    }
  }

  @Test
  void anS3ThatNeverAnswersFailsWithinTheBudget() throws IOException {
    StoreSettings settings =
        Stores.settings(
            "LARGE_BUCKET", "b",
            "STORE_ITEM_BYTES", "10",
            "STORE_READ_MS", "1000",
            "STORE_WRITE_MS", "1000");
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI endpoint = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      try (Clients clients = Stores.clients(DYNAMO.endpoint(), endpoint, settings)) {
        DynamoStore store = new DynamoStore(settings, clients.calls(settings.table()), clients::s3);
        fails(() -> store.putIfAbsent(MANY.getFirst(), LATER, new Meter()));
        fails(() -> store.putAll(MANY, LATER, new Meter()));
        // a pointer that was written while S3 was there
        clients
            .dynamo()
            .putItem(
                put ->
                    put.tableName(TABLE)
                        .item(
                            Items.of(
                                TableItem.of(
                                    MANY.getFirst(), new Pointer("k", 100, new byte[32])))));
        fails(() -> store.get(List.of(key(0)), LATER, new Meter()));
      }
    }
  }

  @Test
  void aDeadlineCutsABudgetShort() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI endpoint = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      with(
          endpoint,
          Stores.settings("STORE_ATTEMPT_MS", "300"),
          store -> {
            fails(() -> store.putAll(MANY, Deadline.in(Duration.ofMillis(BUDGET_MS)), new Meter()));
            fails(
                () ->
                    store.putIfAbsent(
                        MANY.getFirst(), Deadline.in(Duration.ofMillis(BUDGET_MS)), new Meter()));
          });
    }
  }

  @Test
  void theBudgetOfReadsGrowsWithEachBegunHundredKeys() throws IOException {
    List<ResultKey> keys = IntStream.range(0, 201).mapToObj(Stores::key).toList();
    StoreSettings settings = Stores.settings("STORE_ATTEMPT_MS", "10000", "STORE_READ_MS", "150");
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      with(
          URI.create("http://127.0.0.1:" + silent.getLocalPort()),
          settings,
          store -> {
            long start = System.nanoTime();
            fails(() -> store.get(keys, LATER, new Meter()));
            assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThanOrEqualTo(3 * 150L);
          });
    }
  }

  @Test
  void aTableThatIsNotThereIsAFailureOfTheStore() {
    with(
        DYNAMO.endpoint(),
        Stores.settings("TABLE", "other"),
        store -> {
          assertThatThrownBy(() -> store.find(key(1), "tenant", new Meter()))
              .isInstanceOf(StoreException.class);
          assertThatThrownBy(() -> store.putIfAbsent(MANY.getFirst(), LATER, new Meter()))
              .isInstanceOf(StoreException.class);
        });
  }

  private static void allFailsWithinTheBudget(DynamoStore store) {
    // more than the sockets take: the writes themselves block
    fails(() -> store.putIfAbsent(result(1, noise(1, 350_000)), LATER, new Meter()));
    fails(
        () ->
            store.putAll(
                IntStream.range(0, 50).mapToObj(i -> result(i, noise(i, 350_000))).toList(),
                LATER,
                new Meter()));
    batchesFailWithinTheBudget(store);
    fails(() -> store.get(List.of(key(1)), LATER, new Meter()));
    fails(() -> store.find(key(1), "tenant", new Meter()));
    fails(() -> store.putIfAbsent(MANY.getFirst(), LATER, new Meter()));
    fails(() -> store.putAll(List.of(MANY.getFirst()), LATER, new Meter()));
  }

  private static void batchesFailWithinTheBudget(DynamoStore store) {
    fails(() -> store.get(KEYS, LATER, new Meter()));
    fails(() -> store.putAll(MANY, LATER, new Meter()));
  }

  private static void fails(Runnable task) {
    long start = System.nanoTime();
    assertThatThrownBy(task::run).isInstanceOf(StoreException.class);
    assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(BUDGET_MS + SLACK_MS);
  }

  private static StoreSettings tight() {
    return Stores.settings(
        "STORE_ATTEMPT_MS", "300", "STORE_READ_MS", "1000", "STORE_WRITE_MS", "1000");
  }

  private static void with(URI endpoint, StoreSettings settings, Consumer<DynamoStore> test) {
    try (Clients clients = Stores.clients(endpoint, endpoint, settings)) {
      test.accept(new DynamoStore(settings, clients.calls(settings.table()), clients::s3));
    }
  }
}
