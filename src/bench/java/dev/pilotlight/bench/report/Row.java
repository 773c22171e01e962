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

  /// As a line of the Markdown table.
  public String markdown(String measure) {
    return "| %s | %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            measure,
            what,
            value(measured),
            baseline == null ? "–" : value(baseline),
            figureText(),
            target.text(measured.unit()),
            heldText());
  }

  private static String value(Series series) {
    return "%s %s".formatted(Target.number(series.median()), series.unit());
  }

  /// The figure, with its range if there are several rounds.
  private String figureText() {
    String form =
        switch (target) {
          case Target.AtMostTimes _, Target.AtLeastTimes _, Target.Times _ -> "%s ×";
          case Target.AtMostOver _ -> "%s " + measured.unit();
          case Target.AtMost _, Target.None _ -> "";
        };
    if (form.isEmpty()) {
      return "–";
    }
    String text = form.formatted(Target.number(figure()));
    List<Double> rounds = figures().stream().sorted().toList();
    return rounds.size() == 1
        ? text
        : "%s (%s–%s)"
            .formatted(text, Target.number(rounds.getFirst()), Target.number(rounds.getLast()));
  }

  private String heldText() {
    return switch (target) {
      case Target.Times _, Target.None _ -> "–";
      default -> held() ? "yes" : "**no**";
    };
  }
}
