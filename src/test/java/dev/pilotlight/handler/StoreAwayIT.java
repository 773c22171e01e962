package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.suite.leaks.CapturedLog;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole function while DynamoDB is away, and when it is back.
@Timeout(60)
class StoreAwayIT extends FunctionOnTable {
  private static final String AWAY = "DynamoDB does not answer; until it does";
  private static final String BACK = "DynamoDB answers again";
  private static final String THROTTLED =
      "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\"}";
  private static final String REFUSED =
      "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\"}";
  private static final Duration READ = Duration.ofSeconds(1);

  // the table is shared: each test has its own values
  private static int tests;
  private final int test = 1_000 * ++tests;
  private final CountDownLatch end = new CountDownLatch(1);
  private final CapturedLog out = new CapturedLog();

  /// How DynamoDB is away.
  enum Outage {
    HANGS,
    BREAKS_OFF,
    ERROR_500,
    ERROR_503
  }

  @AfterEach
  void endTheOutage() {
    end.countDown();
  }

  @ParameterizedTest
  @EnumSource
  void requiredStoreRefusesNewTextsAtOnceAndAnswersHits(Outage outage) {
    try (Harness function = function("required")) {
      Harness.Reply known = infer(function, 1);
      assertThat(known.status()).as(known.text()).isEqualTo(200);

      begin(outage);
      refused(infer(function, 2)); // opens it, after its budget
      fast(() -> IntStream.range(10, 30).forEach(i -> refused(infer(function, i))));
      fast(() -> assertThat(infer(function, 1).status()).isEqualTo(200));
      fast(() -> assertThat(result(function).status()).isEqualTo(503));

      between.rule(call -> new Fate.Pass());
      Await.until(() -> log().contains(BACK));
      assertThat(infer(function, 2).status()).isEqualTo(200);
    }
    assertThat(log()).containsOnlyOnce(AWAY).containsOnlyOnce(BACK);
    assertThat(log()).doesNotContain("could not be read").doesNotContain("could not be stored");
  }

  @ParameterizedTest
  @EnumSource(names = {"HANGS", "ERROR_500"})
  void withBestEffortNewTextsAreAnsweredWithoutTheStore(Outage outage) {
    try (Harness function = function("best-effort")) {
      begin(outage);
      assertThat(infer(function, 1).status()).isEqualTo(200);
      fast(
          () ->
              IntStream.range(10, 30)
                  .forEach(i -> assertThat(infer(function, i).status()).isEqualTo(200)));

      between.rule(call -> new Fate.Pass());
      Await.until(() -> log().contains(BACK));
      assertThat(infer(function, 31).status()).isEqualTo(200);
      assertThat(between.calls()).as(log()).anyMatch(call -> call.action().equals("PutItem"));
    }
    assertThat(log()).containsOnlyOnce(AWAY).containsOnlyOnce(BACK);
    assertThat(log()).doesNotContain("could not be read").doesNotContain("could not be stored");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000", "2000"})
  void silentStoreOpensItAlsoWhereOneAttemptHasAllTheTime(String attemptMs) {
    try (Harness function = function("required", attemptMs)) {
      assertThat(infer(function, 1).status()).isEqualTo(200);
      begin(Outage.HANGS);
      refused(infer(function, 2));
      fast(() -> IntStream.range(10, 30).forEach(i -> refused(infer(function, i))));
    }
  }

  @Test
  void throttlingDoesNotOpenIt() {
    try (Harness function = function("required")) {
      begun(function);
      between.rule(call -> new Fate.Fail(400, THROTTLED));
      refused(infer(function, 1));
      refused(infer(function, 2));
      between.rule(call -> new Fate.Pass());
      assertThat(infer(function, 1).status()).isEqualTo(200);
    }
    assertThat(log()).doesNotContain(AWAY);
  }

  @Test
  void aRefusalDoesNotOpenIt() {
    try (Harness function = function("required")) {
      begun(function);
      between.rule(call -> new Fate.Fail(400, REFUSED));
      refused(infer(function, 1));
      between.rule(call -> new Fate.Pass());
      assertThat(infer(function, 1).status()).isEqualTo(200);
    }
    assertThat(log()).doesNotContain(AWAY);
  }

  @Test
  void unreachableStoreAtTheStartDoesNotDelayTheFirstRequest() {
    begin(Outage.HANGS);
    try (Harness function = function("best-effort")) {
      Await.until(() -> log().contains(AWAY));
      fast(() -> assertThat(infer(function, 1).status()).isEqualTo(200));
    }
  }

  /// The first call of a process may take longer than the budgets of these tests.
  private void begun(Harness function) {
    Await.until(() -> infer(function, 0).status() == 200);
    out.reset();
  }

  private void begin(Outage outage) {
    between.rule(
        call ->
            switch (outage) {
              case HANGS -> new Fate.Stall(end);
              case BREAKS_OFF -> new Fate.Cut();
              case ERROR_500 -> new Fate.Fail(500, "{}");
              case ERROR_503 -> new Fate.Fail(503, "{}");
            });
  }

  private static void refused(Harness.Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(503);
    assertThat(reply.header("retry-after")).isEqualTo("1");
    assertThat(reply.text()).contains("the result store");
  }

  /// All of it in less than one budget of the store.
  private static void fast(Runnable calls) {
    long start = System.nanoTime();
    calls.run();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(READ);
  }

  private Harness.Reply infer(Harness function, int number) {
    int value = test + number;
    return new InferClient(function)
        .json("identity", InferClient.input("x", Datatype.FP32, "[1]", "[" + value + "]"), "");
  }

  private static Harness.Reply result(Harness function) {
    return function.send("GET", "/v1/results/" + "a".repeat(43), Map.of(), new byte[0]);
  }

  private Harness function(String policy) {
    return function(policy, "400");
  }

  private Harness function(String policy, String attemptMs) {
    Map<String, String> settings = settings(policy);
    settings.put("PILOTLIGHT_STORE_ATTEMPT_MS", attemptMs);
    settings.put("PILOTLIGHT_STORE_READ_MS", Long.toString(READ.toMillis()));
    settings.put("PILOTLIGHT_STORE_PROBE_MS", "50");
    return new Harness(new PrintStream(out, true, StandardCharsets.UTF_8), settings);
  }

  private String log() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
