package dev.pilotlight.costs;

import dev.pilotlight.local.template.Presets;
import dev.pilotlight.local.template.Template;
import dev.pilotlight.local.template.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parts of a preset's stack that cost something by themselves.
///
/// @param stack what template.yaml makes with the preset's parameters
/// @param parameters every parameter with its properties, in order
/// @param given the preset's parameters
record StackFacts(Template stack, Map<String, Map<?, ?>> parameters, Map<String, String> given) {
  private static final Path TEMPLATE = Path.of("template.yaml");

  /// AWS bills an alarm on a band of anomalies as three: the metric, and both ends of the band.
  private static final int METRICS_OF_A_BAND = 3;

  /// Target tracking makes an alarm for more and an alarm for less.
  private static final int ALARMS_OF_TRACKING = 2;

  static StackFacts of(String preset) {
    return of(Presets.read(Path.of(Presets.FILE)).parameters(preset));
  }

  private static StackFacts of(Map<String, String> given) {
    try {
      Map<String, Map<?, ?>> parameters = new LinkedHashMap<>();
      Map<?, ?> root = (Map<?, ?>) Yaml.read(Files.readString(TEMPLATE));
      ((Map<?, ?>) Objects.requireNonNull(root.get("Parameters")))
          .forEach((name, value) -> parameters.put((String) name, (Map<?, ?>) value));
      return new StackFacts(Template.read(TEMPLATE, given), parameters, given);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same stack with other values of some parameters.
  StackFacts with(Map<String, String> values) {
    Map<String, String> all = new LinkedHashMap<>(given);
    all.putAll(values);
    return of(all);
  }

  /// A parameter's value.
  String parameter(String name) {
    Map<?, ?> parameter = Objects.requireNonNull(parameters.get(name), name);
    return given.getOrDefault(name, String.valueOf(parameter.get("Default")));
  }

  double number(String name) {
    return Double.parseDouble(parameter(name));
  }

  /// The ending of prices of a gigabyte and second.
  String processor() {
    return parameter("Architecture").equals("arm64") ? "arm" : "x86";
  }

  boolean cached() {
    return resources("AWS::ElastiCache::ServerlessCache") > 0;
  }

  boolean provisioned() {
    return resources("AWS::ApplicationAutoScaling::ScalableTarget") > 0;
  }

  /// Whether requests arrive by the HTTP API, and not by a function URL.
  boolean behindApi() {
    return resources("AWS::ApiGatewayV2::Api") > 0;
  }

  boolean traced() {
    return parameter("Tracing").equals("Active");
  }

  /// The queues that Lambda polls, by the functions' events or by mappings.
  long polledQueues() {
    long events =
        stack.ofType("AWS::Serverless::Function").values().stream()
            .mapToLong(function -> function.get("Events") instanceof Map<?, ?> map ? polls(map) : 0)
            .sum();
    return events + resources("AWS::Lambda::EventSourceMapping");
  }

  /// The format of the API's access log.
  String accessFormat() {
    Map<?, ?> stage = stack.ofType("AWS::ApiGatewayV2::Stage").values().iterator().next();
    Map<?, ?> settings = (Map<?, ?>) Objects.requireNonNull(stage.get("AccessLogSettings"));
    return String.valueOf(settings.get("Format"));
  }

  private static long polls(Map<?, ?> events) {
    return events.values().stream()
        .filter(event -> event instanceof Map<?, ?> map && "SQS".equals(map.get("Type")))
        .count();
  }

  /// How many resources of a type the stack has.
  long resources(String type) {
    return stack.ofType(type).size();
  }

  /// The number of metrics that the alarms watch, as AWS counts them.
  long alarmMetrics() {
    long scaling = resources("AWS::ApplicationAutoScaling::ScalingPolicy") * ALARMS_OF_TRACKING;
    return scaling
        + stack.ofType("AWS::CloudWatch::Alarm").values().stream()
            .mapToLong(StackFacts::alarmMetrics)
            .sum();
  }

  private static long alarmMetrics(Map<?, ?> alarm) {
    if (!(alarm.get("Metrics") instanceof List<?> metrics)) {
      return 1;
    }
    long watched =
        metrics.stream().filter(metric -> ((Map<?, ?>) metric).containsKey("MetricStat")).count();
    return alarm.containsKey("ThresholdMetricId") ? watched - 1 + METRICS_OF_A_BAND : watched;
  }

  /// The metrics of the largest dashboard, hidden ones included: each once, and each search as one.
  long dashboardMetrics() {
    return stack.ofType("AWS::CloudWatch::Dashboard").values().stream()
        .mapToLong(dashboard -> metricsOf(String.valueOf(dashboard.get("DashboardBody"))))
        .max()
        .orElse(0);
  }

  private static long metricsOf(String body) {
    Set<List<?>> metrics = new HashSet<>();
    for (Object widget : list(((Map<?, ?>) Yaml.read(body)).get("widgets"))) {
      if (((Map<?, ?>) widget).get("properties") instanceof Map<?, ?> properties) {
        for (Object line : list(properties.get("metrics"))) {
          List<?> names = list(line).stream().filter(String.class::isInstance).toList();
          boolean search = String.valueOf(line).contains("SEARCH(");
          if (search || !names.isEmpty()) {
            metrics.add(search ? list(line) : names);
          }
        }
      }
    }
    return metrics.size();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
