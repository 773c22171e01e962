package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.NodePeer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// The times of the programs of a [Contest], and the rows that compare them: the function with the
/// peer that makes the same promises, and with the one that makes fewer.
final class Versus implements Contest.Samples {
  private static final Target NOT_SLOWER = new Target.AtMostTimes(1);
  private static final String EQUAL = NodePeer.Form.EQUAL.title();
  private static final String BARE = NodePeer.Form.BARE.title();

  private static final class Times {
    private final Series.Collector wire = new Series.Collector();
    private final Series.Collector cpu = new Series.Collector();

    void nextRound() {
      wire.nextRound();
      cpu.nextRound();
    }
  }

  private final String what;
  private final Map<String, Times> programs = new LinkedHashMap<>();
  private int rounds;

  /// @param what under which circumstances, as in the report
  Versus(String what) {
    this.what = what;
  }

  void nextRound() {
    rounds++;
    programs.values().forEach(Times::nextRound);
  }

  @Override
  public void add(String program, Contest.Time time) {
    Times times = programs.computeIfAbsent(program, _ -> begun());
    times.wire.add(time.wireMs());
    times.cpu.add(time.cpuMs());
  }

  private Times begun() {
    if (rounds != 1) {
      throw new IllegalStateException("a program joined in round " + rounds);
    }
    Times times = new Times();
    times.nextRound();
    return times;
  }

  /// The medians of the round, for the progress.
  String medians() {
    return programs.entrySet().stream()
        .map(entry -> entry.getKey() + medians(entry.getValue()))
        .collect(Collectors.joining(", ", what + ": ", ""));
  }

  private static String medians(Times times) {
    return " %.2f ms (CPU %.2f)".formatted(times.wire.lastMedian(), times.cpu.lastMedian());
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    if (programs.containsKey(EQUAL)) {
      rows.add(row(Contest.FUNCTION, EQUAL, NOT_SLOWER));
      rows.add(
          new Row(
              what + ", CPU time, against " + EQUAL,
              cpu(Contest.FUNCTION),
              cpu(EQUAL),
              new Target.Times()));
      rows.add(row(Contest.FUNCTION, BARE, new Target.Times()));
    } else {
      rows.add(alone(Contest.FUNCTION));
    }
    if (programs.containsKey(Contest.FIRST)) {
      rows.add(
          programs.containsKey(BARE) ? row(Contest.FIRST, BARE, NOT_SLOWER) : alone(Contest.FIRST));
    }
    return rows;
  }

  private Row alone(String program) {
    return Row.alone(what + suffix(program), wire(program), new Target.None());
  }

  private Row row(String program, String baseline, Target target) {
    String name = what + suffix(program) + ", against " + baseline;
    return new Row(name, wire(program), wire(baseline), target);
  }

  private static String suffix(String program) {
    return program.substring(Contest.FUNCTION.length());
  }

  private Series wire(String program) {
    return times(program).wire.series(program, "ms");
  }

  private Series cpu(String program) {
    return times(program).cpu.series(program, "ms");
  }

  private Times times(String program) {
    return Objects.requireNonNull(programs.get(program), program);
  }
}
