package dev.pilotlight.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.e2e.JavaScriptClientsIT;
import dev.pilotlight.local.template.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The examples in `deploy`, read by the tools' own packages: the CDK synthesises its app, the
/// TypeScript compiler checks the queries for Grafana by its types, and HashiCorp's parser reads
/// the module for Terraform.
@Timeout(900)
@EnabledIfSystemProperty(named = JavaScriptClientsIT.SCRIPTS, matches = ".+")
final class JavaScriptDeployIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final List<String> PYTHONS = List.of("target/ci-venv/bin/python", "python3");
  private static final String TSC = "node_modules/typescript/bin/tsc";
  private static final String SCHEMA =
      "@grafana/schema/dist/esm/raw/composable/cloudwatch/dataquery/x/"
          + "CloudWatchDataQuery_types.gen";

  @Test
  void theCdkSynthesisesTheTranslatedTemplate() throws Exception {
    Path folder = folder("cdk");
    for (String file : List.of("app.ts", "tsconfig.json")) {
      Files.write(folder.resolve(file), Files.readAllBytes(Path.of("deploy", "cdk", file)));
    }
    translate();
    run(scripts(), Map.of(), "node", TSC, "-p", folder.toString(), "--outDir", folder + "/out");
    ObjectNode context = JSON.createObjectNode().put("target", TARGET.toString());
    Map<String, String> environment =
        Map.of("CDK_CONTEXT_JSON", context.toString(), "CDK_OUTDIR", folder + "/cdk.out");
    run(folder, environment, "node", "out/app.js");

    JsonNode expected = JSON.readTree(TARGET.resolve("deploy/template.json").toFile());
    JsonNode found = JSON.readTree(folder.resolve("cdk.out/pilotlight.template.json").toFile());
    assertThat(found.get("Resources").size()).isGreaterThan(100);
    assertThat(plain(found.get("Resources"))).isEqualTo(plain(withPlace(expected, found)));
    assertThat(found.get("Outputs")).isEqualTo(expected.get("Outputs"));
    assertThat(found.get("Parameters").has("CodeKey")).isFalse();

    Path other = TARGET.resolve("deploy/template.json");
    String text = Files.readString(other);
    Files.writeString(other, text.replaceFirst("(PackageSha256\": \")\\w{4}", "$1beef"));
    try {
      assertThat(status(folder, environment, "node", "out/app.js")).isNotZero();
    } finally {
      Files.writeString(other, text);
    }
  }

  @Test
  void grafanasTypesHaveEveryField() throws Exception {
    Path folder = folder("grafana");
    JsonNode dashboard = JSON.readTree(Path.of("deploy/grafana/pilotlight.json").toFile());
    JsonNode alerts = JSON.readTree(Path.of("deploy/grafana/alerts.json").toFile());
    ArrayNode metrics = JSON.createArrayNode();
    ArrayNode logs = JSON.createArrayNode();
    for (JsonNode panel : dashboard.get("panels")) {
      for (JsonNode target : panel.get("targets")) {
        (target.get("queryMode").asText().equals("Logs") ? logs : metrics).add(target);
      }
    }
    alerts.at("/groups/0/rules").forEach(rule -> metrics.add(rule.at("/data/0/model")));
    assertThat(metrics.size()).isGreaterThan(60);
    String source =
        """
        import type { Dashboard } from "@grafana/schema";
        import type { CloudWatchLogsQuery, CloudWatchMetricsQuery } from "%s";
        export const dashboard: Dashboard = %s;
        export const metrics: CloudWatchMetricsQuery[] = %s;
        export const logs: CloudWatchLogsQuery[] = %s;
        """
            .formatted(SCHEMA, dashboard, metrics, logs);
    assertThat(compiles(folder, source)).isZero();
    assertThat(compiles(folder, source.replace("\"metricName\"", "\"metric\""))).isNotZero();
  }

  @Test
  void hashiCorpsParserReadsTheModule() throws Exception {
    List<String> command = new ArrayList<>(List.of("node", "terraform.mjs"));
    for (String file : List.of("main.tf", "variables.tf", "outputs.tf")) {
      command.add(Path.of("deploy", "terraform", file).toAbsolutePath().toString());
    }
    JsonNode files = JSON.readTree(run(scripts(), Map.of(), command.toArray(String[]::new)));

    Map<?, ?> template = (Map<?, ?>) Yaml.read(Files.readString(Path.of("template.yaml")));
    JsonNode stack = files.at("/main.tf/resource/aws_cloudformation_stack/pilotlight/0");
    assertThat(stack.get("parameters").asText()).isEqualTo("${local.parameters}");
    assertThat(files.at("/variables.tf/locals/0/parameters"))
        .hasSize(((Map<?, ?>) Objects.requireNonNull(template.get("Parameters"))).size());
    assertThat(files.at("/outputs.tf/output"))
        .hasSize(((Map<?, ?>) Objects.requireNonNull(template.get("Outputs"))).size());
  }

  /// The TypeScript compiler's exit status.
  private static int compiles(Path folder, String source) throws Exception {
    Files.writeString(folder.resolve("grafana.ts"), source);
    Files.writeString(
        folder.resolve("tsconfig.json"),
        """
        {"compilerOptions": {"module": "nodenext", "target": "es2022", "strict": true,
         "noEmit": true, "skipLibCheck": true, "types": []}, "files": ["grafana.ts"]}
        """);
    return status(scripts(), Map.of(), "node", TSC, "-p", folder.toString());
  }

  private static void translate() throws Exception {
    Optional<String> python =
        PYTHONS.stream().filter(JavaScriptDeployIT::hasTranslator).findFirst();
    assumeTrue(python.isPresent(), "no Python has samtranslator");
    run(
        Path.of("").toAbsolutePath(),
        Map.of("PYTHONPATH", ".ci", "PYTHONDONTWRITEBYTECODE", "1"),
        python.orElseThrow(),
        "-m",
        "template",
        "fixed",
        "target/pilotlight.zip",
        "target/deploy/template.json");
  }

  private static boolean hasTranslator(String command) {
    try {
      return new ProcessBuilder(command, "-c", "import cfnlint, samtranslator, yaml")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The template's resources with the place of the package that the CDK gave them.
  private static JsonNode withPlace(JsonNode template, JsonNode found) {
    JsonNode resources = template.get("Resources").deepCopy();
    for (String function : List.of("ApiFunction", "BatchFunction")) {
      JsonNode place = found.at("/Resources/" + function + "/Properties/Code");
      assertThat(place.toString()).contains("cdk-").contains(".zip");
      ((ObjectNode) resources.at("/" + function + "/Properties")).set("Code", place);
    }
    return resources;
  }

  /// The resources as the CDK writes them: it sorts dependencies and puts a single one into a list,
  /// and writes a variable's number as text.
  private static Map<String, Object> plain(JsonNode resources) {
    Map<String, Object> plain = new TreeMap<>();
    for (var entry : resources.properties()) {
      ObjectNode resource = entry.getValue().deepCopy();
      JsonNode dependencies = resource.remove("DependsOn");
      Set<String> names = new TreeSet<>();
      if (dependencies != null && dependencies.isTextual()) {
        names.add(dependencies.asText());
      } else if (dependencies != null) {
        dependencies.forEach(name -> names.add(name.asText()));
      }
      plain.put(entry.getKey(), List.of(names, texts(resource)));
    }
    return plain;
  }

  private static Object texts(JsonNode value) {
    if (value.isObject()) {
      Map<String, Object> fields = new TreeMap<>();
      value.properties().forEach(it -> fields.put(it.getKey(), texts(it.getValue())));
      return fields;
    }
    if (value.isArray()) {
      List<Object> items = new ArrayList<>();
      value.forEach(item -> items.add(texts(item)));
      return items;
    }
    return value.asText();
  }

  private static Path scripts() {
    return Path.of(System.getProperty(JavaScriptClientsIT.SCRIPTS)).toAbsolutePath();
  }

  private static Path folder(String name) throws IOException {
    return Files.createDirectories(scripts().resolve("deploy").resolve(name));
  }

  private static String run(Path directory, Map<String, String> environment, String... command)
      throws Exception {
    Process process = start(directory, environment, command);
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s: %s", List.of(command), out).isZero();
    return out;
  }

  private static int status(Path directory, Map<String, String> environment, String... command)
      throws Exception {
    Process process = start(directory, environment, command);
    process.getInputStream().readAllBytes();
    return process.waitFor();
  }

  private static Process start(Path directory, Map<String, String> environment, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
