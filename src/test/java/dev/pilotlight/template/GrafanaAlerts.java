package dev.pilotlight.template;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Alert rules for Grafana, as a file of its provisioning: the template's alarms on one metric with
/// a fixed threshold. Names of resources are variables of Grafana's environment.
final class GrafanaAlerts {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(\\w+)(\\.\\w+)?}");

  /// Conditions of other alarms: they page nobody by themselves.
  private static final Set<String> CONDITIONS = Set.of("ApiBusy", "BatchSomeErrors");

  private static final Map<String, String> OPERATORS =
      Map.of(
          "GreaterThanThreshold", ">",
          "GreaterThanOrEqualToThreshold", ">=");

  private GrafanaAlerts() {}

  /// The file for a template.
  static ObjectNode of(String template) {
    Map<String, ObjectNode> rules = new LinkedHashMap<>();
    new Watching(template)
        .ofType("AWS::CloudWatch::Alarm")
        .forEach(
            (id, alarm) -> {
              if (isTaken(id, alarm)) {
                ObjectNode direct = rule(id, alarm, false);
                ObjectNode queued = rule(id, alarm, true);
                rules.put(id, direct);
                if (!queued.equals(direct)) {
                  rules.put(id + "Queued", rule(id + "Queued", alarm, true));
                }
              }
            });
    ObjectNode file = JSON.objectNode().put("apiVersion", 1);
    ObjectNode group = file.putArray("groups").addObject();
    group.put("orgId", 1).put("name", "pilotlight").put("folder", "Pilotlight");
    group.put("interval", "1m").putArray("rules").addAll(rules.values());
    return file;
  }

  /// Rollbacks are CodeDeploy's, and a threshold that is a parameter is not fixed.
  private static boolean isTaken(String id, Map<?, ?> alarm) {
    return alarm.containsKey("MetricName")
        && !id.contains("Rollback")
        && !CONDITIONS.contains(id)
        && number(alarm, "Threshold", false) != null;
  }

  private static ObjectNode rule(String id, Map<?, ?> alarm, boolean queued) {
    int period = Integer.parseInt(text(alarm, "Period", queued));
    int periods = Integer.parseInt(text(alarm, "EvaluationPeriods", queued));
    int points =
        alarm.containsKey("DatapointsToAlarm")
            ? Integer.parseInt(text(alarm, "DatapointsToAlarm", queued))
            : periods;
    ObjectNode rule = JSON.objectNode();
    rule.put("uid", "pilotlight-" + id.replaceAll("(?<!^)([A-Z])", "-$1").toLowerCase(Locale.ROOT));
    rule.put("title", id).put("condition", "C");
    ArrayNode data = rule.putArray("data");
    String operator =
        Objects.requireNonNull(OPERATORS.get(text(alarm, "ComparisonOperator", queued)), id);
    String threshold = Objects.requireNonNull(number(alarm, "Threshold", queued));
    if (points > 1) {
      // 1 for each period over the threshold, and their sum; the current one counts once it is
      data.add(query(alarm, queued, period, period * periods));
      expression(data, "B", "math", "$A %s %s".formatted(operator, threshold));
      expression(data, "S", "reduce", "B").put("reducer", "sum");
      expression(data, "C", "math", "$S >= " + points);
    } else {
      data.add(query(alarm, queued, period, period * (periods + 1)));
      expression(data, "B", "reduce", "A").put("reducer", "max");
      expression(data, "C", "math", "$B %s %s".formatted(operator, threshold));
    }
    rule.put("noDataState", "OK").put("execErrState", "Error").put("for", "0s");
    rule.putObject("annotations").put("summary", text(alarm, "AlarmDescription", queued));
    rule.putObject("labels").put("service", "pilotlight");
    return rule;
  }

  /// @param window the seconds before now that it covers
  private static ObjectNode query(Map<?, ?> alarm, boolean queued, int period, int window) {
    ObjectNode query = JSON.objectNode().put("refId", "A");
    query.putObject("relativeTimeRange").put("from", window).put("to", 0);
    query.put("datasourceUid", "$PILOTLIGHT_DATASOURCE");
    ObjectNode model = query.putObject("model");
    model.put("refId", "A").put("id", "").put("queryMode", "Metrics");
    model.put("region", "$PILOTLIGHT_REGION").put("metricQueryType", 0).put("metricEditorMode", 0);
    model.put("namespace", text(alarm, "Namespace", queued));
    model.put("metricName", text(alarm, "MetricName", queued));
    model.put("statistic", text(alarm, "Statistic", queued));
    model.put("period", String.valueOf(period)).put("matchExact", true);
    ObjectNode dimensions = model.putObject("dimensions");
    for (Object dimension : Watching.list(alarm.get("Dimensions"))) {
      Map<?, ?> own = Watching.map(dimension);
      dimensions.put(text(own, "Name", queued), environment(text(own, "Value", queued)));
    }
    return query;
  }

  private static ObjectNode expression(ArrayNode data, String id, String type, String expression) {
    ObjectNode query = data.addObject().put("refId", id).put("datasourceUid", "__expr__");
    query.putObject("relativeTimeRange").put("from", 0).put("to", 0);
    ObjectNode model = query.putObject("model").put("refId", id).put("type", type);
    return model.put("expression", escaped(expression));
  }

  /// A dollar sign that is not a variable of the environment.
  private static String escaped(String expression) {
    return expression.replace("$", "$$");
  }

  /// A reference as a variable of the environment: `$PILOTLIGHT_API_FUNCTION`.
  private static String environment(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            found ->
                "\\$PILOTLIGHT_"
                    + found.group(1).replaceAll("(?<!^)([A-Z])", "_$1").toUpperCase(Locale.ROOT));
  }

  private static String text(Map<?, ?> map, String key, boolean queued) {
    return Watching.text(map.get(key), queued);
  }

  /// Null for a parameter.
  private static @Nullable String number(Map<?, ?> alarm, String key, boolean queued) {
    String text = text(alarm, key, queued);
    return text.matches("\\d+(\\.\\d+)?") ? text : null;
  }

  /// The variables of the environment, in the file's order.
  static List<String> variables(String file) {
    return Pattern.compile("(?<!\\$)\\$(PILOTLIGHT_\\w+)")
        .matcher(file)
        .results()
        .map(found -> found.group(1))
        .distinct()
        .toList();
  }
}
