package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.local.support.Option;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GivenOptionsTest {

  @ParameterizedTest
  @CsvSource({
    "pilotlight.gatway.port, pilotlight.gateway.port",
    "pilotlight.port, pilotlight.s3.port",
    "pilotlight.model, pilotlight.models",
    "pilotlight.dir, pilotlight.data",
    "piloltight.logs, pilotlight.logs",
    "gateway.port, pilotlight.gateway.port",
    "pilotlight.gateway-port, pilotlight.gateway.port",
    "batch.ouput, batch.output",
    "batch.out, batch.output",
    "bacth, batch"
  })
  void mistypedNameIsRefusedWithTheNearestOne(String name, String nearest) {
    assertThatThrownBy(() -> GivenOptions.refuseUnknown(given(name)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "-D%s is not an option; did you mean -D%s? Options: ".formatted(name, nearest))
        .hasMessageContaining("pilotlight.redis.port");
  }

  @ParameterizedTest
  @EnumSource
  void everyOptionIsAccepted(Option option) {
    assertThatCode(() -> GivenOptions.refuseUnknown(given(option.optionName())))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"skipTests", "maven.repo.local", "pilotlight.architecture", "style.color"})
  void optionsOfMavenAndOfTheBuildAreAccepted(String name) {
    assertThatCode(() -> GivenOptions.refuseUnknown(given(name))).doesNotThrowAnyException();
  }

  private static Properties given(String name) {
    Properties given = new Properties();
    given.setProperty(GivenOptions.ALL, "{user.x=a b, %s=1, other=2}".formatted(name));
    return given;
  }
}
