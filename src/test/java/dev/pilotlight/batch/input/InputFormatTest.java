package dev.pilotlight.batch.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.input.InputFormat.Kind;
import dev.pilotlight.batch.s3.BatchException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InputFormatTest {
  @ParameterizedTest
  @CsvSource({
    "a.jsonl, JSONL, false",
    "a.jsonl.gz, JSONL, true",
    "a.JSONL.GZ, JSONL, true",
    "X.JSONL, JSONL, false",
    "a.ndjson, JSONL, false",
    "a.NdJson.Gz, JSONL, true",
    "a.tsv, TSV, false",
    "A.TSV.GZ, TSV, true",
    "A.CSV, CSV, false",
    "a.txt, TEXT, false",
    "A.TXT, TEXT, false",
    "dir/b c.txt.gz, TEXT, true",
    "a.csv, CSV, false",
    "a.Csv.gz, CSV, true",
    "a.txt.jsonl, JSONL, false",
    ".csv, CSV, false",
    "a/.txt, TEXT, false",
    "İ.TXT, TEXT, false"
  })
  void suffixDeterminesTheFormat(String key, Kind kind, boolean gzip) {
    InputFormat format = InputFormat.of(key, Map.of());
    assertThat(format.kind()).isEqualTo(kind);
    assertThat(format.gzip()).isEqualTo(gzip);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a", "", "a.gz", "a.jsonl.zip", "a.txt/", "a.csv ", "jsonl"})
  void anotherSuffixIsUnreadable(String key) {
    assertThatThrownBy(() -> InputFormat.of(key, Map.of()))
        .isInstanceOf(BatchException.Unreadable.class)
        .hasMessageContainingAll(
            "\"" + key + "\"", ".jsonl", ".ndjson", ".txt", ".csv", ".tsv", ".gz");
  }
}
