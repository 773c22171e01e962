package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.support.Metric;
import dev.pilotlight.support.Metric.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The README's table of metrics is what the code writes.
final class ReadmeMetricsTest {
  private static final String HEAD = "| metric | unit | of | meaning |";

  @Test
  void theTableIsWhatTheCodeWrites() throws IOException {
    List<String> documented =
        Files.readAllLines(Path.of("README.md")).stream()
            .dropWhile(line -> !line.equals(HEAD))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(documented)
        .isEqualTo(Arrays.stream(Metric.values()).map(ReadmeMetricsTest::row).toList());
  }

  private static String row(Metric metric) {
    String sources =
        Arrays.stream(Source.values())
            .filter(metric::isOf)
            .map(source -> source.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |"
        .formatted(metric.written(), metric.unit().written(), sources, metric.meaning());
  }
}
