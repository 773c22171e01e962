package dev.pilotlight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LanesTest {
  private static final Deadline FAR = Deadline.in(Duration.ofSeconds(30));

  @Test
  void everyTaskIsRunOnceAndHandedBackOnTheCallersThread() {
    try (Lanes lanes = new Lanes(3)) {
      List<Integer> tasks = IntStream.range(0, 1000).boxed().toList();
      List<Integer> results = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      new ParallelRun<Integer, Integer>(lanes, tasks, i -> i * 2, FAR)
          .drainTo(
              result -> {
                results.add(result);
                threads.add(Thread.currentThread());
              });
      assertThat(results)
          .containsExactlyInAnyOrderElementsOf(tasks.stream().map(i -> i * 2).toList());
      assertThat(threads).containsOnly(Thread.currentThread());
    }
  }

  @Test
  void concurrentRequestsRunNoMoreTasksAtOnceThanThereAreLanes() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Integer> tasks = IntStream.range(0, 10).boxed().toList();
    try (Lanes lanes = new Lanes(2);
        ExecutorService callers = Executors.newFixedThreadPool(4)) {
      for (int caller = 0; caller < 4; caller++) {
        callers.execute(
            () ->
                new ParallelRun<Integer, Integer>(
                        lanes,
                        tasks,
                        _ -> {
                          most.accumulateAndGet(now.incrementAndGet(), Math::max);
                          pause();
                          return now.decrementAndGet();
                        },
                        FAR)
                    .drainTo(_ -> {}));
      }
    }
    assertThat(most).hasValue(2);
  }

  @Test
  void noTaskIsStartedAfterTheDeadline() {
    try (Lanes lanes = new Lanes(2)) {
      List<Integer> results = new ArrayList<>();
      new ParallelRun<Integer, Integer>(lanes, List.of(1, 2, 3), i -> i, Deadline.in(Duration.ZERO))
          .drainTo(results::add);
      assertThat(results).isEmpty();
    }
  }

  @Test
  void theFirstFailureStopsTheRestButKeepsWhatWasFinished() {
    try (Lanes lanes = new Lanes(1)) {
      List<Integer> results = new ArrayList<>();
      ParallelRun<Integer, Integer> run =
          new ParallelRun<>(
              lanes,
              List.of(1, 2, 0, 3, 4),
              i -> {
                if (i == 0) {
                  throw new IllegalStateException("zero");
                }
                return i;
              },
              FAR);
      assertThatThrownBy(() -> run.drainTo(results::add)).hasMessage("zero");
      assertThat(results).containsExactly(1, 2);
    }
  }

  @Test
  void startsNoTaskAfterAResultThatStopsAll() {
    try (Lanes lanes = new Lanes(1)) {
      List<Integer> results = new ArrayList<>();
      new ParallelRun<Integer, Integer>(lanes, List.of(1, 2, 0, 3, 4), i -> i, FAR)
          .stopAfter(i -> i == 0)
          .drainTo(results::add);
      assertThat(results).containsExactly(1, 2, 0);
    }
  }

  @Test
  void aSinkThatFailsIsNotAskedAgain() {
    try (Lanes lanes = new Lanes(2)) {
      AtomicInteger asked = new AtomicInteger();
      List<Integer> tasks = IntStream.range(0, 50).boxed().toList();
      ParallelRun<Integer, Integer> run = new ParallelRun<>(lanes, tasks, i -> i, FAR);
      assertThatThrownBy(
              () ->
                  run.drainTo(
                      result -> {
                        asked.incrementAndGet();
                        throw new IllegalStateException("full");
                      }))
          .hasMessage("full");
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void aCallerWaitsForALaneNoLongerThanTheDeadline() {
    try (Lanes lanes = new Lanes(1)) {
      CountDownLatch taken = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(1);
      lanes.start(() -> lanes.take(FAR, () -> await(taken, done)));
      await(taken);
      Deadline soon = Deadline.in(Duration.ofMillis(20));
      assertThatThrownBy(() -> lanes.take(soon, () -> 1))
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.DEADLINE));
      done.countDown();
    }
  }

  @Test
  void aRunThatFindsEveryLaneBusyEndsWithoutAFailure() {
    try (Lanes lanes = new Lanes(1)) {
      CountDownLatch taken = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(1);
      lanes.start(() -> lanes.take(FAR, () -> await(taken, done)));
      await(taken);
      List<Integer> results = new ArrayList<>();
      Deadline soon = Deadline.in(Duration.ofMillis(20));
      new ParallelRun<Integer, Integer>(lanes, List.of(1), i -> i, soon).drainTo(results::add);
      assertThat(results).isEmpty();
      done.countDown();
    }
  }

  @Test
  void aRefusalOfATaskFailsTheRun() {
    try (Lanes lanes = new Lanes(1)) {
      ParallelRun<Integer, Integer> run =
          new ParallelRun<>(
              lanes,
              List.of(1),
              _ -> {
                throw Refusal.invalid("input", "no such item");
              },
              FAR);
      assertThatThrownBy(() -> run.drainTo(_ -> {})).hasMessage("no such item");
    }
  }

  @Test
  void anInterruptStopsTheRunAndIsKept() {
    try (Lanes lanes = new Lanes(1)) {
      List<Integer> tasks = IntStream.range(0, 1000).boxed().toList();
      List<Integer> results = new ArrayList<>();
      Thread.currentThread().interrupt();
      ParallelRun<Integer, Integer> run =
          new ParallelRun<>(
              lanes,
              tasks,
              i -> {
                pause();
                return i;
              },
              FAR);
      run.drainTo(results::add);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(results).hasSizeLessThan(1000);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> lanes.take(FAR, () -> 1)).isInstanceOf(Refusal.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aShortRequestDoesNotWaitForAllOfALongOne() {
    try (Lanes lanes = new Lanes(1)) {
      AtomicInteger done = new AtomicInteger();
      CountDownLatch started = new CountDownLatch(1);
      List<Integer> tasks = IntStream.range(0, 100).boxed().toList();
      Thread request =
          Thread.ofPlatform()
              .start(
                  () ->
                      new ParallelRun<Integer, Integer>(
                              lanes,
                              tasks,
                              i -> {
                                started.countDown();
                                pause();
                                return done.incrementAndGet();
                              },
                              FAR)
                          .drainTo(result -> {}));
      await(started);
      int doneWhenServed = lanes.take(FAR, done::get);
      assertThat(doneWhenServed).isLessThan(90);
      request.interrupt();
    }
  }

  private static boolean await(CountDownLatch reached, CountDownLatch latch) {
    reached.countDown();
    return await(latch);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      return false; // the lanes were closed
    }
  }

  /// The work of one item, as far as the lanes can tell.
  private static void pause() {
    long end = System.nanoTime() + 2_000_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
