package dev.pilotlight.model;

import dev.pilotlight.support.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where models come from and what loading one may cost.
///
/// @param location a directory, or `s3://bucket/prefix`
/// @param defaultModel the model meant where a request names none
/// @param modelBytesMax the most that the files of one model version may add up to
/// @param threads intra-op threads of a session, unless the model's `pilotlight.json` says other
/// @param retryBackOff how long a failed load or listing is not repeated
/// @param cacheDirectory where models from S3 are kept; local disk
public record ModelSettings(
    String location,
    Optional<String> defaultModel,
    long modelBytesMax,
    int threads,
    Duration retryBackOff,
    Path cacheDirectory) {
  private static final long BYTES_DEFAULT = 1L << 30;
  private static final long BYTES_MAX = 10L << 30;
  static final int THREADS_MAX = 64;

  public static ModelSettings from(Settings s) {
    String location =
        s.text(
            "MODELS",
            "models",
            "a directory, or s3://bucket/prefix",
            "the model repository: `<name>/<version>/model.onnx` and the files beside it");
    String defaultModel =
        s.text(
            "DEFAULT_MODEL",
            "",
            "a model's name",
            "the model meant where a request names none; unset: the first by name");
    long bytesMax =
        s.bytes(
            "MODEL_BYTES_MAX",
            BYTES_DEFAULT,
            1,
            BYTES_MAX,
            "the most that the files of one model may add up to");
    int threads =
        (int)
            s.number(
                "MODEL_THREADS",
                1,
                1,
                THREADS_MAX,
                "threads inside one inference; several items run side by side anyway");
    Duration retry =
        s.millis(
            "MODEL_RETRY_MS",
            5_000,
            0,
            600_000,
            "how long a model that failed to load is not tried again");
    String cache =
        s.text(
            "MODEL_CACHE_DIR",
            "/tmp/pilotlight-models",
            "a directory",
            "where models from S3 are kept on local disk");
    if (location.isEmpty()) {
      throw Settings.wrong("MODELS", location, "a directory, or s3://bucket/prefix");
    }
    if (location.startsWith(S3Source.SCHEME) && !S3Source.isLocation(location)) {
      throw Settings.wrong("MODELS", location, "s3://bucket or s3://bucket/prefix");
    }
    return new ModelSettings(
        location,
        defaultModel.isEmpty() ? Optional.empty() : Optional.of(defaultModel),
        bytesMax,
        threads,
        retry,
        Path.of(cache));
  }
}
