package dev.pilotlight.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.support.Metric;
import dev.pilotlight.support.Metric.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `deploy/grafana` has the panels and thresholds of the template; `-Ddocs.write=true` writes it.
final class GrafanaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Path.of("deploy", "grafana");
  private static final Map<String, Source> FUNCTIONS =
      Map.of(
          "${api}",
          Source.API,
          "${batch}",
          Source.BATCH,
          "$PILOTLIGHT_API_FUNCTION",
          Source.API,
          "$PILOTLIGHT_BATCH_FUNCTION",
          Source.BATCH);
  private static final Set<String> TIERS = Set.of("memory", "redis", "dynamodb", "run", "none");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z_]+)\\b");

  private static String template = "";
  private static ObjectNode dashboard = JSON.createObjectNode();
  private static ObjectNode alerts = JSON.createObjectNode();

  @BeforeAll
  static void make() throws IOException {
    template = Files.readString(Path.of("template.yaml"));
    dashboard = GrafanaDashboard.of(template);
    alerts = GrafanaAlerts.of(template);
  }

  @Test
  void filesAreThoseOfTheTemplate() throws IOException {
    assertFile("pilotlight.json", dashboard);
    assertFile("alerts.json", alerts);
  }

  @Test
  void aChangedTemplateMakesOtherFiles() {
    assertThat(GrafanaDashboard.of(template.replace("\"StoreTime\"", "\"LoadTime\"")))
        .isNotEqualTo(dashboard);
    assertThat(GrafanaAlerts.of(template.replace("Threshold: 3\n", "Threshold: 4\n")))
        .isNotEqualTo(alerts);
  }

  @Test
  void everyQueryIsOfAMetricThatIsWritten() {
    assertThat(metrics()).hasSizeGreaterThan(60);
    assertThat(metrics().stream().filter(it -> !isKnown(it))).isEmpty();
  }

  @Test
  void aMetricThatNobodyWritesIsFound() {
    ObjectNode query = (ObjectNode) metrics().getFirst().deepCopy();
    assertThat(isKnown(query)).isTrue();
    assertThat(isKnown(query.deepCopy().put("metricName", "Other"))).isFalse();
    ObjectNode other = query.deepCopy();
    ((ObjectNode) other.get("dimensions")).put("Other", "x");
    assertThat(isKnown(other)).isFalse();
  }

  @Test
  void everyMetricHasAQuery() {
    for (Metric metric : Metric.values()) {
      for (Source source : Source.values()) {
        for (List<String> dimensions : metric.dimensions(source)) {
          if (!dimensions.contains(Metric.VERSION)) {
            assertThat(metrics())
                .as("%s of %s", metric, source)
                .anyMatch(
                    it ->
                        it.get("metricName").asText().equals(metric.wireName())
                            && names(it).equals(new TreeSet<>(dimensions))
                            && FUNCTIONS.get(it.at("/dimensions/FunctionName").asText()) == source);
          }
        }
      }
    }
  }

  @Test
  void expressionsReferToQueriesOfTheirPanel() {
    int expressions = 0;
    for (JsonNode panel : dashboard.get("panels")) {
      Set<String> ids = new TreeSet<>();
      panel.get("targets").forEach(target -> ids.add(target.get("id").asText()));
      assertThat(ids).as(panel.get("title").asText()).hasSize(panel.get("targets").size());
      for (JsonNode target : panel.get("targets")) {
        String expression = target.path("expression").asText();
        if ("Metrics".equals(target.get("queryMode").asText()) && !expression.contains("SEARCH(")) {
          Pattern.compile("(?<!\\w)[a-z]\\w*")
              .matcher(expression)
              .results()
              .forEach(found -> assertThat(ids).contains(found.group()));
          expressions += expression.isEmpty() ? 0 : 1;
        }
      }
    }
    assertThat(expressions).isGreaterThan(5);
  }

  @Test
  void logsQueriesNameFieldsOfTheirLines() {
    List<String> texts =
        targets().stream()
            .filter(it -> "Logs".equals(it.get("queryMode").asText()))
            .map(it -> it.get("expression").asText())
            .toList();
    Set<String> saved =
        new Watching(template)
            .ofType("AWS::Logs::QueryDefinition").values().stream()
                .map(it -> String.valueOf(it.get("QueryString")).strip())
                .collect(Collectors.toSet());
    assertThat(texts).hasSize(5);
    // SavedQueriesTest checks the fields of the template's queries
    assertThat(texts).filteredOn(it -> !saved.contains(it)).containsExactly(batches());
    assertThat(SavedQueriesTest.unknownOfOurs(batches())).containsExactly("Ending");
  }

  @Test
  void everyVariableIsDeclared() {
    Set<String> declared = new TreeSet<>();
    dashboard.at("/templating/list").forEach(it -> declared.add(it.get("name").asText()));
    VARIABLE
        .matcher(dashboard.toString())
        .results()
        .forEach(found -> assertThat(declared).contains(found.group(1)));
    assertThat(declared).contains("datasource", "region", "stack", "api", "batch");
  }

  @Test
  void panelsDoNotOverlap() {
    List<Watching.Place> places = new ArrayList<>();
    for (JsonNode panel : dashboard.get("panels")) {
      JsonNode at = panel.get("gridPos");
      Watching.Place place =
          new Watching.Place(
              at.get("x").asInt(), at.get("y").asInt(), at.get("w").asInt(), at.get("h").asInt());
      assertThat(place.x() + place.width()).isLessThanOrEqualTo(24);
      assertThat(places).noneMatch(place::overlaps);
      places.add(place);
    }
  }

  @Test
  void pageNamesTheAlertsAndTheirVariables() throws IOException {
    String page = Files.readString(Path.of("docs", "operate.md"));
    for (String name : GrafanaAlerts.variables(alerts.toString())) {
      assertThat(page).contains("`" + name + "`");
    }
    for (JsonNode rule : alerts.at("/groups/0/rules")) {
      assertThat(page).contains("`" + rule.get("title").asText() + "`");
    }
  }

  /// CloudWatch's alarm counts the periods over its threshold, so the rule has to: one value, such
  /// as the last, is that of a running period.
  @Test
  void ruleOfSeveralPeriodsCountsThoseOverTheThreshold() {
    Watching watching = new Watching(template);
    int counting = 0;
    for (JsonNode rule : alerts.at("/groups/0/rules")) {
      Map<?, ?> alarm = watching.ofType("AWS::CloudWatch::Alarm").get(rule.get("title").asText());
      if (alarm != null && isOfSeveralPeriods(alarm)) {
        assertThat(rule.at("/data/1/model/expression").asText())
            .matches("\\$\\$A >=? " + alarm.get("Threshold"));
        assertThat(rule.at("/data/2/model/reducer").asText()).isEqualTo("sum");
        assertThat(rule.at("/data/3/model/expression").asText())
            .isEqualTo("$$S >= " + alarm.get("DatapointsToAlarm"));
        assertThat(rule.at("/data/0/relativeTimeRange/from").asInt())
            .isEqualTo(number(alarm, "Period") * number(alarm, "EvaluationPeriods"));
        counting++;
      }
    }
    assertThat(counting).isEqualTo(2);
  }

  private static boolean isOfSeveralPeriods(Map<?, ?> alarm) {
    return alarm.containsKey("DatapointsToAlarm") && number(alarm, "DatapointsToAlarm") > 1;
  }

  private static int number(Map<?, ?> alarm, String key) {
    return Integer.parseInt(String.valueOf(alarm.get(key)));
  }

  private static String batches() {
    return GrafanaDashboard.BATCHES.strip();
  }

  private static List<JsonNode> targets() {
    List<JsonNode> targets = new ArrayList<>();
    dashboard.get("panels").forEach(panel -> panel.get("targets").forEach(targets::add));
    for (JsonNode rule : alerts.at("/groups/0/rules")) {
      targets.add(rule.at("/data/0/model"));
    }
    return targets;
  }

  private static List<JsonNode> metrics() {
    return targets().stream().filter(it -> it.has("metricName")).toList();
  }

  private static Set<String> names(JsonNode query) {
    Set<String> names = new TreeSet<>();
    query.get("dimensions").fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static boolean isKnown(JsonNode query) {
    String namespace = query.get("namespace").asText();
    String name = query.get("metricName").asText();
    if (!namespace.equals(Metric.NAMESPACE)) {
      List<String> dimensions = new ArrayList<>();
      query.get("dimensions").fieldNames().forEachRemaining(dimensions::add);
      String known = namespace + " " + name + " " + dimensions;
      return Stream.concat(
              TemplateMetricsTest.AWS.stream(),
              Stream.of(
                  "AWS/Lambda UrlRequestCount [FunctionName]",
                  "AWS/Lambda Url5xxCount [FunctionName]"))
          .anyMatch(known::equals);
    }
    Source source = FUNCTIONS.get(query.at("/dimensions/FunctionName").asText());
    JsonNode tier = query.at("/dimensions/Tier");
    return source != null
        && (tier.isMissingNode() || TIERS.contains(tier.asText()))
        && Arrays.stream(Metric.values())
            .filter(metric -> metric.wireName().equals(name))
            .flatMap(metric -> metric.dimensions(source).stream())
            .anyMatch(dimensions -> names(query).equals(new TreeSet<>(dimensions)));
  }

  private static void assertFile(String name, ObjectNode expected) throws IOException {
    Path file = FOLDER.resolve(name);
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withArrayIndenter(new DefaultIndenter("  ", "\n"));
    String text = JSON.writer(printer).writeValueAsString(expected) + "\n";
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(file, text);
    }
    assertThat(Files.readString(file)).as("-Ddocs.write=true writes %s", file).isEqualTo(text);
  }
}
