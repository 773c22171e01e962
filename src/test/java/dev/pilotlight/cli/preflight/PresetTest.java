package dev.pilotlight.cli.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Presets as `pilotlight preflight` reads them.
public final class PresetTest {
  @Test
  void theProjectsOwnFilesAreRead() throws Exception {
    List<Preset> presets = Preset.all(Path.of("samconfig.toml"), Path.of("template.yaml"));

    assertThat(presets).extracting(Preset::name).startsWith("default").contains("production");
    Map<String, String> starter = presets.getFirst().values();
    assertThat(starter)
        .containsEntry("Runtime", "provided.al2023")
        .containsEntry("Architecture", "x86_64")
        .containsEntry("ReservedConcurrency", "-1")
        .containsEntry("ModelsLock", "")
        .containsEntry("CostAnomalyMonitor", "false");
    String template = Files.readString(Path.of("template.yaml"));
    int from = template.indexOf("\nParameters:\n");
    String parameters = template.substring(from, template.indexOf("\nRules:\n"));
    long types = parameters.lines().filter(line -> line.startsWith("    Type: ")).count();
    assertThat(starter).hasSize((int) types);
    Preset production =
        presets.stream().filter(each -> each.name().equals("production")).findFirst().orElseThrow();
    assertThat(production.stack()).contains("pilotlight-production");
    assertThat(production.values()).containsEntry("StartMode", "provisioned");
  }

  @Test
  void bothFormsOfOverridesAreRead(@TempDir Path root) throws Exception {
    Path file =
        Files.writeString(
            root.resolve("samconfig.toml"),
            """
            version = 0.1
            [default.deploy.parameters] # of sam deploy --guided
            stack_name = "a # b"
            region = 'eu-north-1'
            parameter_overrides = "Auth=\\"jwt\\" JwtIssuer=\\"https://x/#y\\" Release=2"
            [busy.deploy.parameters]
            parameter_overrides = ["Auth=iam", 'Release="with space"']
            [busy.deploy.other]
            confirm = false
            """);

    Map<String, SamConfig.Table> presets = SamConfig.read(file).presets();

    assertThat(presets)
        .containsEntry(
            "default",
            new SamConfig.Table(
                Optional.of("a # b"),
                Optional.of("eu-north-1"),
                Map.of("Auth", "jwt", "JwtIssuer", "https://x/#y", "Release", "2")))
        .containsEntry(
            "busy",
            new SamConfig.Table(
                Optional.empty(), Optional.empty(), Map.of("Auth", "iam", "Release", "with space")))
        .hasSize(2);
  }
}
