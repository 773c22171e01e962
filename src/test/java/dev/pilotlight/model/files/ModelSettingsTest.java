package dev.pilotlight.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.model.onnx.Execution;
import dev.pilotlight.support.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelSettingsTest {
  @Test
  void theDefaultsNeedNoEnvironment() {
    assertThat(ModelSettings.from(new Settings(Map.of())))
        .isEqualTo(
            new ModelSettings(
                "models",
                Optional.empty(),
                1L << 30,
                Long.MAX_VALUE,
                Optional.empty(),
                1,
                Duration.ofSeconds(5),
                Path.of("/tmp/pilotlight-models"),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Long.MAX_VALUE,
                25_000_000,
                Execution.CPU));
  }

  @Test
  void everySettingIsRead() {
    Settings settings =
        new Settings(
            Map.ofEntries(
                Map.entry("PILOTLIGHT_MODELS", "s3://bucket/some/prefix"),
                Map.entry("PILOTLIGHT_MODELS_LOCK", "0123456789abcdef0123456789abcdef"),
                Map.entry("PILOTLIGHT_DEFAULT_MODEL", "m"),
                Map.entry("PILOTLIGHT_MODEL_BYTES_MAX", "5"),
                Map.entry("PILOTLIGHT_MODEL_DISK_MB", "512"),
                Map.entry("PILOTLIGHT_MODEL_THREADS", "2"),
                Map.entry("PILOTLIGHT_MODEL_RETRY_MS", "7"),
                Map.entry("PILOTLIGHT_MODEL_CACHE_DIR", "/mnt/models"),
                Map.entry("PILOTLIGHT_MODEL_SETTLE_MS", "8"),
                Map.entry("PILOTLIGHT_MODEL_RELIST_MS", "9"),
                Map.entry("PILOTLIGHT_MODEL_MEMORY_BYTES_MAX", "10"),
                Map.entry("PILOTLIGHT_IMAGE_PIXELS_MAX", "1000")));

    assertThat(ModelSettings.from(settings))
        .isEqualTo(
            new ModelSettings(
                "s3://bucket/some/prefix",
                Optional.of("m"),
                5,
                512L << 20,
                Optional.of("0123456789abcdef0123456789abcdef"),
                2,
                Duration.ofMillis(7),
                Path.of("/mnt/models"),
                Duration.ofMillis(8),
                Duration.ofMillis(9),
                10,
                1000,
                Execution.CPU));
    settings.refuseUnknown();
  }

  @Test
  void theFunctionsMemoryIsTheLimitUnlessOneIsSet() {
    Settings settings = new Settings(Map.of("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769"));

    assertThat(ModelSettings.from(settings).memoryBytesMax()).isEqualTo(1769L << 20);
  }

  @Test
  void withoutALimitModelsFromTheBucketMayFillTheDisk() {
    Map<String, String> disk = Map.of("PILOTLIGHT_MODEL_DISK_MB", "2048");
    Map<String, String> bucket = new HashMap<>(disk);
    bucket.put("PILOTLIGHT_MODELS", "s3://bucket");

    assertThat(ModelSettings.from(new Settings(bucket)).modelBytesMax()).isEqualTo(2048L << 20);
    assertThat(ModelSettings.from(new Settings(disk)).modelBytesMax()).isEqualTo(1L << 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef"})
  void aPinThatIsNotOneIsRefused(String pin) {
    Settings settings = new Settings(Map.of("PILOTLIGHT_MODELS_LOCK", pin));

    assertThatThrownBy(() -> ModelSettings.from(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PILOTLIGHT_MODELS_LOCK is '" + pin + "'; accepted: 32 hex");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s3://", "s3://B", "s3:///prefix"})
  void aLocationThatIsNeitherDirectoryNorBucketIsRefused(String location) {
    Settings settings = new Settings(Map.of("PILOTLIGHT_MODELS", location));

    assertThatThrownBy(() -> ModelSettings.from(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PILOTLIGHT_MODELS");
  }
}
