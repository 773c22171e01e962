package dev.pilotlight.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.support.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EdgeSettingsTest {
  private static final String SECRET = "Sphinx0of1black2quartz3judge4my5vow";
  private static final String OTHER = SECRET + "6";

  @Test
  void withoutSecretsThereIsNoDistribution() {
    assertThat(EdgeSettings.from(new Settings(Map.of()))).isNull();
  }

  @Test
  void oneSecretOrTwoAreRead() {
    assertThat(edge(SECRET)).isEqualTo(new EdgeSettings(List.of(SECRET), minutes(5)));
    assertThat(edge(SECRET + ", " + OTHER).secrets()).containsExactly(SECRET, OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "short",
        SECRET + ",",
        "," + SECRET,
        SECRET + "," + SECRET + "," + SECRET,
        SECRET + "-",
        SECRET + "ö",
        SECRET + " " + SECRET,
      })
  void anythingElseIsRefusedWithoutShowingIt(String text) {
    assertThatThrownBy(() -> edge(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PILOTLIGHT_EDGE_SECRETS")
        .message()
        .doesNotContain("Sphinx", "short,");
  }

  @Test
  void secretsNeedKeys() {
    Settings settings = new Settings(Map.of("PILOTLIGHT_EDGE_SECRETS", SECRET));
    assertThatThrownBy(() -> TenantSettings.from(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PILOTLIGHT_AUTH");
  }

  @Test
  void secondsNeedSecrets() {
    Settings settings = new Settings(Map.of("PILOTLIGHT_EDGE_SECONDS", "60"));
    assertThatThrownBy(() -> TenantSettings.from(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("PILOTLIGHT_EDGE_SECONDS is set without PILOTLIGHT_EDGE_SECRETS");
  }

  private static EdgeSettings edge(String secrets) {
    Map<String, String> settings = new HashMap<>();
    settings.put("PILOTLIGHT_EDGE_SECRETS", secrets);
    settings.put("PILOTLIGHT_AUTH", "keys");
    settings.put("PILOTLIGHT_TENANT_FROM", "key");
    TenantSettings.Keys keys =
        Objects.requireNonNull(TenantSettings.from(new Settings(settings)).keys());
    return Objects.requireNonNull(keys.edge());
  }

  private static Duration minutes(int minutes) {
    return Duration.ofMinutes(minutes);
  }
}
