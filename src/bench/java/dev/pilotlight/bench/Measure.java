package dev.pilotlight.bench;

import java.io.IOException;
import java.util.List;

/// One thing that is measured, with its baseline beside it.
interface Measure {
  /// As it is chosen by `-Dbench.measures`.
  String name();

  /// How often [#run] calls [Progress#step].
  int steps(BenchOptions options);

  /// Measures it.
  ///
  /// @throws IllegalStateException in one clear line if an answer is wrong
  List<Row> run(Setup setup) throws IOException, InterruptedException;
}
