package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchFilesTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.jsonl.gz", "b c.txt", "a.txt.gz", "ü.csv", "a.csv.gz"})
  void answersGoNextToTheFile(String name) throws IOException {
    Path file = Files.createFile(directory.resolve(name));
    BatchFiles files = BatchFiles.of(file.toString(), "");
    assertThat(files.name()).isEqualTo(name);
    assertThat(files.output(BatchFiles.OUT)).isEqualTo(directory.resolve(name + ".out.jsonl"));
  }

  @Test
  void answersGoIntoAnotherDirectoryThatIsMade() throws IOException {
    Path file = Files.createFile(directory.resolve("a.txt"));
    Path other = directory.resolve("some/where");
    BatchFiles files = BatchFiles.of(file.toString(), other.toString());
    assertThat(other).isDirectory();
    assertThat(files.output(BatchFiles.SUMMARY)).isEqualTo(other.resolve("a.txt.summary.json"));
  }

  @Test
  void unusableFileIsReportedInOneLine() throws IOException {
    assertThatThrownBy(() -> BatchFiles.of(directory + "/no.jsonl", ""))
        .hasMessage("there is no file %s/no.jsonl that can be read".formatted(directory));
    assertThatThrownBy(() -> BatchFiles.of(directory.toString(), ""))
        .hasMessage("there is no file %s that can be read".formatted(directory));
    Path pdf = Files.createFile(directory.resolve("a.pdf"));
    assertThatThrownBy(() -> BatchFiles.of(pdf.toString(), ""))
        .hasMessage(
            "a.pdf does not end as a file of lines;"
                + " accepted: .jsonl .ndjson .txt .csv .tsv, each"
                + " also with .gz, and .parquet");
    Path file = Files.createFile(directory.resolve("a.jsonl"));
    assertThatThrownBy(() -> BatchFiles.of(file.toString(), pdf.toString()))
        .hasMessage(pdf + " is not a directory");
    Files.createFile(directory.resolve("a.jsonl.errors.jsonl"));
    assertThatThrownBy(() -> BatchFiles.of(file.toString(), ""))
        .hasMessage(
            "%s/a.jsonl.errors.jsonl is already there:".formatted(directory)
                + " move it, or choose another directory with -Dbatch.output=");
  }
}
