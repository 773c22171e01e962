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
  void whatIsNotSetHasItsDefault() {
    Settings settings = new Settings(Map.of());
    assertThat(settings.text("A", "x", "any", "")).isEqualTo("x");
    assertThat(settings.number("B", 7, 1, 9, "")).isEqualTo(7);
    assertThat(settings.millis("C_MS", 5, 1, 9, "")).isEqualTo(Duration.ofMillis(5));
    assertThat(settings.oneOf("D", Mode.BEST_EFFORT, "")).isEqualTo(Mode.BEST_EFFORT);
  }

  @Test
  void whatIsSetIsRead() {
    Settings settings = new Settings(Map.of("PILOTLIGHT_B", " 9 ", "PILOTLIGHT_D", "best-effort"));
    assertThat(settings.number("B", 7, 1, 9, "")).isEqualTo(9);
    assertThat(settings.oneOf("D", Mode.REQUIRED, "")).isEqualTo(Mode.BEST_EFFORT);
  }

  @Test
  void aSecretKeepsItsWhiteSpaceAndAnyOtherTextLosesIt() {
    Settings settings =
        new Settings(
            Map.of("PILOTLIGHT_A", " a b\t\n", "PILOTLIGHT_B", " a b\t\n", "PILOTLIGHT_C", " "));
    assertThat(settings.secret("A", "")).isEqualTo(" a b\t\n");
    assertThat(settings.text("B", "", "", "")).isEqualTo("a b");
    assertThat(settings.secret("C", "")).isEqualTo(" ");
    assertThat(settings.secret("D", "")).isEmpty();
    settings.refuseUnknown();
  }

  @Test
  void aValueOutOfRangeNamesTheSettingAndTheRange() {
    for (String wrong : new String[] {"0", "10", "ten", "", "9.5", "99999999999999999999"}) {
      Settings settings = new Settings(Map.of("PILOTLIGHT_B", wrong));
      assertThatThrownBy(() -> settings.bytes("B", 7, 1, 9, ""))
          .hasMessageContaining("PILOTLIGHT_B is '" + wrong + "'")
          .hasMessageContaining("1–9 bytes");
    }
  }

  @Test
  void anUnknownChoiceNamesTheChoices() {
    Settings settings = new Settings(Map.of("PILOTLIGHT_D", "maybe"));
    assertThatThrownBy(() -> settings.oneOf("D", Mode.REQUIRED, ""))
        .hasMessageContaining("one of required, best-effort");
  }

  @Test
  void aNameThatNobodyReadsIsRefused() {
    Settings settings = new Settings(Map.of("PILOTLIGHT_STOER", "off", "HOME", "/"));
    settings.text("STORE", "required", "", "");
    assertThatThrownBy(settings::refuseUnknown)
        .hasMessageContaining("unknown settings: PILOTLIGHT_STOER")
        .hasMessageContaining("PILOTLIGHT_STORE");
  }
}
