package dev.pilotlight.batch.openai;

import dev.pilotlight.files.FileSettings;
import dev.pilotlight.support.Settings;
import java.time.Duration;

/// The settings of batches of OpenAI's API.
///
/// @param inputBucket the bucket whose objects are batches; empty if the API has no batches
/// @param inputPrefix prefix of the keys of batches; may be empty
/// @param requestsMax maximum requests of a file
/// @param bytesMax maximum bytes of a file
/// @param kept default and maximum time until output files expire
public record ApiBatchSettings(
    String inputBucket, String inputPrefix, int requestsMax, long bytesMax, Duration kept) {

  /// Reads the settings.
  ///
  /// @param files limits for size and time, also of the files of batches
  public static ApiBatchSettings from(Settings s, FileSettings files) {
    return new ApiBatchSettings(
        s.of("BATCH_INPUT_BUCKET", "S3 bucket In, to which /v1/batches copies its files")
            .text("", "an S3 bucket's name"),
        s.of("BATCH_INPUT_PREFIX", "prefix of the keys of those copies")
            .text("", "a prefix of keys, such as batches/"),
        s.of("BATCH_REQUESTS_MAX", "maximum requests in a file of /v1/batches")
            .number(50_000, 1, 1_000_000),
        s.of("BATCH_FILE_BYTES_MAX", "maximum size of a file of /v1/batches")
            .bytes(FileSettings.BYTES_MAX, 1024, FileSettings.BYTES_MAX),
        files.kept());
  }
}
