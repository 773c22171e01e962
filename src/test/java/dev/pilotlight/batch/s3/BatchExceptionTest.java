package dev.pilotlight.batch.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BatchExceptionTest {
  @Test
  void longReasonIsTruncatedOnceAndStatesItsLength() {
    String once = BatchException.truncate("x".repeat(50_000));
    assertThat(once).hasSizeLessThanOrEqualTo(2_000).endsWith("x… (50000 characters)");
    assertThat(BatchException.truncate(once)).isEqualTo(once);
    String kept = "x".repeat(2_000);
    assertThat(BatchException.truncate(kept)).isEqualTo(kept);
  }
}
