package dev.pilotlight.costs;

import dev.pilotlight.local.template.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The parts of template.yaml that cost something by themselves.
///
/// @param root the template
record StackFacts(Map<?, ?> root) {
  /// AWS bills an alarm on a band of anomalies as three: the metric, and both ends of the band.
  private static final int METRICS_OF_A_BAND = 3;

  static StackFacts read() {
    try {
      return new StackFacts((Map<?, ?>) Yaml.read(Files.readString(Path.of("template.yaml"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A parameter's default.
  String parameter(String name) {
    return String.valueOf(Objects.requireNonNull(parameters().get(name), name).get("Default"));
  }

  double number(String name) {
    return Double.parseDouble(parameter(name));
  }

  /// Every parameter with its properties, in order.
  Map<String, Map<?, ?>> parameters() {
    return maps("Parameters");
  }

  /// How many resources of a type the defaults make.
  long resources(String type) {
    return ofType(type).size();
  }

  /// The number of metrics that the alarms watch, as AWS counts them.
  long alarmMetrics() {
    return ofType("AWS::CloudWatch::Alarm").stream().mapToLong(StackFacts::alarmMetrics).sum();
  }

  private static long alarmMetrics(Map<?, ?> alarm) {
    Map<?, ?> properties = (Map<?, ?>) Objects.requireNonNull(alarm.get("Properties"));
    if (!(properties.get("Metrics") instanceof List<?> metrics)) {
      return 1;
    }
    long watched =
        metrics.stream().filter(metric -> ((Map<?, ?>) metric).containsKey("MetricStat")).count();
    return properties.containsKey("ThresholdMetricId") ? watched - 1 + METRICS_OF_A_BAND : watched;
  }

  private List<? extends Map<?, ?>> ofType(String type) {
    return maps("Resources").values().stream()
        .filter(resource -> type.equals(resource.get("Type")))
        .filter(this::isMade)
        .toList();
  }

  private boolean isMade(Map<?, ?> resource) {
    Object condition = resource.get("Condition");
    return condition == null || holds(Map.of("Condition", condition));
  }

  /// Whether a condition holds with the defaults.
  private boolean holds(Object condition) {
    Map.Entry<?, ?> only = ((Map<?, ?>) condition).entrySet().iterator().next();
    Object argument = Objects.requireNonNull(only.getValue());
    return switch (String.valueOf(only.getKey())) {
      case "Condition" ->
          holds(Objects.requireNonNull(maps("Conditions").get(argument), "" + argument));
      case "Fn::Not" -> !holds(((List<?>) argument).getFirst());
      case "Fn::Equals" -> {
        List<?> both = (List<?>) argument;
        yield plain(both.getFirst()).equals(plain(both.getLast()));
      }
      case "Fn::And" -> ((List<?>) argument).stream().allMatch(this::holds);
      case "Fn::Or" -> ((List<?>) argument).stream().anyMatch(this::holds);
      default -> throw new IllegalArgumentException("unknown condition " + condition);
    };
  }

  /// A text, or the default of the parameter that it refers to.
  private String plain(Object value) {
    return value instanceof Map<?, ?> reference && reference.get("Ref") instanceof String name
        ? parameter(name)
        : String.valueOf(value);
  }

  private Map<String, Map<?, ?>> maps(String section) {
    Map<String, Map<?, ?>> found = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(root.get(section)))
        .forEach((name, value) -> found.put((String) name, (Map<?, ?>) value));
    return found;
  }
}
