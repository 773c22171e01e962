package dev.pilotlight.store.direct;

import static dev.pilotlight.store.direct.ScriptedDynamo.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.DynamoCalls;
import dev.pilotlight.store.StoreException;
import dev.pilotlight.store.StoreSettings.Client;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.direct.ScriptedDynamo.Received;
import dev.pilotlight.store.direct.ScriptedDynamo.Reply;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.support.Log;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DirectConnectionsTest {
  private static final Deadline LATER = Deadline.in(Duration.ofMinutes(10));
  private static final Duration ATTEMPT = Duration.ofSeconds(10);

  @Test
  void callsShareAConnectionUntilNoneAreKept() throws Exception {
    try (ScriptedDynamo server = new ScriptedDynamo(DirectConnectionsTest::success);
        Clients clients = Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT)) {
      DynamoCalls calls = clients.calls(Comparison.TABLE);
      get(calls, 5);
      assertThat(server.connections()).isEqualTo(1);
      clients.keepNoConnections();
      awaitOpen(server, 0);
      get(calls, 3);
      assertThat(server.connections()).isEqualTo(4);
      awaitOpen(server, 0);
      clients.keepConnections();
      get(calls, 3);
      assertThat(server.connections()).isEqualTo(5);
      assertThat(server.received()).allSatisfy(Origin::isDirect);
    }
  }

  @Test
  void clientsThatKeepNoConnectionsDoSoFromTheFirst() throws Exception {
    try (ScriptedDynamo server = new ScriptedDynamo(DirectConnectionsTest::success);
        Clients clients = Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT)) {
      clients.keepNoConnections();
      get(clients.calls(Comparison.TABLE), 3);
      assertThat(server.connections()).isEqualTo(3);
      awaitOpen(server, 0);
    }
  }

  @Test
  void aConnectionThatTheServerClosedIsReplaced() throws Exception {
    try (ScriptedDynamo server =
            new ScriptedDynamo(
                request ->
                    request.number() % 2 == 0 ? reply(200, "{}") : reply(200, "{}").cutAt(0));
        Clients clients = Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT)) {
      DynamoCalls calls = clients.calls(Comparison.TABLE);
      get(calls, 4); // every second request meets a connection that ends
      assertThat(server.received()).hasSize(7).allSatisfy(Origin::isDirect);
    }
  }

  @Test
  void aCallWithoutTimeLeavesTheConnectionToTheNext() throws Exception {
    try (ScriptedDynamo server = new ScriptedDynamo(DirectConnectionsTest::success);
        Clients clients = Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT)) {
      DynamoCalls calls = clients.calls(Comparison.TABLE);
      get(calls, 1);
      Deadline passed = Deadline.in(Duration.ZERO);
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> calls.get(Operation.ONE.key(), passed))
            .isInstanceOf(StoreException.class);
      }
      get(calls, 3);
      assertThat(server.received()).hasSize(4).allSatisfy(Origin::isDirect);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerWithAnotherChecksumEndsItsConnection() throws Exception {
    try (ScriptedDynamo server =
            new ScriptedDynamo(
                request ->
                    Origin.isFromUs(request)
                        ? reply(200, "{}", "x-amz-crc32: 1")
                        : reply(200, "{}"));
        Clients clients = Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT)) {
      get(clients.calls(Comparison.TABLE), 1);
      assertThat(server.received()).hasSize(2);
      awaitOpen(server, 1); // the SDK's
    }
  }

  @Test
  void manyThreadsShareThePool() throws Exception {
    try (ScriptedDynamo server = new ScriptedDynamo(DirectConnectionsTest::success);
        Clients clients = Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT);
        ExecutorService threads = Executors.newFixedThreadPool(30)) {
      DynamoCalls calls = clients.calls(Comparison.TABLE);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        all.add(threads.submit(() -> get(calls, 20)));
      }
      for (Future<?> one : all) {
        one.get();
      }
      assertThat(server.received()).hasSize(600).allSatisfy(Origin::isDirect);
      while (server.open() > 16) {
        Thread.sleep(2); // the server sees the end of a connection a little later
      }
    }
  }

  @Test
  void afterAFailureTheSdkIsUsedUntilItHasSucceeded() throws Exception {
    try (ScriptedDynamo server =
            new ScriptedDynamo(
                request ->
                    Origin.isFromUs(request) && request.number() < 20
                        ? reply(500, "")
                        : reply(200, "{}"));
        Clients clients = Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT)) {
      get(clients.calls(Comparison.TABLE), 60);
      String who =
          server.received().stream()
              .map(request -> Origin.isFromUs(request) ? "d" : "s")
              .reduce("", String::concat);
      // two calls by the SDK after the first failure, then four, eight, sixteen
      assertThat(who)
          .isEqualTo(
              "d"
                  + "s".repeat(2)
                  + "d"
                  + "s".repeat(4)
                  + "d"
                  + "s".repeat(8)
                  + "d"
                  + "s".repeat(16)
                  + "d".repeat(30));
    }
  }

  @Test
  void aFailureIsOneWarningWithoutSecrets() throws Exception {
    CapturedLog out = new CapturedLog();
    Log log = new Log(new PrintStream(out, true, UTF_8), Log.Level.INFO);
    try (ScriptedDynamo server =
            new ScriptedDynamo(
                request -> Origin.isFromUs(request) ? reply(403, "{}") : reply(200, "{}"));
        Clients clients =
            Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT, "a-token", log)) {
      get(clients.calls(Comparison.TABLE), 30);
      assertThat(out.toString(UTF_8).lines())
          .singleElement(STRING)
          .contains("\"level\":\"WARN\"", "\"operation\":\"GetItem\"")
          .contains("\"failure\":\"status 403\"")
          .doesNotContain("a-token", "wJalr");
    }
  }

  @Test
  void aTokenIsSentWithoutWhiteSpaceAroundIt() throws Exception {
    for (Client client : Client.values()) {
      CapturedLog out = new CapturedLog();
      Log log = new Log(new PrintStream(out, true, UTF_8), Log.Level.INFO);
      try (ScriptedDynamo server = new ScriptedDynamo(DirectConnectionsTest::success);
          Clients clients =
              Comparison.clients(client, server.endpoint(), ATTEMPT, " a-token\n", log)) {
        get(clients.calls(Comparison.TABLE), 1);
        assertThat(server.received())
            .singleElement()
            .satisfies(
                request ->
                    assertThat(request.headers()).containsEntry("x-amz-security-token", "a-token"));
      }
      assertThat(out.toString(UTF_8)).isEmpty();
    }
  }

  @Test
  void anItemOfAnotherKeyIsNotTaken() throws Exception {
    ResultKey other = ResultKey.random();
    String item = "{\"Item\":{\"pk\":{\"S\":\"" + other.id() + "\"},\"value\":{\"B\":\"AA==\"}}}";
    try (ScriptedDynamo server =
            new ScriptedDynamo(request -> reply(200, Origin.isFromUs(request) ? item : "{}"));
        Clients clients = Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT)) {
      DynamoCalls calls = clients.calls(Comparison.TABLE);
      assertThat(calls.get(Operation.ONE.key(), LATER)).isEmpty();
      assertThat(server.received()).hasSize(2); // the second by the SDK
    }
  }

  @Test
  void itemsOfOtherKeysAreNotTaken() throws Exception {
    String item = "{\"pk\":{\"S\":\"" + ResultKey.random().id() + "\"},\"value\":{\"B\":\"AA==\"}}";
    String answer = "{\"Responses\":{\"" + Comparison.TABLE + "\":[" + item + "]}}";
    try (ScriptedDynamo server =
            new ScriptedDynamo(request -> reply(200, Origin.isFromUs(request) ? answer : "{}"));
        Clients clients = Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT)) {
      DynamoCalls calls = clients.calls(Comparison.TABLE);
      assertThat(calls.getAll(List.of(ResultKey.random(), ResultKey.random()), LATER)).isEmpty();
      assertThat(server.received()).hasSize(2); // the second by the SDK
    }
  }

  @Test
  void refusalsAreRecorded() throws Exception {
    try (ScriptedDynamo server =
            new ScriptedDynamo(
                request -> reply(400, "{\"__type\":\"ConditionalCheckFailedException\"}"));
        Clients clients = Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT)) {
      long begun = System.nanoTime();
      assertThat(clients.dynamoRefusedNanos() - begun).isNegative();
      clients.calls(Comparison.TABLE).putRefused(Operation.ONE.key(), LATER);
      assertThat(clients.dynamoRefusedNanos() - begun).isPositive();
      assertThat(server.received()).hasSize(1).allSatisfy(Origin::isDirect);
    }
  }

  @Test
  void theSettingLeavesAllCallsToTheSdk() throws Exception {
    try (ScriptedDynamo server = new ScriptedDynamo(DirectConnectionsTest::success);
        Clients clients = Comparison.clients(Client.SDK, server.endpoint(), ATTEMPT)) {
      get(clients.calls(Comparison.TABLE), 1);
      assertThat(Origin.isFromUs(server.received().getFirst())).isFalse();
    }
  }

  private static Reply success(Received request) {
    return reply(200, request.text().isEmpty() ? "" : "{}");
  }

  private static void get(DynamoCalls calls, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(calls.get(Operation.ONE.key(), LATER)).isEmpty();
    }
  }

  private static void awaitOpen(ScriptedDynamo server, long count) throws InterruptedException {
    while (server.open() != count) {
      Thread.sleep(2);
    }
  }

  private static final class Origin {
    private Origin() {}

    static void isDirect(Received request) {
      assertThat(isFromUs(request)).isTrue();
    }

    static boolean isFromUs(Received request) {
      return "Pilotlight".equals(request.headers().get("user-agent"));
    }
  }
}
