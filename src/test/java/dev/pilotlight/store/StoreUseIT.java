package dev.pilotlight.store;

import static dev.pilotlight.store.Stores.BUCKET;
import static dev.pilotlight.store.Stores.TABLE;
import static dev.pilotlight.store.Stores.noise;
import static dev.pilotlight.store.Stores.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.store.client.Clients;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/// The store counts the same capacity units as DynamoDB.
final class StoreUseIT {
  private static final Deadline LATER = Deadline.in(Duration.ofMinutes(10));
  private static final int LARGE = 358_401;

  private static final DynamoLocal DYNAMO = DynamoLocal.start(0);
  private static final S3Local S3 = S3Local.start(0, BUCKET);
  private static final Clients CLIENTS =
      Stores.clients(DYNAMO.endpoint(), S3.endpoint(), Stores.settings());

  private final DynamoStore store =
      new DynamoStore(Stores.settings("LARGE_BUCKET", BUCKET), CLIENTS.calls(TABLE), CLIENTS::s3);

  @BeforeAll
  static void makeTable() {
    DYNAMO.createTable(TABLE, "pk", "expires_at");
  }

  @AfterAll
  static void stopServers() {
    CLIENTS.close();
    DYNAMO.close();
    S3.close();
  }

  /// On both sides of a unit's border; "tenant", "model" and "1" have 12 bytes.
  @ParameterizedTest
  @ValueSource(ints = {0, 915, 916, 3_987, 3_988, 100_000, LARGE, 2_000_000})
  void unitsAreThoseOfDynamoDb(int bytes) {
    StoredResult result = result(bytes, noise(bytes, bytes));
    Meter wrote = new Meter();
    store.putAll(List.of(result), LATER, wrote);
    Meter read = new Meter();
    store.get(List.of(result.key()), LATER, read);
    Meter found = new Meter();
    store.find(result.key(), "tenant", found);

    assertThat(read.halfReads()).isEqualTo((long) (readUnits(result.key(), false) * 2));
    assertThat(found.halfReads()).isEqualTo((long) (readUnits(result.key(), true) * 2));
    assertThat(wrote.writes()).isEqualTo((long) writeUnits(result.key()));
    int objects = bytes < LARGE ? 0 : 1;
    assertThat(List.of(wrote.puts(), wrote.gets())).containsExactly((long) objects, 0L);
    assertThat(List.of(read.puts(), read.gets())).containsExactly(0L, (long) objects);
    assertThat(List.of(found.puts(), found.gets())).containsExactly(0L, (long) objects);
  }

  @Test
  void textsCountAsTheirUtf8Bytes() {
    assertThat(ItemSize.of(10, false, "a\u00fc\u6f22", "\ud83d\ude00"))
        .isEqualTo(ItemSize.of(20, false));
  }

  @Test
  void aReadOfAnAbsentItemIsCounted() {
    Meter meter = new Meter();
    store.get(List.of(Stores.key(-1), Stores.key(-2), Stores.key(-3)), LATER, meter);
    assertThat(meter.halfReads()).isEqualTo(3);
    store.find(Stores.key(-1), "tenant", meter);
    assertThat(meter.halfReads()).isEqualTo(3 + 2);
    assertThat(meter.gets()).isZero();
  }

  @Test
  void anotherTenantsResultCountsAsAnAbsentOne() {
    store.putAll(List.of(result(7, noise(7, 100_000))), LATER, new Meter());
    Meter foreign = new Meter();
    assertThat(store.find(Stores.key(7), "another", foreign)).isEmpty();
    Meter absent = new Meter();
    store.find(Stores.key(-7), "another", absent);
    assertThat(foreign.halfReads()).isEqualTo(absent.halfReads());
    assertThat(foreign.gets()).isZero();
  }

  @Test
  void withoutAStoreNothingIsCounted() {
    Meter meter = new Meter();
    NoStore none = new NoStore();
    none.get(List.of(Stores.key(1)), LATER, meter);
    none.putAll(List.of(result(1, new byte[10])), LATER, meter);
    none.find(Stores.key(1), "tenant", meter);
    assertThat(List.of(meter.halfReads(), meter.writes(), meter.puts(), meter.gets()))
        .containsOnly(0L);
  }

  private static double readUnits(ResultKey key, boolean consistent) {
    return CLIENTS
        .dynamo()
        .getItem(
            get ->
                get.tableName(TABLE)
                    .key(Items.key(key))
                    .consistentRead(consistent)
                    .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
        .consumedCapacity()
        .capacityUnits();
  }

  /// The units of the existing item, written once more.
  private static double writeUnits(ResultKey key) {
    var item = CLIENTS.dynamo().getItem(get -> get.tableName(TABLE).key(Items.key(key))).item();
    return CLIENTS
        .dynamo()
        .putItem(
            put ->
                put.tableName(TABLE)
                    .item(item)
                    .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
        .consumedCapacity()
        .capacityUnits();
  }
}
