package dev.pilotlight.store;

import static dev.pilotlight.store.Stores.BUCKET;
import static dev.pilotlight.store.Stores.TABLE;
import static dev.pilotlight.store.Stores.key;
import static dev.pilotlight.store.Stores.noise;
import static dev.pilotlight.store.Stores.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.support.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// An upload to S3 that takes most of a write's budget leaves DynamoDB less than one attempt: its
/// time-out does not open the circuit breaker.
final class SlowUploadsIT {
  private static final Deadline LATER = Deadline.in(Duration.ofMinutes(10));
  private static final long UPLOAD_MS = 1_800;

  private static final StoreSettings SETTINGS =
      Stores.settings(
          "LARGE_BUCKET", BUCKET,
          "STORE_ITEM_BYTES", "10",
          "STORE_ATTEMPT_MS", "2000",
          "STORE_WRITE_MS", "2500");

  private final Log log = new Log(System.out, Log.Level.ERROR);

  @Test
  void dynamoDbIsStillAskedAfterASlowUpload() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    try (DynamoLocal dynamo = DynamoLocal.start(0);
        S3Local s3 = S3Local.start(0, BUCKET);
        Between betweenDynamo = new Between(dynamo.endpoint());
        Between betweenS3 = new Between(s3.endpoint());
        Clients clients = Stores.clients(betweenDynamo.endpoint(), betweenS3.endpoint(), SETTINGS);
        GuardedStore store =
            new GuardedStore(
                new DynamoStore(SETTINGS, clients.calls(TABLE), clients::s3),
                SETTINGS,
                clients::dynamoRefusedNanos,
                log)) {
      dynamo.createTable(TABLE, "pk", "expires_at");
      // the first calls take longer
      new DynamoStore(
              Stores.settings("LARGE_BUCKET", BUCKET, "STORE_ITEM_BYTES", "10"),
              clients.calls(TABLE),
              clients::s3)
          .putIfAbsent(result(1, noise(1, 10_000)), LATER, new Meter());
      betweenS3.rule(
          _ -> {
            pause(end, UPLOAD_MS);
            return new Fate.Pass();
          });
      betweenDynamo.rule(
          call -> {
            if (call.action().equals("PutItem")) {
              pause(end, 20_000);
            }
            return new Fate.Pass();
          });

      assertThatThrownBy(() -> store.putIfAbsent(result(2, noise(2, 10_000)), LATER, new Meter()))
          .isInstanceOf(StoreException.class);

      assertThat(betweenDynamo.calls()).as("DynamoDB was asked").hasSize(2);
      assertThat(store.get(List.of(key(3)), LATER, new Meter())).isEmpty();
      end.countDown();
    }
  }

  private static void pause(CountDownLatch end, long millis) {
    try {
      var _ = end.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
