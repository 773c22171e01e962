package dev.pilotlight.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private enum Mode {
    REQUIRED,
    BEST_EFFORT
  }

  @Test
  void unsetSettingsHaveTheirDefault() {
    Settings settings = new Settings(Map.of());
    assertThat(settings.of("A", "").text("x", "any")).isEqualTo("x");
    assertThat(settings.of("B", "").number(7, 1, 9)).isEqualTo(7);
    assertThat(settings.of("C_MS", "").millis(5, 1, 9)).isEqualTo(Duration.ofMillis(5));
    assertThat(settings.of("D", "").oneOf(Mode.BEST_EFFORT)).isEqualTo(Mode.BEST_EFFORT);
  }

  @Test
  void setValuesAreRead() {
    Settings settings = new Settings(Map.of("PILOTLIGHT_B", " 9 ", "PILOTLIGHT_D", "best-effort"));
    assertThat(settings.of("B", "").number(7, 1, 9)).isEqualTo(9);
    assertThat(settings.of("D", "").oneOf(Mode.REQUIRED)).isEqualTo(Mode.BEST_EFFORT);
  }

  @Test
  void aSecretKeepsItsWhiteSpaceAndAnyOtherTextLosesIt() {
    Settings settings =
        new Settings(
            Map.of("PILOTLIGHT_A", " a b\t\n", "PILOTLIGHT_B", " a b\t\n", "PILOTLIGHT_C", " "));
    assertThat(settings.of("A", "").secret()).isEqualTo(" a b\t\n");
    assertThat(settings.of("B", "").text("", "")).isEqualTo("a b");
    assertThat(settings.of("C", "").secret()).isEqualTo(" ");
    assertThat(settings.of("D", "").secret()).isEmpty();
    settings.refuseUnknown();
  }

  @Test
  void aValueOutOfRangeNamesTheSettingAndTheRange() {
    for (String wrong : new String[] {"0", "10", "ten", "", "9.5", "99999999999999999999"}) {
      Settings settings = new Settings(Map.of("PILOTLIGHT_B", wrong));
      assertThatThrownBy(() -> settings.of("B", "").bytes(7, 1, 9))
          .hasMessageContaining("PILOTLIGHT_B is '" + wrong + "'")
          .hasMessageContaining("1–9 bytes");
    }
  }

  @Test
  void anUnknownChoiceNamesTheChoices() {
    Settings settings = new Settings(Map.of("PILOTLIGHT_D", "maybe"));
    assertThatThrownBy(() -> settings.of("D", "").oneOf(Mode.REQUIRED))
        .hasMessageContaining("one of required, best-effort");
  }

  @Test
  void unknownNameIsRefused() {
    Settings settings = new Settings(Map.of("PILOTLIGHT_STOER", "off", "HOME", "/"));
    settings.of("STORE", "").text("required", "");
    assertThatThrownBy(settings::refuseUnknown)
        .hasMessageContaining("unknown settings: PILOTLIGHT_STOER")
        .hasMessageContaining("PILOTLIGHT_STORE");
  }
}
