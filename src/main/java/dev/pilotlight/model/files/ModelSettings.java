package dev.pilotlight.model.files;

import dev.pilotlight.support.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where models come from and what loading one may cost.
///
/// @param location a directory, or `s3://bucket/prefix`
/// @param defaultModel the model for requests that name none
/// @param modelBytesMax the most that the files of one model version may add up to
/// @param threads intra-op threads of a session, unless the model's `pilotlight.json` sets another
///   number
/// @param retryBackOff how long a failed load or listing is not retried
/// @param cacheDirectory where models from S3 are kept; local disk
/// @param settle how long the files of a version must be unchanged until it counts as complete
/// @param relist how old the listing may be until it is renewed in the background
/// @param memoryBytesMax the most memory that the process may have when a model is loaded;
///   [Long#MAX_VALUE] if nothing limits it
public record ModelSettings(
    String location,
    Optional<String> defaultModel,
    long modelBytesMax,
    int threads,
    Duration retryBackOff,
    Path cacheDirectory,
    Duration settle,
    Duration relist,
    long memoryBytesMax) {
  static final String S3_SCHEME = "s3://";
  private static final long BYTES_DEFAULT = 1L << 30;
  private static final long BYTES_MAX = 10L << 30;
  private static final long MEMORY_MAX = 1L << 40;
  public static final int THREADS_MAX = 64;

  public static ModelSettings from(Settings s) {
    String location =
        s.of(
                "MODELS",
                "the model repository: `<name>/<version>/model.onnx` and the files next to it")
            .text("models", "a directory, or s3://bucket/prefix");
    String defaultModel =
        s.of(
                "DEFAULT_MODEL",
                "the model for requests that name none; unset: the first by name that"
                    + " takes texts")
            .text("", "a model's name");
    if (location.isEmpty()) {
      throw Settings.wrong("MODELS", location, "a directory, or s3://bucket/prefix");
    }
    if (location.startsWith(S3_SCHEME) && !isInS3(location)) {
      throw Settings.wrong("MODELS", location, "s3://bucket or s3://bucket/prefix");
    }
    return new ModelSettings(
        location,
        defaultModel.isEmpty() ? Optional.empty() : Optional.of(defaultModel),
        s.of("MODEL_BYTES_MAX", "maximum total size of one model's files")
            .bytes(BYTES_DEFAULT, 1, BYTES_MAX),
        s.of("MODEL_THREADS", "threads inside one inference; several items run in parallel anyway")
            .number(1, 1, THREADS_MAX),
        s.of("MODEL_RETRY_MS", "pause before a failed load of a model is retried")
            .millis(5_000, 0, 600_000),
        Path.of(
            s.of("MODEL_CACHE_DIR", "local directory for models from S3")
                .text("/tmp/pilotlight-models", "a directory")),
        s.of(
                "MODEL_SETTLE_MS",
                "how old the newest file of a model version must be before it loads; a"
                    + " file `.complete` written last makes it complete at once")
            .millis(10_000, 0, 600_000),
        s.of(
                "MODEL_RELIST_MS",
                "how often an environment in use checks for changed models, in the background")
            .millis(10_000, 0, 86_400_000),
        memory(s));
  }

  private static boolean isInS3(String location) {
    return location.matches("s3://[a-z0-9][a-z0-9.-]{1,62}(/.*)?");
  }

  /// Whether the models are in S3; else they are in a directory.
  public boolean isInS3() {
    return isInS3(location);
  }

  private static long memory(Settings s) {
    long bytes =
        s.of(
                "MODEL_MEMORY_BYTES_MAX",
                "maximum memory of the process when a model loads: idle models are closed"
                    + " first; 0: the function's memory")
            .bytes(0, 0, MEMORY_MAX);
    return bytes == 0 ? s.functionBytes().orElse(Long.MAX_VALUE) : bytes;
  }
}
