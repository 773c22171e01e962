package dev.pilotlight.cli.batches;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.cli.breaker.Refused;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BatchBucketTest {
  @Test
  void copyThatAMarkOfALaterTimeWouldCancelIsRefused() throws Exception {
    Instant now = Instant.parse("2026-11-30T01:02:03Z");
    BatchBucket.Copy copy = new BatchBucket.Copy("a.jsonl", Map.of(), now);

    assertThatThrownBy(() -> copy.awaitAfter(now.plusSeconds(60)))
        .isInstanceOf(Refused.class)
        .hasMessage(
            "S3's clock is at 2026-11-30T01:02:03Z, before 2026-11-30T01:03:03Z; retry later");
    copy.awaitAfter(now.minusSeconds(1));
  }
}
