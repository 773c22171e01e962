package dev.pilotlight.cli.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The form of a traffic file's lines.
public enum TrafficFormat {
  /// Determined from the first line.
  AUTO("auto"),
  /// [RequestLine]: requests with headers and bodies.
  REQUESTS("requests"),
  /// API Gateway's access log in JSON.
  APIGATEWAY("apigateway"),
  /// The access log of an Application Load Balancer.
  ALB("alb"),
  /// nginx's combined format, and the common log format.
  COMBINED("combined");

  private final String label;

  TrafficFormat(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }

  /// Whether the lines lack bodies.
  boolean isAccessLog() {
    return this != REQUESTS;
  }

  /// This, or the format that a first line suggests.
  TrafficFormat resolve(String first) {
    if (this != AUTO) {
      return this;
    }
    if (!first.startsWith("{")) {
      return first.startsWith("http") || first.startsWith("h2 ") || first.startsWith("ws")
          ? ALB
          : COMBINED;
    }
    try {
      Object tree = JsonTree.read(first.getBytes(StandardCharsets.UTF_8));
      boolean log =
          tree instanceof Map<?, ?> fields
              && !RequestLine.FIELDS.containsAll(fields.keySet())
              && !fields.containsKey("headers")
              && !fields.containsKey("body");
      return log ? APIGATEWAY : REQUESTS;
    } catch (IOException e) {
      return REQUESTS;
    }
  }
}
