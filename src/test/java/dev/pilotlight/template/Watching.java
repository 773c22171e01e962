package dev.pilotlight.template;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.pilotlight.local.template.Yaml;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The metrics that a template watches: its alarms, bands and dashboard. References stay as they
/// are written, `!Ref X` as `${X}`.
final class Watching {
  /// A metric that something in the template names.
  record Named(String where, String namespace, String name, Map<String, String> dimensions) {}

  /// A widget's place on the dashboard.
  record Place(int x, int y, int width, int height) {
    boolean overlaps(Place other) {
      return x < other.x + other.width
          && other.x < x + width
          && y < other.y + other.height
          && other.y < y + height;
    }
  }

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<?, ?> resources;

  Watching(String template) {
    resources = map(map(Yaml.read(template)).get("Resources"));
  }

  /// The resources of a type, by their ids.
  Map<String, Map<?, ?>> ofType(String type) {
    Map<String, Map<?, ?>> found = new LinkedHashMap<>();
    resources.forEach(
        (id, resource) -> {
          if (type.equals(map(resource).get("Type"))) {
            found.put((String) id, map(map(resource).get("Properties")));
          }
        });
    return found;
  }

  /// All that alarms, bands and the dashboard name.
  List<Named> metrics() {
    List<Named> metrics = new ArrayList<>();
    ofType("AWS::CloudWatch::Alarm").forEach((id, alarm) -> collect(id, alarm, metrics));
    ofType("AWS::CloudWatch::AnomalyDetector").forEach((id, band) -> collect(id, band, metrics));
    metrics.addAll(shown());
    return metrics;
  }

  /// The metrics that the dashboard shows or computes with.
  List<Named> shown() {
    List<Named> shown = new ArrayList<>();
    for (Map<?, ?> widget : widgets(true)) {
      Map<?, ?> properties = map(widget.get("properties"));
      for (Object row : list(properties.get("metrics"))) {
        List<?> cells = list(row);
        if (cells.getFirst() instanceof String namespace) {
          shown.add(named(String.valueOf(properties.get("title")), namespace, cells));
        }
      }
    }
    return shown;
  }

  /// The dashboard's widgets, as the stack has it with or without what is conditional.
  List<Map<?, ?>> widgets(boolean holds) {
    return list(map(Yaml.read(dashboard(holds))).get("widgets")).stream()
        .<Map<?, ?>>map(Watching::map)
        .toList();
  }

  static Place place(Map<?, ?> widget) {
    return new Place(
        number(widget, "x"),
        number(widget, "y"),
        number(widget, "width"),
        number(widget, "height"));
  }

  /// The dashboard's body.
  String dashboard(boolean holds) {
    return text(
        map(ofType("AWS::CloudWatch::Dashboard").get("Dashboard")).get("DashboardBody"), holds);
  }

  /// Whether it is one value of JSON.
  static boolean isJson(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /// A string of the template, its conditions all true or all false.
  static String text(@Nullable Object value, boolean holds) {
    if (value instanceof Map<?, ?> function) {
      Map.Entry<?, ?> only = function.entrySet().iterator().next();
      Object argument = Objects.requireNonNull(only.getValue());
      return switch ((String) Objects.requireNonNull(only.getKey())) {
        case "Ref" -> "${" + argument + "}";
        case "Fn::GetAtt" -> "${" + argument + "}";
        case "Fn::If" -> text(list(argument).get(holds ? 1 : 2), holds);
        case "Fn::Sub" ->
            argument instanceof List<?> list ? substituted(list, holds) : "" + argument;
        default -> throw new IllegalArgumentException("not understood: " + only.getKey());
      };
    }
    return String.valueOf(value);
  }

  private static String substituted(List<?> arguments, boolean holds) {
    String text = (String) arguments.getFirst();
    for (var variable : map(arguments.get(1)).entrySet()) {
      text = text.replace("${" + variable.getKey() + "}", text(variable.getValue(), holds));
    }
    return text;
  }

  private static void collect(String where, Object value, List<Named> metrics) {
    if (value instanceof Map<?, ?> map) {
      if (map.get("MetricName") instanceof String name) {
        Map<String, String> dimensions = new LinkedHashMap<>();
        for (Object dimension : list(map.get("Dimensions"))) {
          dimensions.put(
              String.valueOf(map(dimension).get("Name")), text(map(dimension).get("Value"), true));
        }
        metrics.add(new Named(where, String.valueOf(map.get("Namespace")), name, dimensions));
      }
      map.values().forEach(inner -> collect(where, inner, metrics));
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> collect(where, inner, metrics));
    }
  }

  private static Named named(String where, String namespace, List<?> cells) {
    Map<String, String> dimensions = new LinkedHashMap<>();
    for (int i = 2; i + 1 < cells.size(); i += 2) {
      dimensions.put((String) cells.get(i), (String) cells.get(i + 1));
    }
    return new Named(where, namespace, (String) cells.get(1), dimensions);
  }

  private static int number(Map<?, ?> widget, String name) {
    return Integer.parseInt(String.valueOf(widget.get(name)));
  }

  static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
