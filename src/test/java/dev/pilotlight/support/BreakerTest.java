package dev.pilotlight.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.support.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BreakerTest {
  private static final Duration NO_PATIENCE = Duration.ZERO;
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration NEVER = Duration.ofHours(1);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final BackgroundTasks background = new BackgroundTasks("test-breaker");
  private final AtomicInteger probes = new AtomicInteger();
  private volatile boolean serverAnswers;
  private volatile Instant now = Instant.EPOCH;
  private volatile CountDownLatch probed = new CountDownLatch(1);

  @AfterEach
  void close() {
    background.close();
  }

  @Test
  void oneFailureOpensItWithOneWarning() {
    Breaker breaker = breaker(NEVER);
    assertThat(breaker.allows(NO_PATIENCE)).isTrue();
    breaker.failed(failure());
    breaker.failed(failure());
    assertThat(breaker.allows(PATIENT)).isFalse();
    assertThat(log()).containsOnlyOnce("the server is away").contains("no answer");
  }

  @Test
  void aProbeThatSucceedsClosesItWithOneLine() throws InterruptedException {
    Breaker breaker = breaker(SOON);
    breaker.failed(failure());
    probed.await();
    assertThat(breaker.allows(NO_PATIENCE)).isFalse();
    serverAnswers = true;
    awaitClosed(breaker);
    Await.until(() -> log().contains("the server is back"));
    assertThat(log()).containsOnlyOnce("the server is away").containsOnlyOnce("the server is back");
  }

  @Test
  void afterAFreezeACallerWaitsForTheProbeOfAServerThatIsBack() {
    Breaker breaker = breaker(NEVER);
    breaker.failed(failure());
    serverAnswers = true;
    assertThat(breaker.allows(PATIENT)).isFalse();
    now = now.plus(NEVER).plusSeconds(60);
    assertThat(breaker.allows(PATIENT)).isTrue();
    assertThat(probes).hasValue(1);
  }

  @Test
  void afterAFreezeOnlyOneProbeIsMadeOfAServerThatIsStillAway() {
    Breaker breaker = breaker(NEVER);
    breaker.failed(failure());
    now = now.plus(NEVER).plusSeconds(60);
    assertThat(breaker.allows(PATIENT)).isFalse();
    assertThat(breaker.allows(PATIENT)).isFalse();
    assertThat(probes).hasValue(1);
  }

  @Test
  void whenItIsClosedForGoodNoProbeIsMade() {
    Breaker breaker = breaker(NEVER);
    breaker.failed(failure());
    breaker.close();
    now = now.plus(NEVER).plusSeconds(60);
    assertThat(breaker.allows(PATIENT)).isFalse();
    assertThat(probes).hasValue(0);
  }

  private Breaker breaker(Duration interval) {
    return new Breaker(
        new Breaker.Server("server", "one", "the server is away", "the server is back"),
        this::probe,
        interval,
        background,
        false,
        () -> now,
        new Log(new PrintStream(out, true, StandardCharsets.UTF_8), Log.Level.INFO));
  }

  private void probe() {
    probes.incrementAndGet();
    probed.countDown();
    if (!serverAnswers) {
      throw failure();
    }
  }

  private static RuntimeException failure() {
    return new IllegalStateException("no answer");
  }

  private static void awaitClosed(Breaker breaker) {
    while (!breaker.allows(NO_PATIENCE)) {
      Thread.onSpinWait();
    }
  }

  private String log() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
