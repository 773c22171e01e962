package dev.pilotlight.batch.output.parquet;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.output.OutputObject;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.OutputBucket;
import dev.pilotlight.domain.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ParquetConversionIT extends OutputBucket {
  private static final long BYTES_MAX = 9_000L * (64 << 20);

  @Test
  void linesLargerThanTheLargestFileAreRefused() {
    Upload lines = new Upload(Optional.of("upload"), List.of(), Optional.empty(), BYTES_MAX + 1);
    ParquetConversion conversion =
        new ParquetConversion(
            object("answers.jsonl", OutputObject.LINES),
            lines,
            object("a.out.parquet", OutputObject.PARQUET),
            "state",
            () -> {},
            Duration.ofSeconds(1));
    assertThatThrownBy(() -> conversion.run(1, Deadline.in(Duration.ofSeconds(9))))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessage(
            "the answers are %d bytes of JSON Lines; output-format parquet accepts up to %d. Split"
                + " the object or use output-format jsonl",
            BYTES_MAX + 1, BYTES_MAX);
  }

  private OutputObject object(String key, String type) {
    return new OutputObject(bucket(), key, type, "v1");
  }
}
