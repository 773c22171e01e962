package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.NodePeer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The wire times of the programs of a [Contest], and the rows that compare them: the function with
/// the peer that makes the same promises, and with the one that makes fewer.
final class Versus implements Contest.Samples {
  private static final Target NOT_SLOWER = new Target.AtMostTimes(1);
  private static final String EQUAL = NodePeer.Form.EQUAL.title();
  private static final String BARE = NodePeer.Form.BARE.title();

  private final String what;
  private final Map<String, Series.Collector> collectors = new LinkedHashMap<>();
  private int rounds;

  /// @param what under which circumstances, as in the report
  Versus(String what) {
    this.what = what;
  }

  void nextRound() {
    rounds++;
    collectors.values().forEach(Series.Collector::nextRound);
  }

  @Override
  public void add(String program, double ms) {
    collectors.computeIfAbsent(program, _ -> begun()).add(ms);
  }

  private Series.Collector begun() {
    if (rounds != 1) {
      throw new IllegalStateException("a program joined in round " + rounds);
    }
    Series.Collector collector = new Series.Collector();
    collector.nextRound();
    return collector;
  }

  /// The medians of the round, for the progress.
  String medians() {
    return collectors.entrySet().stream()
        .map(entry -> "%s %.2f ms".formatted(entry.getKey(), entry.getValue().lastMedian()))
        .collect(Collectors.joining(", ", what + ": ", ""));
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    if (collectors.containsKey(EQUAL)) {
      rows.add(row(Contest.FUNCTION, EQUAL, NOT_SLOWER));
      rows.add(row(Contest.FUNCTION, BARE, new Target.Times()));
    } else {
      rows.add(alone(Contest.FUNCTION));
    }
    if (collectors.containsKey(Contest.FIRST)) {
      rows.add(
          collectors.containsKey(BARE)
              ? row(Contest.FIRST, BARE, NOT_SLOWER)
              : alone(Contest.FIRST));
    }
    return rows;
  }

  private Row alone(String program) {
    return Row.alone(what + suffix(program), series(program), new Target.None());
  }

  private Row row(String program, String baseline, Target target) {
    return new Row(
        what + suffix(program) + ", against " + baseline,
        series(program),
        series(baseline),
        target);
  }

  private static String suffix(String program) {
    return program.substring(Contest.FUNCTION.length());
  }

  private Series series(String program) {
    return collectors.getOrDefault(program, new Series.Collector()).series(program, "ms");
  }
}
