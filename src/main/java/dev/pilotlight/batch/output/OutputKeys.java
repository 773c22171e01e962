package dev.pilotlight.batch.output;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// The keys of an object's output, in the output bucket.
///
/// @param out one answer for each line, as JSON lines or in a Parquet file
/// @param errors a copy of the answers that are errors; absent if there are none
/// @param summary written last; its presence means the output is complete
/// @param failed the reason of a failure; absent once the object is answered
public record OutputKeys(String out, String errors, String summary, String failed) {
  private static final String OUT = ".out.jsonl";
  private static final String PARQUET = ".out.parquet";
  private static final String ERRORS = ".errors.jsonl";
  private static final String SUMMARY = ".summary.json";
  private static final String FAILED = ".failed.json";

  /// S3's limit.
  private static final int KEY_BYTES_MAX = 1_024;

  private static final int INPUT_KEY_BYTES_MAX =
      KEY_BYTES_MAX - Math.max(OUT.length(), Math.max(ERRORS.length(), SUMMARY.length()));

  /// Derives the keys of an input object's outputs.
  ///
  /// @throws BatchException.Unreadable if the key is too long
  public static OutputKeys of(ObjectVersion object) {
    int bytes = object.key().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > INPUT_KEY_BYTES_MAX) {
      throw new BatchException.Unreadable(
          ("%s has a key of %d bytes; at most %d leave room for .errors.jsonl and the like within"
                  + " S3's %d")
              .formatted(object, bytes, INPUT_KEY_BYTES_MAX, KEY_BYTES_MAX),
          "the key of the file's copy is too long",
          null);
    }
    String key = object.key();
    return new OutputKeys(key + OUT, key + ERRORS, key + SUMMARY, key + FAILED);
  }

  /// The keys if the answers are a Parquet file.
  public OutputKeys forParquet() {
    return out.endsWith(OUT)
        ? new OutputKeys(otherAnswersKey().orElseThrow(), errors, summary, failed)
        : this;
  }

  /// The keys of the answers in every output-format, which begin with [#answersPrefix].
  public Set<String> allAnswers() {
    return otherAnswersKey().map(other -> Set.of(out, other)).orElse(Set.of(out));
  }

  /// The prefix of [#allAnswers].
  public String answersPrefix() {
    return otherAnswersKey().isPresent() ? out.substring(0, out.lastIndexOf('.') + 1) : out;
  }

  /// The key an older version used if it had the other output-format; empty for keys of OpenAI's
  /// API.
  public Optional<String> otherAnswersKey() {
    if (out.endsWith(PARQUET)) {
      return Optional.of(out.substring(0, out.length() - PARQUET.length()) + OUT);
    }
    return out.endsWith(OUT)
        ? Optional.of(out.substring(0, out.length() - OUT.length()) + PARQUET)
        : Optional.empty();
  }
}
