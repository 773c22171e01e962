package dev.pilotlight.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads lines as CloudWatch does, by its specification of the embedded metric format.
public final class EmbeddedMetrics {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int METRICS_MAX = 100;
  private static final int VALUES_MAX = 100;
  private static final int DIMENSIONS_MAX = 30;
  private static final int CHARS_MAX = 1024;
  private static final Set<String> UNITS =
      Set.of(
          "Seconds",
          "Microseconds",
          "Milliseconds",
          "Bytes",
          "Kilobytes",
          "Megabytes",
          "Gigabytes",
          "Terabytes",
          "Bits",
          "Kilobits",
          "Megabits",
          "Gigabits",
          "Terabits",
          "Percent",
          "Count",
          "Count/Second",
          "None");

  private EmbeddedMetrics() {}

  /// Whether a line of a log is one of metrics.
  public static boolean isOne(String line) {
    return line.startsWith("{\"_aws\":");
  }

  /// A line, which must be one that CloudWatch takes, and whose every number it makes a metric of.
  public static JsonNode read(String line) {
    JsonNode json = parse(line);
    JsonNode aws = json.path("_aws");
    assertThat(aws.path("Timestamp").isIntegralNumber()).as(line).isTrue();
    assertThat(aws.path("CloudWatchMetrics").isArray()).as(line).isTrue();
    assertThat(aws.path("CloudWatchMetrics")).isNotEmpty();
    Set<String> declared = new HashSet<>();
    for (JsonNode directive : aws.path("CloudWatchMetrics")) {
      readDirective(directive, json, declared);
    }
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      assertThat(isNumeric(member.getValue()))
          .as(member.getKey())
          .isEqualTo(declared.contains(member.getKey()));
    }
    return json;
  }

  private static void readDirective(JsonNode directive, JsonNode json, Set<String> declared) {
    assertThat(directive.path("Namespace").asText()).isEqualTo("Pilotlight");
    assertThat(directive.path("Dimensions")).isNotEmpty();
    for (JsonNode set : directive.path("Dimensions")) {
      assertThat(set).hasSizeBetween(1, DIMENSIONS_MAX);
      for (JsonNode dimension : set) {
        String value = json.path(dimension.asText()).textValue();
        assertThat(value).as("%s", dimension).isNotBlank().hasSizeLessThanOrEqualTo(CHARS_MAX);
      }
    }
    assertThat(directive.path("Metrics")).hasSizeBetween(1, METRICS_MAX);
    Set<String> names = new HashSet<>();
    for (JsonNode metric : directive.path("Metrics")) {
      String name = metric.path("Name").asText();
      assertThat(names.add(name)).as("%s is there once", name).isTrue();
      assertThat(name).matches("[A-Za-z]{1,255}");
      assertThat(UNITS).contains(metric.path("Unit").asText());
      assertThat(isNumeric(json.path(name))).as("%s has a value", name).isTrue();
    }
    declared.addAll(names);
  }

  /// A number, or an array of at most 100 numbers.
  private static boolean isNumeric(JsonNode value) {
    if (!value.isArray()) {
      return value.isNumber();
    }
    boolean numbers = !value.isEmpty() && value.size() <= VALUES_MAX;
    for (JsonNode element : value) {
      numbers &= element.isNumber();
    }
    return numbers;
  }

  /// The values of a metric in a line; none if the line does not have it.
  public static List<Double> values(JsonNode line, String metric) {
    JsonNode value = line.path(metric);
    List<Double> values = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(element -> values.add(element.asDouble()));
    } else if (value.isNumber()) {
      values.add(value.asDouble());
    }
    return values;
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException("no JSON: " + line, e);
    }
  }
}
