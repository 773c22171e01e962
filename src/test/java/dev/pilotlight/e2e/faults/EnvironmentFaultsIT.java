package dev.pilotlight.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.Client;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.local.support.TcpProxy;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The function's process is killed while a request runs, or frozen while its connections end.
@Timeout(600)
class EnvironmentFaultsIT {
  /// `mvn verify` freezes for seconds, `-Psoak` for longer than idle connections are kept.
  private static final Duration FROZEN = Duration.ofSeconds(Soak.amount(2, 150));

  @SuppressWarnings("NullAway.Init")
  private static FaultyStack faulty;

  @SuppressWarnings("NullAway.Init")
  private static Client client;

  @BeforeAll
  static void start() throws IOException {
    faulty = FaultyStack.start();
    client = new Client(faulty.stack().gatewayUrl());
  }

  @AfterAll
  static void stop() throws IOException {
    faulty.close();
  }

  @Test
  void requestInFlightOfAKilledFunctionFailsAndItsRepeatIsAnswered() throws Exception {
    Asked asked = new Asked(client);
    asked.expect(List.of("kept before the kill", "in flight"));
    asked.until("kept before the kill", reply -> reply.status() == 200);
    Set<Long> before = faulty.pids();

    faulty.calls().forgetCalls();
    faulty.dynamo().pass(TcpProxy.DEAD); // the request waits for DynamoDB
    CompletableFuture<Client.Reply> inFlight =
        CompletableFuture.supplyAsync(() -> client.embeddings(List.of("in flight")));
    Await.until(() -> !faulty.calls().calls().isEmpty());
    faulty.stack().killFunction();
    Client.Reply failed = inFlight.join();
    faulty.dynamo().pass(TcpProxy.FAST);

    // API Gateway's own answer to a function that crashed
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.text()).isEqualTo("{\"message\":\"Internal Server Error\"}");
    asked.until("in flight", reply -> reply.status() == 200);
    assertThat(faulty.pids()).hasSize(1).doesNotContainAnyElementsOf(before);
    faulty.redisServer().flush();
    asked.assertKept();
  }

  @Test
  void frozenFunctionWhoseConnectionsWereClosedAnswersWhenItGoesOn() throws Exception {
    frozen(
        "closed",
        () -> {
          faulty.redis().drop();
          faulty.dynamo().drop();
        });
  }

  @Test
  @OnlyInFaults
  void frozenFunctionWhoseConnectionsWereForgottenAnswersWhenItGoesOn() throws Exception {
    frozen(
        "forgotten",
        () -> {
          faulty.redis().forget();
          faulty.dynamo().forget();
        });
  }

  private interface Meanwhile {
    void run() throws IOException;
  }

  private static void frozen(String how, Meanwhile meanwhile) throws Exception {
    List<String> texts = List.of("known before, " + how, "new after, " + how);
    Asked asked = new Asked(client);
    asked.expect(texts);
    asked.until(texts.getFirst(), reply -> reply.header("cache-status").contains("redis"));
    Set<Long> frozen = faulty.pids();
    assertThat(frozen).hasSize(1);

    signal("-STOP", frozen);
    try {
      meanwhile.run();
      Thread.sleep(FROZEN);
    } finally {
      signal("-CONT", frozen);
    }

    for (String text : texts) {
      asked.until(text, reply -> reply.status() == 200);
    }
    asked.until(texts.getFirst(), reply -> reply.header("cache-status").contains("redis"));
    faulty.redisServer().flush();
    asked.assertKept();
    assertThat(faulty.pids()).as("not restarted").isEqualTo(frozen);
  }

  private static void signal(String signal, Set<Long> pids) throws Exception {
    for (long pid : pids) {
      var kill = new ProcessBuilder("kill", signal, Long.toString(pid)).start();
      assertThat(kill.waitFor()).isZero();
    }
  }
}
