package dev.pilotlight.handler.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pilotlight.support.Settings;
import dev.pilotlight.tenant.TenantSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServeSettingsTest {
  @Test
  void theDefaultsNeedNoEnvironment() {
    ServeSettings settings = ServeSettings.from(new Settings(Map.of()));
    assertThat(settings.host()).isEqualTo("0.0.0.0");
    assertThat(settings.port()).isEqualTo(8080);
    assertThat(settings.metricsPort()).isEqualTo(8002);
    assertThat(settings.receive()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.bodiesBytesMax()).isEqualTo(Runtime.getRuntime().maxMemory() / 4);
    assertThat(settings.corsOrigins()).isEmpty();
    assertThat(ServeSettings.isHttp(new Settings(Map.of()))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "SERVE_PORT,0",
    "SERVE_PORT,65536",
    "SERVE_METRICS_PORT,8080",
    "SERVE_THREADS,many",
    "SERVE_CONNECTIONS_MAX,0",
    "SERVE_IDLE_MS,1",
    "SERVE_HEAD_BYTES_MAX,10",
    "SERVE_DRAIN_MS,-1",
    "SERVE_CORS_ORIGINS,page",
    "SERVE_CORS_ORIGINS,https://App.example",
    "SERVE_CORS_ORIGINS,https://app.example:443",
    "SERVE_CORS_ORIGINS,http://app.example:80",
    "SERVE_CORS_ORIGINS,'*,https://app.example'",
    "SERVE_CORS_ORIGINS,https://a/path"
  })
  void aWrongValueIsRefusedByItsName(String name, String value) {
    Settings settings = new Settings(Map.of("PILOTLIGHT_" + name, value));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServeSettings.from(settings))
        .withMessageStartingWith("PILOTLIGHT_" + name + " is '" + value + "'; accepted: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "https://app.example, http://[::1]:8080", "http://a:443"})
  void originsAsBrowsersSendThemAreAccepted(String value) {
    Settings settings = new Settings(Map.of("PILOTLIGHT_SERVE_CORS_ORIGINS", value));
    assertThat(ServeSettings.from(settings).corsOrigins()).containsExactly(value.split(", ", -1));
  }

  @Test
  void anotherServerIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServeSettings.isHttp(new Settings(Map.of("PILOTLIGHT_SERVE", "grpc"))))
        .withMessage("PILOTLIGHT_SERVE is 'grpc'; accepted: lambda, http");
  }

  @ParameterizedTest
  @ValueSource(strings = {"principal", "cognito", "claim:sub"})
  void callersThatOnlyApiGatewayIdentifiesAreRefused(String from) {
    TenantSettings tenants =
        TenantSettings.from(new Settings(Map.of("PILOTLIGHT_TENANT_FROM", from)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServeSettings.requirePossible(tenants, false))
        .withMessageContaining("accepted: stack, key");
  }

  @Test
  void keysAreAcceptedAndTracesAreNot() {
    TenantSettings keys =
        TenantSettings.from(
            new Settings(Map.of("PILOTLIGHT_TENANT_FROM", "key", "PILOTLIGHT_AUTH", "keys")));
    assertThatCode(() -> ServeSettings.requirePossible(keys, false)).doesNotThrowAnyException();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServeSettings.requirePossible(keys, true))
        .withMessageContaining("X-Ray");
  }

  @Test
  void secretsOfADistributionAreRefusedBecauseProbesHaveNone() {
    TenantSettings edge =
        TenantSettings.from(
            new Settings(
                Map.of(
                    "PILOTLIGHT_TENANT_FROM", "key",
                    "PILOTLIGHT_AUTH", "keys",
                    "PILOTLIGHT_EDGE_SECRETS", "Sphinx0of1black2quartz3judge4my5vow")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServeSettings.requirePossible(edge, false))
        .withMessageStartingWith("PILOTLIGHT_EDGE_SECRETS");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AWS_ACCESS_KEY_ID",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
      })
  void aTokenOfAServiceAccountIsRefusedUnlessOtherCredentialsComeFirst(String other) {
    Map<String, String> token = Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServeSettings.requireCredentials(token))
        .withMessageStartingWith("AWS_WEB_IDENTITY_TOKEN_FILE");
    Map<String, String> both = new HashMap<>(token);
    both.put(other, "http://127.0.0.1");
    assertThatCode(() -> ServeSettings.requireCredentials(both)).doesNotThrowAnyException();
    assertThatCode(() -> ServeSettings.requireCredentials(Map.of())).doesNotThrowAnyException();
  }
}
