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

/// What is counted of DynamoDB is what DynamoDB counts.
final class StoreUseIT {
  private static final Deadline LATER = Deadline.in(Duration.ofMinutes(10));
  private static final int LARGE = 358_401;

  private static final DynamoLocal DYNAMO = DynamoLocal.start(0);
  private static final S3Local S3 = S3Local.start(0, BUCKET);
  private static final Clients CLIENTS =
      Stores.clients(DYNAMO.endpoint(), S3.endpoint(), Stores.settings());

  private final DynamoStore store =
      new DynamoStore(Stores.settings("LARGE_BUCKET", BUCKET), CLIENTS::dynamo, CLIENTS::s3);

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
    store.putAll(List.of(result), LATER);
    Meter wrote = new Meter();
    new StoreUse(store, wrote).wrote(List.of(result));
    Meter read = new Meter();
    new StoreUse(store, read).read(1, store.get(List.of(result.key()), LATER).values());
    Meter found = new Meter();
    new StoreUse(store, found).found(store.find(result.key(), "tenant"));

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
  void whatIsNotThereIsReadInVain() {
    Meter meter = new Meter();
    StoreUse use = new StoreUse(store, meter);
    ResultKey absent = Stores.key(-1);
    use.read(3, store.get(List.of(absent), LATER).values());
    assertThat(meter.halfReads()).isEqualTo(3);
    use.found(store.find(absent, "tenant"));
    assertThat(meter.halfReads()).isEqualTo(3 + 2);
    assertThat(meter.gets()).isZero();
  }

  @Test
  void whereNothingIsKeptNothingIsCounted() {
    Meter meter = new Meter();
    StoreUse use = new StoreUse(new NoStore(), meter);
    use.read(3, List.of());
    use.wrote(List.of(result(1, new byte[10])));
    use.found(new NoStore().find(Stores.key(1), "tenant"));
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

  /// Of the item as it is, written once more.
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
