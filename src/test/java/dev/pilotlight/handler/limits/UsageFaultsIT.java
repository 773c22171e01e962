package dev.pilotlight.handler.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Counters whose writes fail, and processes that end, with a real table.
final class UsageFaultsIT {
  private static final String[] FUNCTION = {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769"};
  private static final long HELD_ITEMS_MAX = 20_000;
  private static final String THROTTLED =
      "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ThrottlingException\"}";

  @SuppressWarnings("NullAway.Init")
  private static Tenancy tenancy;

  @BeforeAll
  static void start() throws Exception {
    tenancy = new Tenancy();
  }

  @AfterAll
  static void stop() {
    tenancy.close();
  }

  @BeforeEach
  void forget() {
    tenancy.forget();
  }

  @Test
  void aKilledProcessLosesAtMostWhatItHeld() {
    String key = tenancy.key("killed", "pro");
    String[] texts = IntStream.range(0, 500).mapToObj(i -> "text " + i % 2).toArray(String[]::new);
    long sent = 0;
    // never closed, as a killed process is not
    Harness killed = tenancy.function();
    for (int i = 0; i < 100; i++) {
      assertThat(Tenancy.embed(killed, key, texts).status()).isEqualTo(200);
      sent += texts.length;
      long kept = items("killed");
      assertThat(sent - kept).as("of %d", sent).isLessThan(HELD_ITEMS_MAX + texts.length);
    }
    killed.close();
    assertThat(items("killed")).isEqualTo(sent);
  }

  @Test
  void anUncertainWriteIsNotRepeated() {
    String key = tenancy.key("lost", "pro");
    try (Harness function = tenancy.function()) {
      assertThat(Tenancy.embed(function, key, "one").status()).isEqualTo(200);
      tenancy.between.rule(
          call ->
              call.action().equals("UpdateItem") && call.body().contains("#all-minilm")
                  ? new Fate.Cut()
                  : new Fate.Pass());
    }
    assertThat(tenancy.rows("counts#lost", "usage#")).as("it was made").hasSize(1);
    assertThat(String.join("\n", tenancy.metrics().lines())).contains("usage may not be counted");
  }

  @Test
  void aRefusedWriteIsMadeLaterAndNotTriedWithEachRequest() {
    String key = tenancy.key("later", "pro");
    AtomicInteger refused = new AtomicInteger();
    try (Harness function = tenancy.function(FUNCTION)) {
      tenancy.between.rule(call -> counted(call, refused, new Fate.Fail(400, THROTTLED)));
      for (int i = 0; i < 100; i++) {
        assertThat(Tenancy.embed(function, key, "hello").status()).isEqualTo(200);
      }
      // each attempt is made by the direct client and by the SDK
      assertThat(refused.get()).isBetween(2, 20);
      tenancy.between.rule(_ -> new Fate.Pass());
    }
    assertThat(Tenancy.sums(tenancy.rows("counts#later", "usage#")))
        .isEqualTo(Tenancy.sums(tenancy.rows("counts#later", "month#")))
        .containsEntry("requests", 100L);
  }

  @Test
  void aRefusedMonthIsWrittenAtTheEndOfTheProcess() {
    String key = tenancy.key("month", "pro");
    AtomicInteger refused = new AtomicInteger();
    try (Harness function = tenancy.function(FUNCTION)) {
      tenancy.between.rule(
          call ->
              call.body().contains("month#")
                  ? counted(call, refused, new Fate.Fail(400, THROTTLED))
                  : new Fate.Pass());
      worthTheirWrite(function, key);
      assertThat(tenancy.rows("counts#month", "usage#")).hasSize(1);
      assertThat(refused).hasPositiveValue();
      tenancy.between.rule(_ -> new Fate.Pass());
    }
    assertThat(Tenancy.sums(tenancy.rows("counts#month", "month#")))
        .isEqualTo(Tenancy.sums(tenancy.rows("counts#month", "usage#")))
        .containsEntry("requests", 5L);
  }

  /// DynamoDB makes the first write and does not answer: the others are not sent.
  @Test
  @OnlyInFaults
  void countersThatWereNotSentAreWrittenLater() {
    List<String> keys = IntStream.range(0, 5).mapToObj(_ -> tenancy.key("hang", "pro")).toList();
    String[] texts = IntStream.range(0, 500).mapToObj(_ -> "hello").toArray(String[]::new);
    AtomicInteger stalled = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    try (Harness function = tenancy.function(FUNCTION)) {
      worthTheirWrite(function, keys.getFirst());
      assertThat(tenancy.writes()).isPositive();
      tenancy.between.rule(call -> counted(call, stalled, new Fate.Stall(end)));
      keys.forEach(key -> assertThat(Tenancy.embed(function, key, "x").status()).isEqualTo(200));
      for (int i = 0; i < 50 && stalled.get() == 0; i++) {
        assertThat(Tenancy.embed(function, keys.getFirst(), texts).status()).isEqualTo(200);
      }
      assertThat(stalled).hasPositiveValue();
      tenancy.between.rule(_ -> new Fate.Pass());
    } finally {
      end.countDown();
    }
    assertThat(tenancy.rows("counts#hang", "usage#")).hasSize(5);
    assertThat(tenancy.lines("usage may not be counted")).hasSize(1);
  }

  /// Sends requests that cost more than writing their counters.
  private static void worthTheirWrite(Harness function, String key) {
    for (int i = 0; i < 5; i++) {
      assertThat(Tenancy.embed(function, key, "hello").status()).isEqualTo(200);
    }
  }

  private static Fate counted(Between.Call call, AtomicInteger count, Fate fate) {
    if (!call.action().equals("UpdateItem")) {
      return new Fate.Pass();
    }
    var _ = count.getAndIncrement();
    return fate;
  }

  /// Those of the month, as the table has them.
  private static long items(String tenant) {
    return Tenancy.sums(tenancy.rows("counts#" + tenant, "month#")).getOrDefault("items", 0L);
  }
}
