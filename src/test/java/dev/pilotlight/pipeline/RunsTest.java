package dev.pilotlight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RunsTest {
  private static final Result RESULT = new Result(List.of(), 0);
  private static final Deadline FAR = Deadline.in(Duration.ofSeconds(60));

  private final Runs runs = new Runs(Duration.ofMillis(30));
  private final Runs.Claims owner = runs.claims(true);
  private final Runs.Claims other = runs.claims(true);
  private final ResultKey key = ResultKey.random();

  @Test
  void claimAfterTheEndOfItsRequestEndsAtOnce() {
    owner.close();
    assertThat(owner.claim(key)).isNull();
    assertThat(other.claim(key)).as("not stuck").isNull();
  }

  @Test
  void requestThatLostAClaimEndsOnlyItsOwn() {
    assertThat(owner.claim(key)).isNull();
    Runs.Run run = Objects.requireNonNull(other.claim(key));
    other.failed(key);
    other.close();
    assertThat(run.isDone()).isFalse();
    assertThat(runs.claims(true).claim(key)).isEqualTo(run);
    owner.done(key, RESULT);
    assertThat(run.join()).hasValue(RESULT);
  }

  @Test
  void othersWaitOnlyAShortTimeForALookUp() throws Exception {
    assertThat(owner.claim(key)).isNull();
    Runs.Run run = Objects.requireNonNull(other.claim(key));
    assertThat(run.await(FAR)).isEmpty();
    Deadline passed = Deadline.in(Duration.ZERO);
    assertThatThrownBy(() -> run.await(passed)).isInstanceOf(TimeoutException.class);
  }

  @Test
  void othersWaitForARunThatFollowsALookUp() throws Exception {
    assertThat(owner.claim(key)).isNull();
    Runs.Run run = Objects.requireNonNull(other.claim(key));
    owner.lookedUp();
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<?> waiting = threads.submit(() -> run.await(FAR));
      Thread.sleep(100);
      assertThat(waiting.isDone()).isFalse();
      owner.done(key, RESULT);
      assertThat(run.await(FAR)).hasValue(RESULT);
      assertThat(waiting.get()).isEqualTo(run.join());
    }
  }

  @Test
  void claimThatEndsAsItBeginsIsNotLeftBehind() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      for (int i = 0; i < 20_000; i++) {
        Runs.Claims its = runs.claims(true);
        ResultKey mine = ResultKey.random();
        Future<?> closing = i % 2 == 0 ? threads.submit(its::close) : null;
        Future<?> done = i % 2 == 0 ? null : threads.submit(() -> its.done(mine, RESULT));
        assertThat(its.claim(mine)).isNull();
        if (closing != null) {
          closing.get();
        } else {
          Objects.requireNonNull(done).get();
          its.failed(mine);
        }
        assertThat(other.claim(mine)).as("claim %d", i).isNull();
        other.failed(mine);
      }
    }
  }
}
