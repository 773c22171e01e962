package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.report.Document.Cell;
import dev.pilotlight.cli.audit.report.Document.Column;
import dev.pilotlight.cli.audit.report.Document.Figure;
import dev.pilotlight.cli.audit.report.Document.Section;
import dev.pilotlight.cli.audit.report.Document.Table;
import dev.pilotlight.cli.audit.report.Document.Text;
import java.util.List;

/// A document as Markdown with tables.
public final class MarkdownForm {
  private static final String SPECIAL = "\\`*_{}[]<>|#~&";

  private MarkdownForm() {}

  /// The whole document.
  public static String render(Document document) {
    StringBuilder out = new StringBuilder();
    out.append("# ").append(text(document.title())).append("\n\n");
    out.append(text(document.subtitle())).append("\n\n| | | |\n|---|---:|---|\n");
    for (Figure figure : document.figures()) {
      out.append("| ")
          .append(text(figure.label()))
          .append(" | **")
          .append(text(figure.value()))
          .append("** | ")
          .append(text(figure.note()))
          .append(" |\n");
    }
    out.append("\n## Do first\n\n");
    document.first().forEach(line -> out.append("- ").append(text(line)).append('\n'));
    for (Section section : document.sections()) {
      out.append("\n## ").append(text(section.title())).append("\n");
      for (Document.Block block : section.blocks()) {
        out.append('\n');
        switch (block) {
          case Text lines -> lines(out, lines);
          case Table table -> table(out, table);
        }
      }
    }
    return out.toString();
  }

  private static void lines(StringBuilder out, Text lines) {
    String end = lines.points() ? "\n" : "\n\n";
    for (String line : lines.lines()) {
      out.append(lines.points() ? "- " : "").append(text(line)).append(end);
    }
    if (!lines.points()) {
      out.setLength(out.length() - 1);
    }
  }

  private static void table(StringBuilder out, Table table) {
    out.append('|');
    for (Column column : table.columns()) {
      out.append(' ').append(text(column.name())).append(" |");
    }
    out.append("\n|");
    for (Column column : table.columns()) {
      out.append(column.number() ? "---:|" : "---|");
    }
    out.append('\n');
    for (List<Cell> row : table.rows()) {
      out.append('|');
      for (Cell cell : row) {
        out.append(' ').append(cell.code() ? code(cell.text()) : text(cell.text())).append(" |");
      }
      out.append('\n');
    }
  }

  /// A text of which no character has a meaning in Markdown or HTML.
  static String text(String text) {
    StringBuilder escaped = new StringBuilder();
    for (char each : line(text).toCharArray()) {
      if (SPECIAL.indexOf(each) >= 0) {
        escaped.append('\\');
      }
      escaped.append(each);
    }
    return escaped.toString();
  }

  private static String code(String text) {
    String line = line(text);
    // a pipe ends a cell also in code
    return line.isEmpty() ? "" : "`` " + line.replace("`", "'").replace("|", "\\|") + " ``";
  }

  private static String line(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ");
  }
}
