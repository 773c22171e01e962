package dev.pilotlight.serve;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Writes Prometheus' text exposition format, version 0.0.4.
///
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>
public final class Exposition {
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final double WHOLE_MAX = 1e15;

  /// The types of metrics.
  public enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    SUMMARY
  }

  private final StringBuilder text = new StringBuilder();

  /// Begins a metric; all its samples follow.
  public void begin(String name, Type type, String help) {
    String escaped = help.replace("\\", "\\\\").replace("\n", "\\n");
    text.append("# HELP ").append(name).append(' ').append(escaped).append('\n');
    String typeName = type.name().toLowerCase(Locale.ROOT);
    text.append("# TYPE ").append(name).append(' ').append(typeName).append('\n');
  }

  /// Adds a sample.
  ///
  /// @param labels names and values in turn
  public void sample(String name, List<String> labels, double value) {
    text.append(name);
    for (int i = 0; i < labels.size(); i += 2) {
      text.append(i == 0 ? '{' : ',').append(labels.get(i)).append("=\"");
      text.append(escapedLabel(labels.get(i + 1))).append('"');
    }
    text.append(labels.isEmpty() ? " " : "} ").append(number(value)).append('\n');
  }

  private static String escapedLabel(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  /// A number without an exponent, whole where it is.
  public static String number(double value) {
    if (value == Double.POSITIVE_INFINITY) {
      return "+Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < WHOLE_MAX
        ? Long.toString((long) value)
        : BigDecimal.valueOf(value).toPlainString();
  }

  /// The text in UTF-8.
  public byte[] toBytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
