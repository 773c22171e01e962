package dev.pilotlight.serve;

import static org.assertj.core.api.Assertions.assertThat;

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
    Queue queue = new Queue(3, traffic);
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
}
