package dev.pilotlight.local;

import dev.pilotlight.local.support.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// A file of lines, and the files of its answers. Creating it fails if one of these is already
/// there.
///
/// @param input the file that is answered
/// @param directory of the answers
record BatchFiles(Path input, Path directory) {
  static final String OUT = ".out.jsonl";
  static final String ERRORS = ".errors.jsonl";
  static final String SUMMARY = ".summary.json";

  private static final List<String> ACCEPTED = List.of(".jsonl", ".ndjson", ".txt", ".csv", ".tsv");
  private static final String GZIP = ".gz";
  private static final String PARQUET = ".parquet";

  /// @param input as it was given
  /// @param directory as it was given; empty for the input's own
  /// @throws IllegalArgumentException in one clear line
  static BatchFiles of(String input, String directory) {
    Path file = Path.of(input).toAbsolutePath().normalize();
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IllegalArgumentException("there is no file %s that can be read".formatted(file));
    }
    String name = String.valueOf(file.getFileName());
    String lower = name.toLowerCase(Locale.ROOT);
    if (!lower.endsWith(PARQUET)
        && ACCEPTED.stream().noneMatch(end -> lower.endsWith(end) || lower.endsWith(end + GZIP))) {
      throw new IllegalArgumentException(
          "%s does not end as a file of lines; accepted: %s, each also with %s, and %s"
              .formatted(name, String.join(" ", ACCEPTED), GZIP, PARQUET));
    }
    Path parent = directory.isEmpty() ? file.resolveSibling("") : Path.of(directory);
    BatchFiles files = new BatchFiles(file, parent.toAbsolutePath().normalize());
    files.prepare();
    return files;
  }

  /// The input's name, which is also its key in S3.
  String name() {
    return String.valueOf(input.getFileName());
  }

  /// @param kind such as [#OUT]
  Path output(String kind) {
    return directory.resolve(name() + kind);
  }

  private void prepare() {
    for (String kind : List.of(OUT, ERRORS, SUMMARY)) {
      if (Files.exists(output(kind))) {
        throw new IllegalArgumentException(
            "%s is already there: move it, or choose another directory with -D%s="
                .formatted(output(kind), Option.BATCH_OUTPUT.optionName()));
      }
    }
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new IllegalArgumentException(directory + " is not a directory");
    }
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!Files.isWritable(directory)) {
      throw new IllegalArgumentException("nothing can be written into " + directory);
    }
  }
}
