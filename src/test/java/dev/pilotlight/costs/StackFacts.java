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

  /// The form of the API's access lines.
  String accessFormat() {
    Map<?, ?> stage = ofType("AWS::ApiGatewayV2::Stage").getFirst();
    Map<?, ?> settings = (Map<?, ?>) properties(stage).get("AccessLogSettings");
    Map<?, ?> format = (Map<?, ?>) Objects.requireNonNull(settings).get("Format");
    List<?> text = (List<?>) Objects.requireNonNull(Objects.requireNonNull(format).get("Fn::Sub"));
    return (String) text.getFirst();
  }

  private static Map<?, ?> properties(Map<?, ?> resource) {
    return (Map<?, ?>) Objects.requireNonNull(resource.get("Properties"));
  }

  private List<? extends Map<?, ?>> ofType(String type) {
    return maps("Resources").values().stream()
        .filter(resource -> type.equals(resource.get("Type")))
        .toList();
  }

  private Map<String, Map<?, ?>> maps(String section) {
    Map<String, Map<?, ?>> found = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(root.get(section)))
        .forEach((name, value) -> found.put((String) name, (Map<?, ?>) value));
    return found;
  }
}
