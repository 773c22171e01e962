package dev.pilotlight.batch.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import org.junit.jupiter.api.Test;

final class OutputKeysTest {
  @Test
  void outputKeysBeginWithTheInputKey() {
    assertThat(OutputKeys.of(object("in/a b.jsonl")))
        .isEqualTo(
            new OutputKeys(
                "in/a b.jsonl.out.jsonl",
                "in/a b.jsonl.errors.jsonl",
                "in/a b.jsonl.summary.json",
                "in/a b.jsonl.failed.json"));
  }

  @Test
  void parquetFileHasAnotherKeyThanLines() {
    OutputKeys lines = OutputKeys.of(object("a.jsonl"));
    OutputKeys parquet = lines.forParquet();
    assertThat(parquet.out()).isEqualTo("a.jsonl.out.parquet");
    assertThat(parquet.errors()).isEqualTo(lines.errors());
    assertThat(parquet.forParquet()).isEqualTo(parquet);
    assertThat(lines.otherAnswersKey()).contains(parquet.out());
    assertThat(parquet.otherAnswersKey()).contains(lines.out());
    assertThat(lines.allAnswers())
        .isEqualTo(parquet.allAnswers())
        .containsExactlyInAnyOrder(lines.out(), parquet.out())
        .allMatch(key -> key.startsWith(lines.answersPrefix()));
    assertThat(parquet.answersPrefix()).isEqualTo(lines.answersPrefix()).isEqualTo("a.jsonl.out.");
    OutputKeys api = new OutputKeys("files/x", "files/y", "s", "f");
    assertThat(api.otherAnswersKey()).isEmpty();
    assertThat(api.allAnswers()).containsExactly(api.answersPrefix());
  }

  @Test
  void aKeyThatLeavesRoomForTheSuffixesIsTaken() {
    OutputKeys keys = OutputKeys.of(object("é".repeat(505) + "k"));
    assertThat(keys.errors()).hasSize(505 + 1 + ".errors.jsonl".length());
  }

  @Test
  void aLongerKeyIsRefusedWithTheLimit() {
    assertThatThrownBy(() -> OutputKeys.of(object("é".repeat(506))))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageContaining("a key of 1012 bytes; at most 1011")
        .hasMessageContaining("S3's 1024");
  }

  private static ObjectVersion object(String key) {
    return new ObjectVersion("in", key, "", "e", 1, "1");
  }
}
