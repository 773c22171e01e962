package dev.pilotlight.batch.claim;

import static dev.pilotlight.batch.claim.JobsHarness.lines;
import static dev.pilotlight.batch.claim.JobsHarness.patient;
import static dev.pilotlight.batch.claim.JobsHarness.version;
import static dev.pilotlight.batch.claim.Trigger.EVENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.JobsTable;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.suite.OnlyInFaults;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// Many environments that want the same batch at once.
class JobsRaceIT extends JobsTable {
  private static final int THREADS = 24;
  private static final ObjectVersion V1 = version("01");

  @RepeatedTest(3)
  void oneOfManyGetsABatchThatNobodyHas() throws Exception {
    oneGetsIt(1, Progress.NONE);
  }

  @RepeatedTest(3)
  @OnlyInFaults
  void oneOfManyGetsABatchThatWasHandedOver() throws Exception {
    JobsHarness.granted(harness.jobs().claim(V1, EVENT, patient())).handOver(lines(2));
    oneGetsIt(2, lines(2));
  }

  @RepeatedTest(3)
  @OnlyInFaults
  void oneOfManyGetsADeadOwnersBatch() throws Exception {
    harness.die(V1, lines(3));
    oneGetsIt(2, lines(3));
  }

  @RepeatedTest(3)
  void newestOfManyVersionsStays() throws Exception {
    List<Claim> claims =
        atOnce(i -> harness.jobs().claim(version("%02X".formatted(i + 1)), EVENT, patient()));
    List<Lease> leases = leases(claims);
    Lease newest = leases.getLast();
    try {
      assertThat(newest.version().sequencer()).isEqualTo("%02X".formatted(THREADS));
      JobsHarness.await(() -> leases.stream().filter(Lease::isHeld).count() == 1);
      newest.checkpoint(lines(1));
      for (Claim claim : claims) {
        assertThat(claim).isInstanceOfAny(Claim.Granted.class, Claim.Superseded.class);
      }
    } finally {
      leases.forEach(Lease::close);
    }
    assertThat(harness.item(V1).version()).isEqualTo(newest.version());
    assertThat(harness.item(V1).progress()).isEqualTo(lines(1));
  }

  /// Each invocation goes on for one line and leaves in one of three ways; no line may be lost.
  @Test
  @OnlyInFaults
  void manyThatTakeTurnsCountWithoutGapOrDouble() throws Exception {
    int turns = 5;
    List<Integer> done =
        atOnce(
            i -> {
              Jobs jobs = harness.jobs();
              int taken = 0;
              while (taken < turns) {
                if (jobs.claim(V1, EVENT, patient()) instanceof Claim.Granted(Lease lease, _)) {
                  oneMoreLine(lease, taken++);
                }
              }
              return taken;
            });
    assertThat(done).containsOnly(turns);
    JobItem item = harness.item(V1);
    assertThat(item.progress()).isEqualTo(lines((long) THREADS * turns));
    assertThat(item.invocation()).isEqualTo(THREADS * turns);
  }

  private static void oneMoreLine(Lease lease, int turn) {
    try (lease) {
      Progress next = lines(lease.progress().counts().lines() + 1);
      if (turn % 2 == 0) {
        lease.handOver(next);
      } else {
        lease.checkpoint(next);
      }
    }
  }

  private static void oneGetsIt(int invocation, Progress progress) throws Exception {
    List<Claim> claims = atOnce(i -> harness.jobs().claim(V1, EVENT, patient()));
    List<Lease> leases = leases(claims);
    try {
      assertThat(leases).hasSize(1);
      assertThat(leases.getFirst().isHeld()).isTrue();
      assertThat(leases.getFirst().invocation()).isEqualTo(invocation);
      assertThat(leases.getFirst().progress()).isEqualTo(progress);
      assertThat(claims).filteredOn(new Claim.Held()::equals).hasSize(THREADS - 1);
    } finally {
      leases.forEach(Lease::close);
    }
  }

  private static List<Lease> leases(List<Claim> claims) {
    List<Lease> leases = new ArrayList<>();
    for (Claim claim : claims) {
      if (claim instanceof Claim.Granted(Lease lease, _)) {
        leases.add(lease);
      }
    }
    return leases;
  }

  private static <T> List<T> atOnce(IntFunction<T> task)
      throws InterruptedException, ExecutionException {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Callable<T>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      tasks.add(
          () -> {
            start.await();
            return task.apply(number);
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    }
  }
}
