package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.local.support.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OptionsTest {
  @Test
  void withoutOptionsEverythingHasItsUsualPort() {
    assertThat(ports(Options.from(new Properties()))).containsExactly(3000, 3001, 6379, 8000, 9000);
  }

  @Test
  void emptyOptionHasItsDefault() {
    Properties given = new Properties();
    given.setProperty("pilotlight.gateway.port", "");
    given.setProperty("pilotlight.redis.port", "16379");
    assertThat(ports(Options.from(given))).containsExactly(3000, 3001, 16379, 8000, 9000);
    assertThat(ports(Options.onFreePortsUnlessIn(given))).containsExactly(0, 0, 16379, 0, 0);
  }

  private static List<Integer> ports(Options options) {
    return Option.PORTS.stream().map(options::port).toList();
  }

  @Test
  void wrongOptionIsReportedInOneLineWithTheAcceptedValues() {
    Properties given = new Properties();
    given.setProperty("pilotlight.s3.port", "many");
    assertThatThrownBy(() -> Options.from(given))
        .hasMessage("-Dpilotlight.s3.port is 'many'; accepted: 0–65535");
    given.remove("pilotlight.s3.port");
    given.setProperty("pilotlight.logs", "loud");
    assertThatThrownBy(() -> Options.from(given))
        .hasMessage("-Dpilotlight.logs is 'loud'; accepted: warn, all, off");
  }

  @Test
  void dataAreKeptUnlessMemoryIsChosenOrAFileIsAnswered() {
    Properties given = new Properties();
    assertThat(Options.from(given).data()).contains(Path.of(".pilotlight").toAbsolutePath());
    assertThat(Options.onFreePortsUnlessIn(given).data()).isEmpty();
    given.setProperty("pilotlight.data", "some/where");
    given.setProperty("pilotlight.reset", "true");
    assertThat(Options.from(given).data()).contains(Path.of("some/where").toAbsolutePath());
    assertThat(Options.from(given).reset()).isTrue();
    assertThat(Options.onFreePortsUnlessIn(given).data()).isPresent();
    given.setProperty("pilotlight.data", "memory");
    assertThatThrownBy(() -> Options.from(given))
        .hasMessage("-Dpilotlight.reset has nothing to empty with -Dpilotlight.data=memory");
    given.remove("pilotlight.reset");
    assertThat(Options.from(given).data()).isEmpty();
    given.setProperty("pilotlight.reset", "maybe");
    assertThatThrownBy(() -> Options.from(given))
        .hasMessage("-Dpilotlight.reset is 'maybe'; accepted: no value, true or false");
  }

  @Test
  void presetIsProductionUnlessAnotherIsGivenOrTheTemplateHasNone(@TempDir Path directory)
      throws IOException {
    Options options = Options.from(new Properties());
    assertThat(options.preset()).contains("production");
    assertThat(options.template().usesRedis()).isTrue();
    assertThat(options.withPreset("starter").template().usesRedis()).isFalse();
    assertThatThrownBy(() -> options.withPreset("large").template())
        .hasMessage("samconfig.toml has no preset 'large'; accepted: starter, production, busy");

    Path alone = Files.copy(Path.of("template.yaml"), directory.resolve("template.yaml"));
    assertThat(options.withTemplate(alone).preset()).isEmpty();
    assertThat(options.withTemplate(alone).template().usesRedis()).isFalse();
    Options missing = options.withTemplate(alone).withPreset("busy");
    assertThatThrownBy(missing::template).hasMessageStartingWith("there is no ");
  }

  @Test
  void modelsAreADirectoryOrAPrefixInS3() {
    Properties given = new Properties();
    given.setProperty("pilotlight.models", "s3://models/some/prefix");
    assertThat(Options.from(given).models()).isEqualTo("s3://models/some/prefix");
    assertThat(ModelPlace.bucket("s3://models/some/prefix")).contains("models");
    assertThat(ModelPlace.bucket("/a/directory")).isEmpty();
    given.setProperty("pilotlight.models", "s3://Not_A_Bucket/x");
    assertThatThrownBy(() -> Options.from(given))
        .hasMessage(
            "-Dpilotlight.models is 's3://Not_A_Bucket/x'; accepted: a directory, or"
                + " s3://bucket/prefix");
    given.setProperty("pilotlight.models", "");
    given.setProperty("pilotlight.package", "a/package");
    Path own = Path.of("a/package/models").toAbsolutePath();
    assertThat(Options.from(given).models()).isEqualTo(own.toString());
    given.setProperty("pilotlight.models", "elsewhere");
    assertThat(Options.from(given).models())
        .isEqualTo(Path.of("elsewhere").toAbsolutePath().toString());
  }

  @ParameterizedTest
  @EnumSource
  void buildPassesEachOptionOn(Option option) throws IOException {
    String name = option.optionName();
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<argument>-D" + name + "=${" + name + "}</argument>")
        .contains("<" + name + "/>");
  }

  @Test
  void directoryWithoutAModelIsReportedInOneLine() {
    assertThatThrownBy(() -> ModelPlace.firstModel(Path.of("events")))
        .hasMessageContaining("no model in events: put one at <name>/<version>/model.onnx")
        .hasMessageContaining("-Dpilotlight.models=");
    assertThat(ModelPlace.firstModel(Path.of("models"))).isEqualTo("all-minilm-l6-v2");
  }
}
