package dev.pilotlight.batch.openai;

import dev.pilotlight.files.FileSettings;
import dev.pilotlight.support.Settings;
import java.time.Duration;

/// The settings of batches of OpenAI's API.
///
/// @param inputBucket whose objects are batches; empty if the API has no batches
/// @param inputPrefix of the keys whose objects are batches; may be empty
/// @param requestsMax the most requests of a file
/// @param bytesMax the largest file
/// @param kept how long output files are kept that are given no time, and at most
public record ApiBatchSettings(
    String inputBucket, String inputPrefix, int requestsMax, long bytesMax, Duration kept) {

  /// Reads the settings.
  ///
  /// @param files no file of a batch is larger than they may be, or kept for longer
  public static ApiBatchSettings from(Settings s, FileSettings files) {
    return new ApiBatchSettings(
        s.of("BATCH_INPUT_BUCKET", "S3 bucket whose objects are batches, for /v1/batches")
            .text("", "an S3 bucket's name"),
        s.of("BATCH_INPUT_PREFIX", "prefix of the keys that /v1/batches puts into that bucket")
            .text("", "a prefix of keys, such as batches/"),
        s.of("BATCH_REQUESTS_MAX", "maximum requests in a file of /v1/batches")
            .number(50_000, 1, 1_000_000),
        s.of("BATCH_FILE_BYTES_MAX", "maximum size of a file of /v1/batches")
            .bytes(FileSettings.BYTES_MAX, 1024, FileSettings.BYTES_MAX),
        files.kept());
  }
}
