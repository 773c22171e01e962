package dev.pilotlight.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.support.Settings;
import java.nio.file.Path;
import java.time.Duration;
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
                1,
                Duration.ofSeconds(5),
                Path.of("/tmp/pilotlight-models"),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Long.MAX_VALUE));
  }

  @Test
  void everySettingIsRead() {
    Settings settings =
        new Settings(
            Map.of(
                "PILOTLIGHT_MODELS", "s3://bucket/some/prefix",
                "PILOTLIGHT_DEFAULT_MODEL", "m",
                "PILOTLIGHT_MODEL_BYTES_MAX", "5",
                "PILOTLIGHT_MODEL_THREADS", "2",
                "PILOTLIGHT_MODEL_RETRY_MS", "7",
                "PILOTLIGHT_MODEL_CACHE_DIR", "/mnt/models",
                "PILOTLIGHT_MODEL_SETTLE_MS", "8",
                "PILOTLIGHT_MODEL_RELIST_MS", "9",
                "PILOTLIGHT_MODEL_MEMORY_BYTES_MAX", "10"));

    assertThat(ModelSettings.from(settings))
        .isEqualTo(
            new ModelSettings(
                "s3://bucket/some/prefix",
                Optional.of("m"),
                5,
                2,
                Duration.ofMillis(7),
                Path.of("/mnt/models"),
                Duration.ofMillis(8),
                Duration.ofMillis(9),
                10));
    settings.refuseUnknown();
  }

  @Test
  void theFunctionsMemoryIsTheLimitUnlessOneIsSet() {
    Settings settings = new Settings(Map.of("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769"));

    assertThat(ModelSettings.from(settings).memoryBytesMax()).isEqualTo(1769L << 20);
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
