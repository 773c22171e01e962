package dev.pilotlight.costs;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/// Named numbers: prices, what was measured, and what is assumed.
///
/// @param measured the lines of PERFORMANCE.md
record Figures(Properties named, List<String> measured) {
  private static final String PRICES = "/dev/pilotlight/support/prices.properties";
  private static final String WORKLOAD = "/costs/workload.properties";

  static Figures load() {
    try {
      Properties all = new Properties();
      for (String file : List.of(PRICES, WORKLOAD)) {
        try (InputStream in = Objects.requireNonNull(Figures.class.getResourceAsStream(file))) {
          all.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
      }
      return new Figures(all, Files.readAllLines(Path.of("PERFORMANCE.md")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double of(String name) {
    return Double.parseDouble(text(name));
  }

  /// The price of one, where the file has that of a million.
  double each(String name) {
    return of(name) / 1e6;
  }

  String text(String name) {
    return Objects.requireNonNull(named.getProperty(name), name);
  }

  /// The figure in the column `measured` of a row of PERFORMANCE.md, without its unit.
  ///
  /// @param name of the figure that names the row
  double row(String name) {
    String start = "| " + text(name) + " | ";
    String row =
        measured.stream()
            .filter(line -> line.startsWith(start))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("PERFORMANCE.md has no row " + start));
    return Double.parseDouble(row.substring(start.length()).split(" ", 2)[0].replace(",", ""));
  }
}
