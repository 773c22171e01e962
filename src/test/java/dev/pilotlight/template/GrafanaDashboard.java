package dev.pilotlight.template;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.support.Metric;
import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.template.Watching.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// The dashboard for Grafana: the panels of the template's dashboard, one for the metrics that
/// those do not show, tiers, tenants and batches. Logs Insights answers the template's saved
/// queries.
final class GrafanaDashboard {
  /// Batches by their outcomes: the lines of metrics have it.
  static final String BATCHES =
      """
      filter ispresent(Ending)
      | stats count(*) as invocations, sum(Lines) as lines, sum(LineErrors) as failed,
              sum(EstimatedCost) as usd by Ending
      | sort invocations desc
      """;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int SCHEMA = 42;
  private static final int COLUMNS = 24;
  private static final int WIDTH = 8;
  private static final int HEIGHT = 8;
  private static final List<String> TIERS = List.of("memory", "redis", "dynamodb", "run", "none");
  private static final Map<Source, String> FUNCTIONS =
      Map.of(Source.API, "${ApiFunction}", Source.BATCH, "${BatchFunction}");
  private static final List<String> LOGS =
      List.of("/aws/lambda/${stack}-api", "/aws/lambda/${stack}-batch");

  private final Watching template;
  private final ArrayNode panels = JSON.arrayNode();
  private int x;
  private int y;
  private int ids;

  private GrafanaDashboard(Watching template) {
    this.template = template;
  }

  /// The dashboard of a template.
  static ObjectNode of(String template) {
    return new GrafanaDashboard(new Watching(template)).dashboard();
  }

  /// The reference to the data source.
  static ObjectNode source() {
    return JSON.objectNode().put("type", "cloudwatch").put("uid", "${datasource}");
  }

  private ObjectNode dashboard() {
    for (Map<?, ?> widget : template.widgets(true)) {
      if ("metric".equals(widget.get("type"))) {
        metricPanel(Watching.map(widget.get("properties")), "");
      }
    }
    availabilityOfAUrl();
    tiers();
    others(Source.API, "Other metrics of the API");
    others(Source.BATCH, "Other metrics of batches");
    logPanel("Tenants: usage", "UsageQuery");
    logPanel("Last errors", "ErrorsQuery");
    logPanel("Slow and sampled requests", "SlowQuery");
    logPanel("Cost by hour", "CostQuery");
    logPanel("Batches: invocations by outcome", BATCHES, List.of(LOGS.getLast()));
    ObjectNode dashboard = JSON.objectNode();
    dashboard.put("uid", "pilotlight").put("title", "Pilotlight").put("schemaVersion", SCHEMA);
    dashboard.put("editable", true).put("timezone", "browser").put("refresh", "5m");
    dashboard.putArray("tags").add("pilotlight");
    dashboard.putObject("time").put("from", "now-24h").put("to", "now");
    dashboard.putObject("templating").set("list", GrafanaVariables.list());
    dashboard.set("panels", panels);
    return dashboard;
  }

  /// A panel with the metrics of a widget.
  private void metricPanel(Map<?, ?> properties, String suffix) {
    boolean single = "singleValue".equals(properties.get("view"));
    ObjectNode panel = panel(properties.get("title") + suffix, single ? "stat" : "timeseries");
    if (single) {
      panel.put("timeFrom", "24h");
      panel.putObject("options").putObject("reduceOptions").putArray("calcs").add("sum");
    }
    ArrayNode overrides = axis(panel, properties);
    ArrayNode targets = panel.putArray("targets");
    for (Object row : Watching.list(properties.get("metrics"))) {
      List<?> cells = Watching.list(row);
      Map<?, ?> own = Watching.map(cells.getLast());
      ObjectNode target = target(targets, own);
      target.put("period", text(own, "period", text(properties, "period", "300")));
      target.put("statistic", text(own, "stat", text(properties, "stat", "Sum")));
      target.put("label", text(own, "label", ""));
      if (cells.getFirst() instanceof String namespace) {
        target.put("namespace", namespace).put("metricName", (String) cells.get(1));
        ObjectNode dimensions = target.putObject("dimensions");
        for (int i = 2; i + 1 < cells.size(); i += 2) {
          dimensions.put(
              (String) cells.get(i), GrafanaVariables.replaced((String) cells.get(i + 1)));
        }
      } else {
        target.put("namespace", "").put("metricEditorMode", 1);
        target.put("expression", GrafanaVariables.replaced(text(own, "expression", "")));
      }
      if ("right".equals(own.get("yAxis"))) {
        ObjectNode override = overrides.addObject();
        override
            .putObject("matcher")
            .put("id", "byFrameRefID")
            .put("options", target.get("refId").asText());
        override
            .putArray("properties")
            .addObject()
            .put("id", "custom.axisPlacement")
            .put("value", "right");
      }
    }
  }

  private static ArrayNode axis(ObjectNode panel, Map<?, ?> properties) {
    Map<?, ?> left = Watching.map(Watching.map(properties.get("yAxis")).get("left"));
    String label = text(left, "label", "USD");
    ObjectNode config = panel.putObject("fieldConfig");
    ObjectNode defaults = config.putObject("defaults");
    defaults.put("unit", unit(label));
    if (left.containsKey("max")) {
      defaults.put("max", Integer.parseInt(text(left, "max", "")));
    }
    defaults.putObject("custom").put("axisLabel", label);
    return config.putArray("overrides");
  }

  private static String unit(String label) {
    if (label.startsWith("USD")) {
      return "currencyUSD";
    }
    return switch (label) {
      case "ms", "bytes" -> label;
      default -> label.startsWith("%") ? "percent" : "short";
    };
  }

  /// Adds a query with a letter and an id; expressions refer to ids.
  private static ObjectNode target(ArrayNode targets, Map<?, ?> own) {
    if (targets.size() > 'Z' - 'A') {
      throw new IllegalStateException("a panel has more than 26 queries, which letters name");
    }
    String letter = String.valueOf((char) ('A' + targets.size()));
    ObjectNode target = targets.addObject();
    target.put("refId", letter).put("id", text(own, "id", letter.toLowerCase(Locale.ROOT)));
    target.set("datasource", source());
    target.put("queryMode", "Metrics").put("region", "$region");
    target.put("metricQueryType", 0).put("metricEditorMode", 0).put("matchExact", true);
    if ("false".equals(String.valueOf(own.get("visible")))) {
      target.put("hide", true);
    }
    return target;
  }

  /// The template's dashboard has one of two widgets, by the door; this one has both.
  private void availabilityOfAUrl() {
    template.widgets(false).stream()
        .map(widget -> Watching.map(widget.get("properties")))
        .filter(properties -> "Availability".equals(properties.get("title")))
        .forEach(properties -> metricPanel(properties, " with Door=url"));
  }

  private void tiers() {
    List<List<?>> rows = new ArrayList<>();
    for (String tier : TIERS) {
      rows.add(
          List.of(
              Metric.NAMESPACE,
              Metric.DURATION.wireName(),
              Metric.FUNCTION,
              "${ApiFunction}",
              Metric.TIER,
              tier,
              Map.of("label", tier)));
    }
    // a line of metrics has each value of a time, so this counts requests
    metricPanel(properties("Requests by the slowest tier", "SampleCount", rows), "");
  }

  /// A panel with the metrics that no widget shows.
  private void others(Source source, String title) {
    List<Named> shown = template.shown();
    String function = Objects.requireNonNull(FUNCTIONS.get(source));
    List<List<?>> rows = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      boolean isShown =
          shown.stream()
              .anyMatch(
                  it ->
                      it.name().equals(metric.wireName())
                          && it.dimensions().containsValue(function));
      if (metric.isOf(source) && !isShown) {
        String stat = metric.unit() == Metric.Unit.MILLISECONDS ? "Average" : "Sum";
        String name = metric.wireName();
        rows.add(
            List.of(
                Metric.NAMESPACE,
                name,
                Metric.FUNCTION,
                function,
                Map.of("label", name, "stat", stat)));
      }
    }
    if (!rows.isEmpty()) {
      metricPanel(properties(title, "Sum", rows), "");
    }
  }

  private static Map<?, ?> properties(String title, String stat, List<List<?>> rows) {
    Map<String, ?> axis = Map.of("left", Map.of("label", "per 5 min"));
    return Map.of("title", title, "stat", stat, "period", "300", "yAxis", axis, "metrics", rows);
  }

  private void logPanel(String title, String saved) {
    Map<?, ?> query = Watching.map(template.ofType("AWS::Logs::QueryDefinition").get(saved));
    boolean both = Watching.list(query.get("LogGroupNames")).size() > 1;
    List<String> groups = both ? LOGS : List.of(LOGS.getFirst());
    logPanel(title, text(query, "QueryString", ""), groups);
  }

  private void logPanel(String title, String query, List<String> groups) {
    ObjectNode panel = panel(title, "table");
    ObjectNode target = panel.putArray("targets").addObject();
    target.put("refId", "A").put("id", "").put("queryMode", "Logs").put("region", "$region");
    target.set("datasource", source());
    target.put("expression", query.strip());
    ArrayNode names = target.putArray("logGroupNames");
    groups.forEach(names::add);
  }

  private ObjectNode panel(String title, String type) {
    int width = type.equals("table") ? COLUMNS / 2 : WIDTH;
    if (x + width > COLUMNS) {
      x = 0;
      y += HEIGHT;
    }
    ObjectNode panel = panels.addObject().put("id", ++ids).put("title", title).put("type", type);
    panel.set("datasource", source());
    panel.putObject("gridPos").put("x", x).put("y", y).put("w", width).put("h", HEIGHT);
    x += width;
    return panel;
  }

  private static String text(Map<?, ?> map, String key, String absent) {
    return map.get(key) == null ? absent : String.valueOf(map.get(key));
  }
}
