package dev.pilotlight.files;

import dev.pilotlight.support.Settings;
import java.time.Duration;

/// The settings of files.
///
/// @param bucket of their objects; empty if this function keeps none
/// @param bytesMax the most that a file may have
/// @param ownerBytesMax the most that the files of an owner may have together; 0 for no limit
/// @param kept how long a file is kept that names no time, and at most
public record FileSettings(String bucket, long bytesMax, long ownerBytesMax, Duration kept) {
  /// The most that any file may have, whatever the settings.
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
        s.of("FILES_BYTES_MAX", "maximum size of a tenant's files together; 0 sets no limit")
            .bytes(OWNER_BYTES, 0, OWNER_BYTES_MAX),
        Duration.ofDays(
            s.of("FILE_DAYS", "how long a file is kept that names no time, and at most")
                .number(DAYS_MAX, 1, DAYS_MAX)));
  }
}
