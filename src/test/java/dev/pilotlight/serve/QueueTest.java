package dev.pilotlight.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QueueTest {
  @Test
  void everyTaskRunsOnceAndNoMoreThanAllowedAtATime() throws InterruptedException {
    int tasks = 20_000;
    Traffic traffic = new Traffic();
    Queue queue = new Queue(3, traffic, QueueTest::neverFails);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(tasks);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < tasks; i++) {
        threads.execute(
            () ->
                queue.run(
                    () -> {
                      most.accumulateAndGet(running.incrementAndGet(), Math::max);
                      running.decrementAndGet();
                      done.countDown();
                    }));
      }
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(most.get()).isLessThanOrEqualTo(3);
    assertThat(traffic.waiting()).isZero();
  }

  private static void neverFails(Throwable failure) {
    throw new AssertionError(failure);
  }

  @Test
  void aTaskThatThrowsStopsNeitherItsCallerNorTheNext() {
    List<String> seen = new ArrayList<>();
    Traffic traffic = new Traffic();
    Queue queue = new Queue(1, traffic, e -> seen.add(String.valueOf(e.getMessage())));
    queue.run(
        () -> {
          // this thread has the only permit: both wait, and it runs them next
          queue.run(
              () -> {
                throw new IllegalStateException("failed");
              });
          queue.run(() -> seen.add("next"));
          throw new StackOverflowError("first");
        });
    assertThat(seen).containsExactly("first", "failed", "next");
    queue.run(() -> seen.add("later"));
    assertThat(seen).endsWith("later");
    assertThat(traffic.waiting()).isZero();
  }
}
