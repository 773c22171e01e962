package dev.pilotlight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Lanes and results of runs that begin early.
@Timeout(30)
class LaneStepsTest {
  private static final Deadline FAR = Deadline.in(Duration.ofSeconds(30));

  @Test
  void stepsBeginOnlyOnAFreeLaneAndGiveItBackEachTime() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger steps = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(3);
    try (Lanes lanes = new Lanes(1)) {
      boolean started =
          lanes.tryStart(
              () -> {
                await(begun, go);
                done.countDown();
                return steps.incrementAndGet() < 3;
              });
      assertThat(started).isTrue();
      begun.await();
      assertThat(lanes.tryStart(() -> false)).as("the lane is taken").isFalse();
      Deadline soon = Deadline.in(Duration.ofMillis(20));
      assertThatThrownBy(() -> lanes.take(soon, () -> 1)).isInstanceOf(Refusal.class);
      go.countDown();
      done.await();
      assertThat(lanes.<Integer>take(FAR, () -> 1)).isEqualTo(1);
      assertThat(steps).hasValue(3);
    }
  }

  @Test
  void laneIsGivenBackIfNoThreadStarts() {
    ThreadFactory none =
        _ -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    try (Lanes lanes = new Lanes(1, none)) {
      assertThatThrownBy(() -> lanes.tryStart(() -> false)).isInstanceOf(OutOfMemoryError.class);
      assertThat(lanes.hasFree()).isTrue();
    }
  }

  @Test
  void stepsEndWhereAnotherWaitsForTheLane() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger steps = new AtomicInteger();
    try (Lanes lanes = new Lanes(1);
        ExecutorService callers = Executors.newFixedThreadPool(1)) {
      assertThat(
              lanes.tryStart(
                  () -> {
                    await(begun, go);
                    steps.incrementAndGet();
                    return true;
                  }))
          .isTrue();
      begun.await();
      var waiting = callers.submit(() -> lanes.take(FAR, steps::get));
      Thread.sleep(100);
      go.countDown();
      assertThat(waiting.get()).as("served after the step that ran").isEqualTo(1);
      assertThat(steps).hasValue(1);
    }
  }

  @Test
  void resultsOfRunsThatHadBegunAreHandedOver() {
    CompletableFuture<Integer> ended = CompletableFuture.completedFuture(7);
    CompletableFuture<Integer> running = new CompletableFuture<>();
    List<Integer> results = new ArrayList<>();
    try (Lanes lanes = new Lanes(1)) {
      new ParallelRun<Integer, Integer>(lanes, List.of(1, 2), i -> i, FAR)
          .expect(ended)
          .expect(running)
          .drainTo(
              result -> {
                results.add(result);
                if (results.size() == 3) {
                  running.complete(8);
                }
              });
      assertThat(results).containsExactlyInAnyOrder(1, 2, 7, 8);

      CompletableFuture<Integer> failed =
          CompletableFuture.failedFuture(new OutOfMemoryError("a run"));
      ParallelRun<Integer, Integer> run =
          new ParallelRun<Integer, Integer>(lanes, List.of(), i -> i, FAR).expect(failed);
      assertThatThrownBy(() -> run.drainTo(results::add))
          .hasMessage("a run failed")
          .hasRootCauseMessage("a run");
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
}
