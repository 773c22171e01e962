package dev.pilotlight.model.files;

import dev.pilotlight.model.onnx.Execution;
import dev.pilotlight.support.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where models come from and what loading one may cost.
///
/// @param location a directory, or `s3://bucket/prefix`
/// @param defaultModel the model for requests that name none
/// @param modelBytesMax the most that the files of one model version may add up to
/// @param diskBytes the disk of [#cacheDirectory]; [Long#MAX_VALUE] if unknown
/// @param lock the pin of the lock whose files are served; empty: that of `models.lock`, if any
/// @param threads intra-op threads of a session, unless the model's `pilotlight.json` sets another
///   number
/// @param retryBackOff how long a failed load or listing is not retried
/// @param cacheDirectory where models from S3 are kept; local disk
/// @param settle how long the files of a version must be unchanged until it counts as complete
/// @param relist how old the listing may be until it is renewed in the background
/// @param memoryBytesMax the most memory that the process may have when a model is loaded;
///   [Long#MAX_VALUE] if nothing limits it
/// @param imagePixelsMax the most pixels of an image that is decoded or made by resizing
/// @param execution where graphs run
public record ModelSettings(
    String location,
    Optional<String> defaultModel,
    long modelBytesMax,
    long diskBytes,
    Optional<String> lock,
    int threads,
    Duration retryBackOff,
    Path cacheDirectory,
    Duration settle,
    Duration relist,
    long memoryBytesMax,
    long imagePixelsMax,
    Execution execution) {
  static final String S3_SCHEME = "s3://";
  private static final long BYTES_DEFAULT = 1L << 30;
  private static final long BYTES_MAX = 10L << 30;
  private static final long MEMORY_MAX = 1L << 40;
  private static final int IMAGE_PIXELS = 25_000_000;
  private static final int IMAGE_PIXELS_MOST = 178_956_970;
  private static final int DISK_MEGABYTES_MAX = 10_240;
  private static final String PIN = "32 hexadecimal digits, as pilotlight lock prints them";
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
    long disk = disk(s);
    long bytesMax = bytesMax(s, isInS3(location) ? disk : Long.MAX_VALUE);
    return new ModelSettings(
        location,
        defaultModel.isEmpty() ? Optional.empty() : Optional.of(defaultModel),
        bytesMax,
        disk,
        lock(s),
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
        memory(s),
        s.of(
                "IMAGE_PIXELS_MAX",
                "maximum pixels of an image, as sent and as resized; a pixel needs up to 7 bytes of"
                    + " the Java heap, a JPEG with several scans up to 6 more bytes outside it,"
                    + " a pixel of the graph's input 12 bytes in each")
            .number(IMAGE_PIXELS, 1, IMAGE_PIXELS_MOST),
        Execution.from(s));
  }

  private static long disk(Settings s) {
    long megabytes =
        s.of("MODEL_DISK_MB", "megabytes of the disk that keeps models from S3; 0: unknown")
            .number(0, 0, DISK_MEGABYTES_MAX);
    return megabytes == 0 ? Long.MAX_VALUE : megabytes << 20;
  }

  private static long bytesMax(Settings s, long disk) {
    long bytes =
        s.of(
                "MODEL_BYTES_MAX",
                "maximum total size of one model's files; 0: the disk for models from S3,"
                    + " else 1 GiB")
            .bytes(0, 0, BYTES_MAX);
    return bytes > 0 ? bytes : disk == Long.MAX_VALUE ? BYTES_DEFAULT : disk;
  }

  private static Optional<String> lock(Settings s) {
    String pin =
        s.of(
                "MODELS_LOCK",
                "the lock whose files alone are served; unset: `models.lock`, if it is there")
            .text("", PIN);
    if (!pin.matches("[0-9a-f]{32}|")) {
      throw Settings.wrong("MODELS_LOCK", pin, PIN);
    }
    return pin.isEmpty() ? Optional.empty() : Optional.of(pin);
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
                    + " first; 0: the function's memory, or no limit in a container")
            .bytes(0, 0, MEMORY_MAX);
    return bytes == 0 ? s.functionBytes().orElse(Long.MAX_VALUE) : bytes;
  }
}
