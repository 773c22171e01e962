package dev.pilotlight.access;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.protocol.http.Requests;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.client.EmulatedClients;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import dev.pilotlight.tenant.Caller;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/// A gate over a real table, whose clocks a test turns and whose reads it counts.
final class GateHarness implements AutoCloseable {
  final ClientRows rows;
  final Between between;
  private final AtomicLong nanos = new AtomicLong(1L << 40);
  private final AtomicLong millis = new AtomicLong(Instant.now().toEpochMilli());
  private final CapturedLog logged = new CapturedLog();
  private final Clients clients;
  private final int unknownPerSecond;
  private Gate gate;

  GateHarness(DynamoLocal dynamo, ClientRows rows, int unknownPerSecond) throws IOException {
    this.rows = rows;
    this.unknownPerSecond = unknownPerSecond;
    between = new Between(dynamo.endpoint());
    StoreSettings settings =
        StoreSettings.from(
            new Settings(
                Map.of(
                    "PILOTLIGHT_STORE_ATTEMPT_MS", "10000", "PILOTLIGHT_STORE_READ_MS", "20000")));
    clients = EmulatedClients.of(settings, Map.of("DYNAMODB", between.endpoint()));
    gate = newGate();
  }

  /// Continues with another environment, which has read nothing.
  void restart() {
    gate = newGate();
  }

  private Gate newGate() {
    return new Gate(
        clients.rows(ClientRows.TABLE),
        Duration.ofSeconds(20),
        unknownPerSecond,
        null,
        new Log(new PrintStream(logged, true, StandardCharsets.UTF_8), Log.Level.INFO),
        new Moment.Clocks(nanos::get, () -> Instant.ofEpochMilli(millis.get())));
  }

  Gate gate() {
    return gate;
  }

  /// Lets time pass.
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    millis.addAndGet(time.toMillis());
  }

  /// Lets time pass while the process is frozen, so that its monotonic clock stands still.
  void freeze(Duration time) {
    millis.addAndGet(time.toMillis());
  }

  Instant now() {
    return Instant.ofEpochMilli(millis.get());
  }

  /// Admits a request for embeddings.
  Caller admit(String key) {
    return admit(Map.of("authorization", "Bearer " + key), new Meter());
  }

  Caller admit(Map<String, String> headers, Meter meter) {
    return Objects.requireNonNull(
        gate.admit(
            Requests.of("POST", "/v1/embeddings", headers, ""), new Route.Embeddings(), meter));
  }

  Refusal refusal(String key) {
    return Requests.refusal(() -> admit(key));
  }

  int reads() {
    return between.calls().size();
  }

  String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    clients.close();
    between.close();
  }
}
