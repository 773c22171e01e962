package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.claim.Cancellation;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A batch that is cancelled while it runs publishes the lines that it has answered.
@Timeout(180)
@OnlyInFaults
class BatchCancelIT {
  private static final String KEY = "cancelled.jsonl";
  private static final int LINES = 400;

  @Test
  void cancelledBatchPublishesWhatItHasAnsweredAndStartsAgainWhenPutAgain() throws Exception {
    String lines = BatchLines.mixed(11, LINES);
    try (BatchStack batches = BatchStack.start(options -> options)) {
      BatchStack.Output whole = batches.answer(KEY, lines);
      batches.forget();
      batches.awaitReady();
      batches.betweenDynamo().rule(BatchHurry.slowly(call -> new Fate.Pass()));
      batches.put(KEY, lines);
      Thread.sleep(2_000); // until some of the 25 windows are answered
      cancel(batches);
      BatchStack.Output part = batches.awaitOutput(KEY);

      assertThat(part.summary().path("cancelled").booleanValue()).isTrue();
      assertThat(part.count("lines")).isBetween(1, LINES - 1);
      assertThat(whole.out()).startsWith(part.out());
      assertThat(part.out().lines()).hasSize(part.count("lines"));
      assertThat(whole.errors()).startsWith(part.errors());
      batches.requireNothingLeft();
      assertThat(batches.stack().failures()).isEmpty();

      batches.betweenDynamo().rule(call -> new Fate.Pass());
      Thread.sleep(1_000); // S3's times of modification are whole seconds
      batches.put(KEY, lines);
      BatchStack.Output again = batches.awaitOutput(KEY);
      again.requireSame(whole);
      assertThat(again.summary().has("cancelled")).isFalse();
    }
  }

  private static void cancel(BatchStack batches) {
    var object = new ObjectVersion(BatchStack.IN, KEY, "", "", -1, "");
    try (var dynamo = batches.stack().dynamo().client()) {
      new Cancellation(() -> dynamo, batches.stack().tables().getFirst(), InstantSource.system())
          .request(
              object.batchId(),
              Instant.now(),
              new Retries(Duration.ofSeconds(5), Deadline.in(Duration.ofSeconds(9))));
    }
  }
}
