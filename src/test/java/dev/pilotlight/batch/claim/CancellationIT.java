package dev.pilotlight.batch.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pilotlight.batch.JobsTable;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.Attributes;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.support.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class CancellationIT extends JobsTable {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Retries RETRIES =
      new Retries(Duration.ofSeconds(5), Deadline.in(Duration.ofSeconds(60)));

  private final Cancellation cancellation = harness.cancellation(InstantSource.fixed(NOW));

  @Test
  void cancelsVersionsThatWerePutBeforeTheRequest() {
    ObjectVersion before = version("a.jsonl", "01", NOW.minusSeconds(1));
    ObjectVersion later = version("a.jsonl", "02", NOW.plusSeconds(1));
    assertThat(cancellation.isRequested(before, RETRIES)).isFalse();

    cancellation.request(before.batchId(), NOW, RETRIES);

    assertThat(cancellation.isRequested(before, RETRIES)).isTrue();
    assertThat(cancellation.isRequested(later, RETRIES)).isFalse();
    assertThat(cancellation.isRequested(version("b.jsonl", "01", NOW), RETRIES)).isFalse();
  }

  @Test
  void rowIsKeptLongerThanAnEventAndThenABatchMayWait() {
    ObjectVersion version = version("a.jsonl", "01", NOW);
    cancellation.request(version.batchId(), NOW, RETRIES);

    var key = Map.of("pk", AttributeValue.fromS(Cancellation.rowKey(version.batchId())));
    var written = harness.table().get("test", key, RETRIES);
    var ofTheCommand = Cancellation.row(version.batchId(), NOW, NOW).get("expires_at");
    assertThat(Attributes.whole(written, "expires_at")).isEqualTo(ofTheCommand);
    Duration turn = StoreSettings.from(new Settings(Map.of())).batchesRemembered();
    assertThat(Cancellation.KEPT).isGreaterThan(Duration.ofDays(14).plus(turn));
  }

  @Test
  void rowWithoutATimeIsAnErrorAndNotNoCancellation() {
    ObjectVersion version = version("a.jsonl", "01", NOW);
    String key = Cancellation.rowKey(version.batchId());
    harness.table().put("test", Map.of("pk", AttributeValue.fromS(key)), RETRIES);

    assertThatIllegalStateException()
        .isThrownBy(() -> cancellation.isRequested(version, RETRIES))
        .withMessage("the item %s has no valid attribute requested", key);
  }

  private static ObjectVersion version(String key, String sequencer, Instant modified) {
    return new ObjectVersion("in", key, "", "e", 1, sequencer, modified.toEpochMilli());
  }
}
