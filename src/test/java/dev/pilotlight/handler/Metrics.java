package dev.pilotlight.handler;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.support.EmbeddedMetrics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a function writes, and the metrics in it. Thread-safe.
final class Metrics {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  PrintStream out() {
    return new PrintStream(written, true, StandardCharsets.UTF_8);
  }

  /// Those of the log, too.
  List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  List<JsonNode> all() {
    return lines().stream().filter(EmbeddedMetrics::isOne).map(EmbeddedMetrics::read).toList();
  }

  JsonNode last() {
    return all().getLast();
  }
}
