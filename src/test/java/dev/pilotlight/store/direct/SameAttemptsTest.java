package dev.pilotlight.store.direct;

import static dev.pilotlight.store.direct.ScriptedDynamo.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.store.StoreSettings.Client;
import dev.pilotlight.store.direct.Comparison.Made;
import dev.pilotlight.store.direct.ScriptedDynamo.Received;
import dev.pilotlight.store.direct.ScriptedDynamo.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Calls of more than one attempt end as with the SDK alone.
@Timeout(120)
class SameAttemptsTest {
  private static final Duration ATTEMPT = Duration.ofSeconds(20);
  private static final Duration BUDGET = Duration.ofSeconds(60);

  @Test
  void unprocessedKeysAndItemsAreSentAgain() throws Exception {
    for (Client client : Client.values()) {
      String key = "{\"pk\":{\"S\":\"" + Operation.TWO.key() + "\"}}";
      Made read =
          Comparison.make(
              client,
              Operation.GET_ALL,
              ATTEMPT,
              BUDGET,
              request ->
                  switch (request.number()) {
                    case 0 ->
                        reply(
                            200,
                            ("{\"Responses\":{\"results\":[%s]},"
                                    + "\"UnprocessedKeys\":{\"results\":{\"Keys\":[%s]}}}")
                                .formatted(Operation.JSON, key));
                    default ->
                        reply(
                            200,
                            "{\"Responses\":{\"results\":[{\"pk\":{\"S\":\"%s\"}}]}}"
                                .formatted(Operation.TWO.key()));
                  });
      assertThat(read.outcome())
          .as("%s", client)
          .contains(Operation.ONE.key().id(), Operation.TWO.key().id());
      assertThat(read.requests()).hasSize(2);
      assertThat(read.requests().get(1).text())
          .contains(Operation.TWO.key().id())
          .doesNotContain(Operation.ONE.key().id());

      Made written =
          Comparison.make(
              client,
              Operation.PUT_ALL,
              ATTEMPT,
              BUDGET,
              request ->
                  request.number() == 0
                      ? reply(
                          200,
                          "{\"UnprocessedItems\":{\"results\":[{\"PutRequest\":{\"Item\":%s}}]}}"
                              .formatted(Operation.JSON))
                      : reply(200, "{\"UnprocessedItems\":{}}"));
      assertThat(written.outcome()).as("%s", client).isEqualTo("put all");
      assertThat(written.requests()).hasSize(2);
      assertThat(written.requests().get(1).text())
          .contains(Operation.ONE.key().id())
          .doesNotContain(Operation.TWO.key().id());
    }
  }

  @Test
  void aWrongClockIsCorrected() throws Exception {
    DateTimeFormatter basic =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    for (String type : List.of("InvalidSignatureException", "RequestExpired")) {
      Function<Received, Reply> anHourAhead =
          request -> {
            Instant server = Instant.now().plusSeconds(3_600);
            Instant sent = basic.parse(request.headers().get("x-amz-date"), Instant::from);
            return Duration.between(sent, server).abs().toMinutes() < 5
                ? reply(200, Operation.GET.success())
                : reply(
                    400,
                    "{\"__type\":\"com.amazon.coral.service#" + type + "\",\"message\":\"x\"}",
                    "Date: "
                        + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            server.atOffset(ZoneOffset.UTC)));
          };
      Made sdk = Comparison.make(Client.SDK, Operation.GET, ATTEMPT, BUDGET, anHourAhead);
      Made direct = Comparison.make(Client.DIRECT, Operation.GET, ATTEMPT, BUDGET, anHourAhead);
      assertThat(direct.outcome()).as(type).isEqualTo(sdk.outcome());
      Comparison.requireBounded(sdk.requests().size(), direct.requests().size());
    }
  }

  @Test
  void silenceEndsByTheSameFailure() throws Exception {
    silence(Duration.ofMillis(300), Duration.ofMillis(1_000));
    // the caller's deadline ends the direct attempt: one by the SDK may not follow
    silence(Duration.ofMillis(2_500), Duration.ofMillis(200));
  }

  /// The SDK cannot interrupt its reads, and its own calls exceed their budget by up to three
  /// attempts.
  private static void silence(Duration attempt, Duration budget) {
    Function<Received, Reply> success = _ -> reply(200, Operation.GET.success());
    for (int sent : new int[] {0, 60}) {
      List<Made> made = new ArrayList<>();
      for (Client client : Client.values()) {
        // loads the classes
        var _ = Comparison.make(client, Operation.GET, attempt, BUDGET, success);
        long begun = System.nanoTime();
        made.add(
            Comparison.make(
                client,
                Operation.GET,
                attempt,
                budget,
                request -> success.apply(request).silentAt(sent)));
        Duration over = client == Client.SDK ? Duration.ofSeconds(12) : attempt.plusSeconds(2);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
            .as("%s, silent after %d bytes, %s", client, sent, budget)
            .isBetween(budget.minusMillis(20), budget.plus(over));
      }
      assertThat(made.get(0).outcome().split(" ", -1)[0])
          .as("silent after %d bytes, %s", sent, budget)
          .isEqualTo(made.get(1).outcome().split(" ", -1)[0]);
    }
  }

  @Test
  void silenceOnceIsFollowedByTheNextAttempt() {
    for (Client client : Client.values()) {
      Made made =
          Comparison.make(
              client,
              Operation.PUT_IF_ABSENT,
              Duration.ofMillis(300),
              BUDGET,
              request -> request.number() == 0 ? reply(200, "{}").silentAt(0) : reply(200, "{}"));
      assertThat(made.outcome()).isEqualTo("true none");
      assertThat(made.requests()).hasSize(2);
    }
  }
}
