package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.util.List;

/// A measure with its baseline.
public interface Measure {
  /// Its name for `-Dbench.measures`.
  String name();

  /// The measures that the options name, or all.
  ///
  /// @throws IllegalArgumentException in one clear line if a name is unknown
  static List<Measure> chosen(BenchOptions options, List<Measure> all) {
    List<String> known = all.stream().map(Measure::name).toList();
    for (String name : options.measures()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "-D%s has '%s'; accepted: %s"
                .formatted(BenchOptions.MEASURES_OPTION, name, String.join(",", known)));
      }
    }
    return all.stream()
        .filter(it -> options.measures().isEmpty() || options.measures().contains(it.name()))
        .toList();
  }

  /// How often [#run] calls [dev.pilotlight.bench.setup.Progress#step].
  int steps(BenchOptions options);

  /// Runs the measure.
  ///
  /// @throws IllegalStateException in one clear line if an answer is wrong
  List<Row> run(Setup setup) throws IOException, InterruptedException;
}
