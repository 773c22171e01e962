package dev.pilotlight.handler;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.support.EmbeddedMetrics;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Captures the output of a function with its metrics. Thread-safe.
public final class Metrics {
  private final CapturedLog written = new CapturedLog();

  public PrintStream out() {
    return new PrintStream(written, true, StandardCharsets.UTF_8);
  }

  /// Returns all lines, including those of the log.
  public List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  public List<JsonNode> all() {
    return lines().stream().filter(EmbeddedMetrics::isOne).map(EmbeddedMetrics::read).toList();
  }

  public JsonNode last() {
    return all().getLast();
  }
}
