package dev.pilotlight.store.direct;

import static dev.pilotlight.store.direct.ScriptedDynamo.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.DynamoCalls;
import dev.pilotlight.store.StoreSettings.Client;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.direct.ScriptedDynamo.Received;
import dev.pilotlight.store.direct.ScriptedDynamo.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// When a look-up runs its caller's work.
@Timeout(60)
class OnSentTest {
  private static final Deadline LATER = Deadline.in(Duration.ofMinutes(10));
  private static final Duration ATTEMPT = Duration.ofSeconds(20);
  private static final List<ResultKey> TWO = List.of(ResultKey.random(), ResultKey.random());

  private final Semaphore arrived = new Semaphore(0);
  private final Semaphore notified = new Semaphore(0);
  private final List<Boolean> sent = new ArrayList<>();

  @Test
  void directCallRunsItBetweenRequestAndAnswer() throws Exception {
    try (ScriptedDynamo server =
            new ScriptedDynamo(
                request -> {
                  arrived.release();
                  return acquire(notified) ? success(request) : reply(500, "{}");
                });
        Clients clients = Comparison.clients(Client.DIRECT, server.endpoint(), ATTEMPT)) {
      DynamoCalls calls = clients.calls(Comparison.TABLE);
      Runnable onSent =
          () -> {
            sent.add(acquire(arrived));
            notified.release();
          };
      assertThat(calls.get(Operation.ONE.key(), LATER, onSent)).isEmpty();
      assertThat(calls.getAll(TWO, LATER, onSent)).isEmpty();
      assertThat(sent).containsExactly(true, true);
      assertThat(server.received()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyClientRunsIt(Client client) throws Exception {
    try (ScriptedDynamo server = new ScriptedDynamo(OnSentTest::success);
        Clients clients = Comparison.clients(client, server.endpoint(), ATTEMPT)) {
      DynamoCalls calls = clients.calls(Comparison.TABLE);
      assertThat(calls.get(Operation.ONE.key(), LATER, () -> sent.add(true))).isEmpty();
      assertThat(calls.getAll(TWO, LATER, () -> sent.add(true))).isEmpty();
      assertThat(sent).hasSize(2);
    }
  }

  private static boolean acquire(Semaphore permit) {
    try {
      return permit.tryAcquire(3, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Reply success(Received request) {
    return reply(200, request.text().isEmpty() ? "" : "{}");
  }
}
