package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.report.Document.Block;
import dev.pilotlight.cli.audit.report.Document.Cell;
import dev.pilotlight.cli.audit.report.Document.Column;
import dev.pilotlight.cli.audit.report.Document.Figure;
import dev.pilotlight.cli.audit.report.Document.Section;
import dev.pilotlight.cli.audit.report.Document.Table;
import dev.pilotlight.cli.audit.report.Document.Text;
import java.util.ArrayList;
import java.util.List;

/// A document as lines of up to 100 columns. Commands are never broken, because they are to be
/// copied.
///
/// @param colour whether headings are bold
public record TerminalForm(boolean colour) {
  private static final int WIDTH = 100;
  private static final int COLUMN_MIN = 12;
  private static final String GAP = "  ";

  /// The whole document, with a line feed after each line.
  public String render(Document document) {
    StringBuilder out = new StringBuilder();
    line(out, bold(plain(document.title())));
    wrap(plain(document.subtitle()), WIDTH).forEach(each -> line(out, each));
    line(out, "");
    int label = 0;
    for (Figure figure : document.figures()) {
      label = Math.max(label, figure.label().length());
    }
    for (Figure figure : document.figures()) {
      String left = pad(plain(figure.label()), label, false) + GAP;
      String note = figure.note().isEmpty() ? "" : "  (" + plain(figure.note()) + ")";
      hang(out, left, plain(figure.value()) + note);
    }
    line(out, "");
    line(out, bold("Do first"));
    document.first().forEach(each -> hang(out, "  ", plain(each)));
    for (Section section : document.sections()) {
      line(out, "");
      line(out, bold(plain(section.title())));
      section.blocks().forEach(block -> block(out, block));
    }
    return out.toString();
  }

  private void block(StringBuilder out, Block block) {
    switch (block) {
      case Text text ->
          text.lines().forEach(each -> hang(out, text.points() ? "  - " : "  ", plain(each)));
      case Table table -> table(out, table);
    }
  }

  private static void table(StringBuilder out, Table table) {
    List<Column> columns = table.columns();
    int[] widths = widths(table);
    List<String> header = new ArrayList<>();
    columns.forEach(column -> header.add(column.name()));
    row(out, columns, widths, header);
    for (List<Cell> cells : table.rows()) {
      List<String> texts = new ArrayList<>();
      List<String> commands = new ArrayList<>();
      for (Cell cell : cells) {
        texts.add(cell.code() ? "" : plain(cell.text()));
        if (cell.code() && !cell.text().isEmpty()) {
          commands.add(plain(cell.text()));
        }
      }
      row(out, columns, widths, texts);
      commands.forEach(command -> line(out, "      $ " + command));
    }
  }

  /// The widths of columns, of which the widest texts give way until the row fits.
  private static int[] widths(Table table) {
    int[] widths = new int[table.columns().size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = table.columns().get(i).name().length();
      boolean code = false;
      for (List<Cell> row : table.rows()) {
        Cell cell = row.get(i);
        code |= cell.code();
        widths[i] = Math.max(widths[i], cell.code() ? 0 : plain(cell.text()).length());
      }
      // commands have lines without other cells
      widths[i] = code ? 0 : widths[i];
    }
    while (total(widths) > WIDTH) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        boolean shrinks = !table.columns().get(i).number() && widths[i] > COLUMN_MIN;
        if (shrinks && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private static int total(int[] widths) {
    int total = 0;
    for (int width : widths) {
      total += width == 0 ? 0 : width + GAP.length();
    }
    return total;
  }

  private static void row(
      StringBuilder out, List<Column> columns, int[] widths, List<String> texts) {
    List<List<String>> cells = new ArrayList<>();
    int height = 1;
    for (int i = 0; i < widths.length; i++) {
      List<String> cell = widths[i] == 0 ? List.of() : wrap(texts.get(i), widths[i]);
      cells.add(cell);
      height = Math.max(height, cell.size());
    }
    for (int at = 0; at < height; at++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        if (widths[i] > 0) {
          String text = at < cells.get(i).size() ? cells.get(i).get(at) : "";
          line.append(GAP).append(pad(text, widths[i], columns.get(i).number()));
        }
      }
      line(out, line.toString());
    }
  }

  private static void hang(StringBuilder out, String left, String text) {
    List<String> lines = wrap(text, WIDTH - left.length());
    for (int i = 0; i < lines.size(); i++) {
      line(out, (i == 0 ? left : " ".repeat(left.length())) + lines.get(i));
    }
  }

  /// Breaks a text at spaces, and a longer word where the line ends.
  static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 ? space : width;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }

  private static String pad(String text, int width, boolean right) {
    String space = " ".repeat(Math.max(0, width - text.length()));
    return right ? space + text : text + space;
  }

  private static void line(StringBuilder out, String text) {
    out.append(text.stripTrailing()).append('\n');
  }

  /// Without control characters, which could move a terminal's cursor.
  private static String plain(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ");
  }

  private String bold(String text) {
    return colour ? "\u001b[1m" + text + "\u001b[0m" : text;
  }
}
