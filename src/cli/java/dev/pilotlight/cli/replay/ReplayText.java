package dev.pilotlight.cli.replay;

import java.util.ArrayList;
import java.util.List;

/// A report of a replay as lines of text.
public final class ReplayText {
  private static final int NAME_WIDTH = 32;
  private static final int VALUE_WIDTH = 14;

  private ReplayText() {}

  public static List<String> lines(ReplayReport report) {
    List<String> lines = new ArrayList<>();
    List<TargetResult> targets = report.outcome().targets();
    List<String> letters = ReplayReport.letters(targets.size());
    for (int i = 0; i < letters.size(); i++) {
      TargetResult target = targets.get(i);
      String headers =
          target.headers().isEmpty() ? "" : ", with " + String.join(", ", target.headers());
      lines.add(letters.get(i) + ": " + target.url() + headers);
    }
    lines.add("");
    lines.add(line("", letters));
    report.rows().forEach(row -> lines.add(line(row.name(), row.values())));
    lines.add("");
    report
        .outcome()
        .differences()
        .ifPresent(
            result -> {
              lines.addAll(ReplayReport.comparison(result));
              for (Differences.Example example : result.examples()) {
                lines.add(
                    "  line %d, %s %s: %s"
                        .formatted(
                            example.line(), example.method(), example.path(), example.reason()));
              }
              lines.add("Rules:");
              result.rules().forEach(rule -> lines.add("  " + rule));
            });
    lines.addAll(report.notes());
    return lines;
  }

  private static String line(String name, List<String> values) {
    StringBuilder line = new StringBuilder(("%-" + NAME_WIDTH + "s").formatted(name));
    values.forEach(value -> line.append(("%" + VALUE_WIDTH + "s").formatted(value)));
    return line.toString();
  }
}
