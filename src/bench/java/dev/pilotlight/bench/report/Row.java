package dev.pilotlight.bench.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One line of the report.
///
/// @param what under which circumstances, such as `two cores, wall`
/// @param baseline in the same unit and as many rounds; null if the figure stands alone
public record Row(String what, Series measured, @Nullable Series baseline, Target target) {
  public Row {
    boolean compares = !(target instanceof Target.AtMost || target instanceof Target.None);
    if (compares && baseline == null) {
      throw new IllegalArgumentException(what + " needs a baseline");
    }
  }

  public static Row alone(String what, Series measured, Target target) {
    return new Row(what, measured, null, target);
  }

  /// The figures that the target limits, round by round, from the rounds' medians.
  List<Double> figures() {
    List<Double> own = measured.medians();
    List<Double> others = baseline == null ? own : baseline.medians();
    List<Double> figures = new ArrayList<>();
    for (int round = 0; round < own.size(); round++) {
      figures.add(target.figure(own.get(round), others.get(round)));
    }
    return figures;
  }

  /// The median of the rounds.
  public double figure() {
    return Series.percentile(figures(), 50);
  }

  public boolean held() {
    return target.holds(figure());
  }

  /// Without the samples.
  ///
  /// @param measure that it belongs to
  public KeptRow kept(String measure) {
    return new KeptRow(
        measure,
        what,
        measured.unit(),
        Figures.of(measured),
        baseline == null ? null : Figures.of(baseline),
        target.isRatio() ? compared() : null,
        target instanceof Target.AtMostOver ? compared() : null,
        target.text(measured.unit()),
        target.isLimit() ? held() : null);
  }

  private KeptRow.Compared compared() {
    List<Double> sorted = figures().stream().sorted().toList();
    return new KeptRow.Compared(
        Figures.rounded(figure()),
        Figures.rounded(sorted.getFirst()),
        Figures.rounded(sorted.getLast()));
  }
}
