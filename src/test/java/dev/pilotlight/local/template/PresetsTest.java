package dev.pilotlight.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PresetsTest {
  private static final Path TEMPLATE = Path.of("template.yaml");
  private static final String WRITTEN =
      """
      version = 0.1 # of SAM
      [default.deploy.parameters]
      stack_name = "pilotlight" # not "parameters"
      parameter_overrides = [
        # "AlertEmail=you@example.com",
        "Cache=none", # no "cache"
        "BudgetTag=user:service$a#b", "Up=\\"cron(0 8 ? * MON *)\\"",
        'Down="cron(0 18 ? * MON *)"' # literal
      ]
      [production.deploy.parameters]
      parameter_overrides = "Cache=\\"create\\" StartMode=\\"provisioned\\" Ids=a,b"
      [production.build.parameters]
      parameter_overrides = ["Cache=existing"]
      [bare.deploy.parameters]
      stack_name = "bare"
      """;

  private final Presets ours = Presets.read(Path.of(Presets.FILE));

  @Test
  void readsListsAndTheTextThatGuidedWrites() {
    Presets presets = Presets.parse(WRITTEN);
    assertThat(presets.parameters("starter"))
        .isEqualTo(
            Map.of(
                "Cache", "none",
                "BudgetTag", "user:service$a#b",
                "Up", "cron(0 8 ? * MON *)",
                "Down", "cron(0 18 ? * MON *)"));
    assertThat(presets.parameters("production"))
        .isEqualTo(Map.of("Cache", "create", "StartMode", "provisioned", "Ids", "a,b"));
    assertThat(presets.parameters("bare")).isEmpty();
  }

  @Test
  void unknownPresetIsReportedInOneLineWithTheOthers() {
    assertThatThrownBy(() -> ours.parameters("large"))
        .hasMessage("samconfig.toml has no preset 'large'; accepted: starter, production, busy");
    assertThatThrownBy(() -> Presets.read(Path.of("src", Presets.FILE)))
        .hasMessageStartingWith("there is no ")
        .hasMessageEndingWith(Presets.FILE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ Cache = \"create\" }",
        "[\"Cache=create\", 5]",
        "[\"Cache\"]",
        "[\"Up=cron(0 8 ?)\"]",
        "\"\"\"Cache=create\"\"\""
      })
  void unknownFormIsRefusedInOneLine(String value) {
    String text = "[staging.deploy.parameters]\nparameter_overrides = " + value + "\n";
    assertThatThrownBy(() -> Presets.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("samconfig.toml is not understood; accepted: ");
  }

  @ParameterizedTest
  @CsvSource({
    "starter, off, 3008",
    "production, rediss+cluster, 3538",
    "busy, rediss+cluster, 3538"
  })
  void templateHasThePresetsCacheAndMemory(String preset, String redis, int batchMemory) {
    Template template = Template.read(TEMPLATE, ours.parameters(preset));
    assertThat(template.functions())
        .hasSize(2)
        .allSatisfy(f -> assertThat(f.variables().get(Template.REDIS)).startsWith(redis));
    assertThat(template.usesRedis()).isEqualTo(!redis.equals("off"));
    assertThat(template.functions().getLast().memoryMb()).isEqualTo(batchMemory);
  }

  @Test
  void starterIsTheTemplatesDefaults() {
    Template starter = Template.read(TEMPLATE, ours.parameters("starter"));
    assertThat(starter.functions()).isEqualTo(Template.read(TEMPLATE).functions());
  }

  @Test
  void unknownParameterOrValueIsReportedInOneLine() {
    assertThatThrownBy(() -> Template.read(TEMPLATE, Map.of("Cash", "none")))
        .hasMessage("template.yaml cannot be used: it has no parameter Cash");
    assertThatThrownBy(() -> Template.read(TEMPLATE, Map.of("Cache", "some")))
        .hasMessage(
            "template.yaml cannot be used: its parameter Cache is 'some';"
                + " accepted: create, existing, none");
  }
}
