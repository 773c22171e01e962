package dev.pilotlight.idempotency;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.store.DynamoStore;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.client.EmulatedClients;
import dev.pilotlight.store.mark.Marks;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Ledgers of several environments on one real table, with a clock that the test turns.
@ResourceLock("LedgerOnTable") // its subclasses share what is static here
abstract class LedgerOnTable {
  static final String BUCKET = "large";
  static final Deadline LATER = Deadline.in(Duration.ofMinutes(10));
  static final Duration LEASE = Duration.ofSeconds(5);

  private static final String TABLE = "results";

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private static S3Local s3;

  final AtomicLong now = new AtomicLong(1_800_000_000_000L);
  final List<Ledger> ledgers = new ArrayList<>();
  final Between between = between();
  private final Map<String, String> environment = new HashMap<>();
  private final List<Clients> all = new ArrayList<>();

  private static Between between() {
    try {
      return new Between(dynamo.endpoint());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  static void startServers() {
    dynamo = DynamoLocal.start(0);
    s3 = S3Local.start(0, BUCKET);
  }

  @AfterAll
  static void stopServers() {
    dynamo.close();
    s3.close();
  }

  @BeforeEach
  void makeTable() {
    dynamo.createTable(TABLE, "pk", "expires_at");
    environment.put("PILOTLIGHT_TABLE", TABLE);
    environment.put("PILOTLIGHT_LARGE_BUCKET", BUCKET);
    environment.put("PILOTLIGHT_STORE_ATTEMPT_MS", "10000");
    environment.put("PILOTLIGHT_STORE_WRITE_MS", "30000");
  }

  @AfterEach
  void dropTable() {
    between.rule(call -> new Between.Fate.Pass());
    clients().dynamo().deleteTable(table -> table.tableName(TABLE));
    ledgers.forEach(Ledger::close);
    all.forEach(Clients::close);
    between.close();
  }

  void set(String setting, String value) {
    environment.put("PILOTLIGHT_" + setting, value);
  }

  /// The ledger of another environment.
  Ledger ledger() {
    return ledger(() -> Instant.ofEpochMilli(now.get()), LEASE);
  }

  Ledger ledger(InstantSource clock, Duration lease) {
    StoreSettings settings = StoreSettings.from(new Settings(environment));
    Clients clients = clients();
    DynamoStore table = new DynamoStore(settings, clients.calls(TABLE), clients::s3);
    Marks marks = new Marks(settings, clients.marks(TABLE), clients::s3, table);
    Ledger ledger = new Ledger(marks, clock, lease, new Log(System.out, Log.Level.ERROR));
    ledgers.add(ledger);
    return ledger;
  }

  Clients clients() {
    Clients clients =
        EmulatedClients.of(
            StoreSettings.from(new Settings(environment)),
            Map.of("DYNAMODB", between.endpoint(), "S3", s3.endpoint()));
    all.add(clients);
    return clients;
  }

  void turn(Duration forward) {
    now.addAndGet(forward.toMillis());
  }

  Map<String, AttributeValue> onlyItem() {
    List<Map<String, AttributeValue>> items =
        clients().dynamo().scan(scan -> scan.tableName(TABLE)).items();
    if (items.size() != 1) {
      throw new AssertionError(items.toString());
    }
    return items.getFirst();
  }

  void removeFromOnlyItem(String attribute) {
    Map<String, AttributeValue> item = new HashMap<>(onlyItem());
    item.remove(attribute);
    var _ = clients().dynamo().putItem(put -> put.tableName(TABLE).item(item));
  }

  static Ledger.Request request(String owner, String key, String body) {
    return new Ledger.Request(owner, key, new Fingerprint().add(body).bytes());
  }

  static Claim claim(Ledger ledger, Ledger.Request request) {
    return ledger.claim(request, LATER, new Meter());
  }

  static Refusal refusal(Ledger ledger, Ledger.Request request) {
    return catchThrowableOfType(Refusal.class, () -> claim(ledger, request));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
