package dev.pilotlight.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.support.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolSettingsTest {

  @Test
  void theDefaultsAreLambdasLimits() {
    assertThat(ProtocolSettings.from(new Settings(Map.of())))
        .isEqualTo(new ProtocolSettings(6_291_456, 6_291_456, 65_536, UnknownFields.IGNORE));
  }

  @Test
  void everySettingIsRead() {
    Settings settings =
        new Settings(
            Map.of(
                "PILOTLIGHT_REQUEST_BYTES_MAX", "1024",
                "PILOTLIGHT_RESPONSE_BYTES_MAX", "20000",
                "PILOTLIGHT_GZIP_BYTES_MIN", "7",
                "PILOTLIGHT_UNKNOWN_FIELDS", "refuse"));
    assertThat(ProtocolSettings.from(settings))
        .isEqualTo(new ProtocolSettings(1024, 20_000, 7, UnknownFields.REFUSE));
    settings.refuseUnknown();
  }

  @ParameterizedTest
  @CsvSource({
    "REQUEST_BYTES_MAX, 1023",
    "REQUEST_BYTES_MAX, 6291457",
    "RESPONSE_BYTES_MAX, 0",
    "RESPONSE_BYTES_MAX, 6291457",
    "GZIP_BYTES_MIN, 0",
    "GZIP_BYTES_MIN, x",
    "UNKNOWN_FIELDS, allow",
  })
  void valueOutOfRangeIsRefused(String name, String value) {
    Settings settings = new Settings(Map.of(Settings.PREFIX + name, value));
    assertThatThrownBy(() -> ProtocolSettings.from(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(name, value, "accepted");
  }
}
