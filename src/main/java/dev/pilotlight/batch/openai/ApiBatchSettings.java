package dev.pilotlight.batch.openai;

import dev.pilotlight.support.Settings;

/// The settings of batches of OpenAI's API.
///
/// @param inputBucket whose objects are batches; empty if the API has no batches
/// @param inputPrefix of the keys whose objects are batches; may be empty
/// @param requestsMax the most requests of a file
/// @param bytesMax the largest file
public record ApiBatchSettings(
    String inputBucket, String inputPrefix, int requestsMax, long bytesMax) {
  private static final long MB = 1_000_000;

  public static ApiBatchSettings from(Settings s) {
    return new ApiBatchSettings(
        s.of("BATCH_INPUT_BUCKET", "S3 bucket whose objects are batches, for /v1/batches")
            .text("", "an S3 bucket's name"),
        s.of("BATCH_INPUT_PREFIX", "prefix of the keys that /v1/batches puts into that bucket")
            .text("", "a prefix of keys, such as batches/"),
        s.of("BATCH_REQUESTS_MAX", "maximum requests in a file of /v1/batches")
            .number(50_000, 1, 1_000_000),
        s.of("BATCH_FILE_BYTES_MAX", "maximum size of a file of /v1/batches")
            .bytes(200 * MB, 1024, 5_000 * MB));
  }
}
