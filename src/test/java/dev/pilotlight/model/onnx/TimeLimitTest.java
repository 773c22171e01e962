package dev.pilotlight.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TimeLimitTest {
  private static final Deadline FAR = Deadline.in(Duration.ofHours(1));
  private final OrtFailure failure = new OrtFailure(OrtFailure.FAIL, "as a run fails");

  private final RunTimer timer = new RunTimer();

  @AfterEach
  void close() {
    timer.close();
  }

  @Test
  void aRunThatFailsWhenStoppedRanOutOfTime() {
    CountDownLatch stopped = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                timer
                    .until(Deadline.in(Duration.ofMillis(30)))
                    .run(stopped::countDown, () -> failAfter(stopped)))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(Refusal.Reason.DEADLINE);
              assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(1));
              assertThat(refusal.message()).matches("the graph was stopped after \\d+ ms.*batch.*");
            });
  }

  @Test
  void aRunThatFailsByItselfKeepsItsFailure() {
    AtomicInteger stops = new AtomicInteger();
    assertThatThrownBy(
            () ->
                timer
                    .until(FAR)
                    .run(
                        stops::incrementAndGet,
                        () -> {
                          throw failure;
                        }))
        .isSameAs(failure);
    assertThat(stops).hasValue(0);
  }

  @Test
  void resultOfARunThatCompletesAlthoughStoppedIsItsAnswer() {
    CountDownLatch stopped = new CountDownLatch(1);
    int answer =
        timer
            .until(Deadline.in(Duration.ZERO))
            .run(
                stopped::countDown,
                () -> {
                  await(stopped);
                  return 42;
                });
    assertThat(answer).isEqualTo(42);
  }

  @Test
  void aRunThatIsOverIsNotWatched() {
    for (int i = 0; i < 100; i++) {
      assertThat(timer.until(FAR).<Integer>run(() -> {}, timer::watchedRuns)).isEqualTo(1);
    }
    assertThat(timer.watchedRuns()).isZero();
  }

  @Test
  void aRunThatEndsJustWhenTheTimerComesIsNotStopped() {
    AtomicInteger stops = new AtomicInteger();
    TimeLimit limit = timer.until(Deadline.in(Duration.ZERO));
    // the timer gets as far as the lock, and must see there that the run is over
    synchronized (limit) {
      limit.run(stops::incrementAndGet, TimeLimitTest::untilTheTimerWaits);
    }
    // it does its tasks one by one, so the one before is done
    CountDownLatch idle = new CountDownLatch(1);
    Future<?> _ = timer.schedule(idle::countDown, Deadline.in(Duration.ZERO));
    await(idle);
    assertThat(stops).hasValue(0);
  }

  @Test
  void aRunMayBeStoppedBeforeItsDeadline() {
    AtomicReference<Runnable> stopNow = new AtomicReference<>();
    AtomicInteger stops = new AtomicInteger();
    assertThatThrownBy(
            () ->
                timer
                    .until(FAR, stopNow::set)
                    .run(
                        stops::incrementAndGet,
                        () -> {
                          Objects.requireNonNull(stopNow.get()).run();
                          Objects.requireNonNull(stopNow.get()).run();
                          throw failure;
                        }))
        .isInstanceOf(Refusal.class);
    assertThat(stops).as("stopped once").hasValue(1);
    assertThat(timer.watchedRuns()).isZero();
    Objects.requireNonNull(stopNow.get()).run();
    assertThat(stops).as("after its end").hasValue(1);
  }

  @Test
  void aRunThatIsStoppedBeforeItBeginsDoesNotBegin() {
    AtomicInteger calls = new AtomicInteger();
    TimeLimit limit = timer.until(FAR, Runnable::run);
    assertThatThrownBy(() -> limit.run(calls::incrementAndGet, calls::incrementAndGet))
        .isInstanceOf(Refusal.class);
    assertThat(calls).hasValue(0);
  }

  private static boolean untilTheTimerWaits() {
    while (Thread.getAllStackTraces().keySet().stream()
        .noneMatch(
            thread ->
                thread.getName().equals("pilotlight-run-timer")
                    && thread.getState() == Thread.State.BLOCKED)) {
      Thread.onSpinWait();
    }
    return true;
  }

  private boolean failAfter(CountDownLatch latch) {
    await(latch);
    throw failure;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
