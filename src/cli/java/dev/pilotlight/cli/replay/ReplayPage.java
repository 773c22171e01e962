package dev.pilotlight.cli.replay;

import dev.pilotlight.cli.page.LineChart;
import dev.pilotlight.cli.page.Page;
import java.util.ArrayList;
import java.util.List;

/// A report of a replay as one HTML page.
public final class ReplayPage {
  private ReplayPage() {}

  public static String render(ReplayReport report) {
    List<TargetResult> targets = report.outcome().targets();
    List<String> letters = ReplayReport.letters(targets.size());
    Page page = new Page("Replay of " + report.file());
    for (int i = 0; i < letters.size(); i++) {
      page.paragraph(letters.get(i) + ": " + targets.get(i).url());
    }
    List<String> head = new ArrayList<>(List.of(""));
    head.addAll(letters);
    page.heading("Results").table("All measured requests", head, cells(report.rows()));
    if (targets.stream().anyMatch(target -> target.latency().count() > 0)) {
      page.heading("Latency").chart(chart(targets, letters));
    }
    report.outcome().differences().ifPresent(result -> differences(page, result));
    return page.heading("How it was measured").list(report.notes()).render();
  }

  private static List<List<String>> cells(List<ReplayReport.Row> rows) {
    List<List<String>> cells = new ArrayList<>();
    for (ReplayReport.Row row : rows) {
      List<String> line = new ArrayList<>(List.of(row.name()));
      line.addAll(row.values());
      cells.add(line);
    }
    return cells;
  }

  private static LineChart chart(List<TargetResult> targets, List<String> letters) {
    List<LineChart.Series> series = new ArrayList<>();
    for (int i = 0; i < letters.size(); i++) {
      Latency latency = targets.get(i).latency();
      if (latency.count() > 0) {
        series.add(
            new LineChart.Series(letters.get(i), List.copyOf(latency.percentiles().values())));
      }
    }
    List<String> names = List.copyOf(targets.getFirst().latency().percentiles().keySet());
    return new LineChart("Milliseconds by percentile of the requests", names, series);
  }

  private static void differences(Page page, Differences.Result result) {
    page.heading("Answers of A and B").list(ReplayReport.comparison(result));
    if (!result.examples().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      for (Differences.Example example : result.examples()) {
        rows.add(
            List.of(
                Integer.toString(example.line()),
                example.method() + " " + example.path(),
                example.reason()));
      }
      page.texts(
          "The first answers that differ, with A's value before B's",
          List.of("line", "request", "difference"),
          rows);
    }
    page.paragraph("Two answers are compared by these rules:").list(result.rules());
  }
}
