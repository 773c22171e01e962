package dev.pilotlight.files;

import dev.pilotlight.support.Settings;
import java.time.Duration;

/// The settings of files.
///
/// @param bucket the bucket of the files' objects; empty if this function keeps no files
/// @param bytesMax maximum bytes of a file
/// @param ownerBytesMax maximum total bytes of an owner's files; 0 for no limit
/// @param kept default and maximum time until a file expires
public record FileSettings(String bucket, long bytesMax, long ownerBytesMax, Duration kept) {
  /// Maximum bytes of any file, whatever the settings.
  public static final long BYTES_MAX = 200_000_000;

  private static final long OWNER_BYTES = 100_000_000_000L;
  private static final long OWNER_BYTES_MAX = 1_000_000_000_000_000L;
  private static final int DAYS_MAX = 30;

  public static FileSettings from(Settings s) {
    return new FileSettings(
        s.of("FILES_BUCKET", "S3 bucket for the files of OpenAI's files API")
            .text("", "an S3 bucket's name"),
        s.of("FILE_BYTES_MAX", "maximum size of one file of OpenAI's files API")
            .bytes(BYTES_MAX, 1, BYTES_MAX),
        s.of("FILES_BYTES_MAX", "maximum total size of a tenant's files; 0 sets no limit")
            .bytes(OWNER_BYTES, 0, OWNER_BYTES_MAX),
        Duration.ofDays(
            s.of("FILE_DAYS", "days until a file expires: the default and the maximum")
                .number(DAYS_MAX, 1, DAYS_MAX)));
  }
}
