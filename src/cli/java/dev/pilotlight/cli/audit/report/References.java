package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.Source;
import dev.pilotlight.cli.audit.report.Document.Cell;
import dev.pilotlight.cli.audit.report.Document.Column;
import dev.pilotlight.cli.audit.report.Document.Section;
import dev.pilotlight.cli.audit.report.Document.Table;
import dev.pilotlight.cli.audit.report.Document.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Numbers the figures of a report, and lists where each is from.
final class References {
  private final List<List<Cell>> rows = new ArrayList<>();
  private final Map<Source, Integer> numbers = new HashMap<>();

  /// A cell with the number of a reference.
  Cell cell(Source source) {
    Integer known = numbers.get(source);
    if (known != null) {
      return Cell.of("[" + known + "]");
    }
    int number = rows.size() + 1;
    numbers.put(source, number);
    rows.add(
        List.of(
            Cell.of(Integer.toString(number)),
            Cell.of(source.ranges().isEmpty() ? "no lines" : Texts.lines(source)),
            Cell.of(source.filter())));
    return Cell.of("[" + number + "]");
  }

  Section section() {
    List<Column> columns =
        List.of(new Column("", true), new Column("lines", false), new Column("filter", false));
    return new Section(
        "sources",
        "Where each figure is from",
        List.of(
            new Text(
                false,
                List.of(
                    "The amortised cost of these lines, summed over those that the filter keeps, is"
                        + " the figure with the number. In a filter, 'apart' means credits,"
                        + " refunds, tax, support and discounts. docs/audit.md has the columns of"
                        + " each format for the names of a filter.")),
            new Table("Files, lines and filter of each figure", columns, List.copyOf(rows))));
  }
}
