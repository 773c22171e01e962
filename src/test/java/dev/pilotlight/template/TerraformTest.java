package dev.pilotlight.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.local.template.Yaml;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `deploy/terraform` has the template's parameters and outputs; `-Ddocs.write=true` writes them.
/// Where `terraform` is on the path, it checks the format, and evaluates the variables.
final class TerraformTest {
  private static final Path MODULE = Path.of("deploy", "terraform");
  private static final String VARIABLES = "variables.tf";

  private static Map<?, ?> root = Map.of();
  private static TerraformFiles files = new TerraformFiles(root);

  @BeforeAll
  static void readTheTemplate() throws IOException {
    root = Watching.map(Yaml.read(Files.readString(Path.of("template.yaml"))));
    files = new TerraformFiles(root);
  }

  @Test
  void variablesAreTheTemplatesParameters() throws IOException {
    assertFile(VARIABLES, files.variables());
  }

  @Test
  void outputsAreTheTemplatesOutputs() throws IOException {
    assertFile("outputs.tf", files.outputs());
  }

  @Test
  void aChangedTemplateMakesOtherFiles() throws IOException {
    String template = Files.readString(Path.of("template.yaml"));
    Map<String, String> changes =
        Map.of(
            "Default: 1769", "Default: 1770",
            "  MemorySize:\n", "  MemoryMegabytes:\n",
            "  InBucket:\n", "  InputBucket:\n");
    for (String from : changes.keySet()) {
      assertThat(template).contains(from);
      String other =
          template.replaceFirst(Pattern.quote(from), Objects.requireNonNull(changes.get(from)));
      TerraformFiles changed = new TerraformFiles(Watching.map(Yaml.read(other)));
      assertThat(changed.variables() + changed.outputs())
          .as(from)
          .isNotEqualTo(files.variables() + files.outputs());
    }
  }

  @Test
  void theModuleReplacesThePackagesPlaceInTheTemplate() throws IOException {
    String place = "CodeUri: target/pilotlight.zip";
    assertThat(Files.readString(Path.of("template.yaml")).split(place, -1)).hasSize(2);
    String module = Files.readString(MODULE.resolve("main.tf"));
    assertThat(module).contains('"' + place + '"');
    // each reference is to something that the module declares
    String all = module + files.variables();
    for (String kind : List.of("var", "local")) {
      Pattern.compile("\\b%s\\.([a-z_]+)".formatted(kind))
          .matcher(module)
          .results()
          .map(found -> found.group(1))
          .forEach(
              name ->
                  assertThat(all)
                      .containsPattern(
                          kind.equals("var")
                              ? "(?m)^variable \"%s\"".formatted(name)
                              : "(?m)^  %s +=".formatted(name)));
    }
  }

  @Test
  void patternsAreThoseOfTerraformToo() {
    // RE2 has no look-around; can(regex(...)) would refuse every value
    assertThat(files.variables()).contains("regex(").doesNotContain("(?=", "(?!", "(?<");
  }

  @Test
  void theModuleWaitsAsLongAsTheSlowestDeploymentTakes() throws IOException {
    Matcher update =
        Pattern.compile("update = \"(\\d+)m\"")
            .matcher(Files.readString(MODULE.resolve("main.tf")));
    assertThat(update.find()).isTrue();
    // CodeDeploy: 10 steps of 10 minutes, and the time for the other resources
    assertThat(files.variables()).contains("Linear10PercentEvery10Minutes");
    assertThat(Integer.parseInt(update.group(1))).isGreaterThanOrEqualTo(10 * 10 + 60);
  }

  @Test
  void terraformFindsNothingToFormat() throws Exception {
    assumeTrue(hasTerraform(), "there is no terraform");
    assertThat(terraform(MODULE, "fmt", "-check", "-diff", ".")).isEmpty();
  }

  @Test
  void terraformEvaluatesTheDefaultsToThoseOfTheTemplate(@TempDir Path directory) throws Exception {
    assumeTrue(hasTerraform(), "there is no terraform");
    Files.copy(MODULE.resolve(VARIABLES), directory.resolve(VARIABLES));
    Files.writeString(
        directory.resolve("main.tf"), "output \"parameters\" {\n  value = local.parameters\n}\n");
    terraform(directory, "init", "-backend=false");
    terraform(directory, "apply", "-auto-approve", "-var", "bucket=code");
    JsonNode values =
        new ObjectMapper().readTree(terraform(directory, "output", "-json", "parameters"));

    Map<String, String> found = new LinkedHashMap<>();
    values.properties().forEach(entry -> found.put(entry.getKey(), entry.getValue().asText()));
    Map<String, String> standard = new LinkedHashMap<>();
    Watching.map(root.get("Parameters"))
        .forEach(
            (name, value) ->
                standard.put(
                    (String) name, String.valueOf(Watching.map(value).get("Default")).strip()));
    assertThat(found).containsExactlyInAnyOrderEntriesOf(standard);

    for (String wrong : List.of("memory_size=1", "alert_email=nobody")) {
      List<String> command = List.of("plan", "-var", "bucket=code", "-var", wrong);
      assertThat(run(directory, command)).as(wrong).isNotZero();
    }
    assertThat(
            run(
                directory,
                List.of("plan", "-var", "bucket=code", "-var", "alert_email=a@b.example")))
        .isZero();
  }

  private static void assertFile(String name, String expected) throws IOException {
    Path file = MODULE.resolve(name);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(file, expected);
    }
    assertThat(file).as("-Ddocs.write=true writes %s", file).hasContent(expected);
  }

  private static boolean hasTerraform() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "terraform")));
  }

  private static String terraform(Path directory, String... arguments) throws Exception {
    Process process = start(directory, List.of(arguments));
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s: %s", List.of(arguments), out).isZero();
    return out;
  }

  private static int run(Path directory, List<String> arguments) throws Exception {
    Process process = start(directory, arguments);
    process.getInputStream().readAllBytes();
    return process.waitFor();
  }

  private static Process start(Path directory, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("terraform"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("CHECKPOINT_DISABLE", "1");
    builder.environment().put("TF_IN_AUTOMATION", "1");
    // ignores the machine's configuration, which may name an unreachable mirror
    builder.environment().remove("TF_CLI_CONFIG_FILE");
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
