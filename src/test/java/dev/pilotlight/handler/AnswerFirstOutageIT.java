package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Later;
import dev.pilotlight.local.runtime.Between.Call;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.Soak;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole function with `PILOTLIGHT_ANSWER=first`, while its store fails: for a minute in the
/// long form.
@Timeout(180)
final class AnswerFirstOutageIT extends FunctionOnTable {
  private static final Duration LENGTH = Duration.ofSeconds(Soak.amount(6, 60));
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final String THROTTLED =
      "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ThrottlingException\"}";

  private final Metrics metrics = new Metrics();

  @ParameterizedTest
  @ValueSource(strings = "required")
  void eachAnswerOfAnOutageHasALineAndACountAndIsComputedAgain(String policy) throws Exception {
    try (Harness function = new Harness(metrics.out(), impatient(policy))) {
      Map<Integer, Harness.Reply> answered = duringAnOutage(function, policy);

      assertThat(answered).hasSizeGreaterThan(1);
      Map<String, Integer> lines = new HashMap<>();
      for (String line : metrics.lines()) {
        if (line.contains("an answered result ")) {
          lines.merge(Harness.JSON.readTree(line).path("result").asText(), 1, Integer::sum);
        }
      }
      assertThat(lines.keySet())
          .containsExactlyInAnyOrderElementsOf(
              answered.values().stream().map(FunctionOnTable::resultId).toList());
      assertThat(lines.values()).containsOnly(1);
      assertThat(metrics.all().stream().mapToInt(line -> line.path("NotStored").asInt()).sum())
          .isEqualTo(answered.size());

      between.rule(call -> new Fate.Pass());
      for (Map.Entry<Integer, Harness.Reply> entry :
          answered.entrySet().stream().limit(50).toList()) {
        isComputedAgainAndStored(function, entry.getKey(), entry.getValue());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "best-effort")
  @OnlyInFaults
  void eachBestEffortAnswerOfAnOutageIsComputedAgain(String policy) throws Exception {
    eachAnswerOfAnOutageHasALineAndACountAndIsComputedAgain(policy);
  }

  private Map<String, String> impatient(String policy) {
    Map<String, String> settings = answeringFirst(policy);
    settings.put("PILOTLIGHT_METRICS", "each");
    settings.put("PILOTLIGHT_STORE_ATTEMPT_MS", "200");
    settings.put("PILOTLIGHT_STORE_READ_MS", "400");
    return settings;
  }

  /// @return the answers with status 200, by the value that was asked for
  private Map<Integer, Harness.Reply> duringAnOutage(Harness function, String policy)
      throws InterruptedException {
    Predicate<Call> fails =
        policy.equals("required")
            ? call -> !call.action().equals("GetItem") // a look-up that fails is a 503
            : call -> true;
    between.rule(call -> fails.test(call) ? new Fate.Fail(400, THROTTLED) : new Fate.Pass());
    Map<Integer, Harness.Reply> answered = new LinkedHashMap<>();
    Instant end = Instant.now().plus(LENGTH);
    int value = policy.length() * 1_000_000;
    while (Instant.now().isBefore(end)) {
      Later later = new Later();
      Harness.Reply reply = function.send(infer(++value), later);
      later.run();
      Thread.sleep(PAUSE);
      if (reply.status() == 200) {
        answered.put(value, reply);
      } else {
        assertThat(reply.status()).as(reply.text()).isEqualTo(503);
        assertThat(policy).isEqualTo("required");
      }
    }
    return answered;
  }

  private static void isComputedAgainAndStored(Harness function, int value, Harness.Reply first) {
    assertThat(result(function, first).status()).isEqualTo(404);
    Later later = new Later();
    Harness.Reply again = function.send(infer(value), later);
    assertThat(again.header("cache-status")).as(again.text()).isEqualTo("pilotlight; fwd=miss");
    assertThat(again.body()).isEqualTo(first.body());
    later.run();
    assertThat(result(function, first).status()).isEqualTo(200);
  }
}
