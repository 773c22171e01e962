package dev.pilotlight.handler;

import dev.pilotlight.support.Metric;
import dev.pilotlight.support.Metric.Source;
import dev.pilotlight.tidy.DocTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// docs/reference/metrics.md lists the metrics that the code writes.
final class MetricsPageTest {
  @Test
  void pageListsTheMetricsOfTheCode() throws IOException {
    DocTable.in("docs/reference/metrics.md", "| metric | unit | of | meaning |")
        .assertRows(Arrays.stream(Metric.values()).map(MetricsPageTest::row).toList());
  }

  private static String row(Metric metric) {
    String sources =
        Arrays.stream(Source.values())
            .filter(metric::isOf)
            .map(source -> source.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |"
        .formatted(metric.wireName(), metric.unit().wireName(), sources, metric.meaning());
  }
}
