package dev.pilotlight.cli.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.support.json.JsonBytes;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BatchFormsTest {
  @Test
  void rateOfASlowBatchIsNotZeroInJson() {
    Instant now = Instant.parse("2026-11-30T01:02:03Z");
    BatchRow slow =
        new BatchRow(
            "a.jsonl",
            BatchState.RUNNING,
            100,
            40,
            0,
            OptionalDouble.of(0.04),
            OptionalInt.empty(),
            Optional.empty(),
            now,
            "");
    JsonBytes json = new JsonBytes();

    BatchForms.write(json, slow, now);

    assertThat(new String(json.toByteArray(), UTF_8)).contains("\"lines_per_second\":0.04,");
  }
}
