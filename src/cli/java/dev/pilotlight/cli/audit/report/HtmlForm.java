package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.report.Document.Block;
import dev.pilotlight.cli.audit.report.Document.Cell;
import dev.pilotlight.cli.audit.report.Document.Column;
import dev.pilotlight.cli.audit.report.Document.Figure;
import dev.pilotlight.cli.audit.report.Document.Section;
import dev.pilotlight.cli.audit.report.Document.Table;
import dev.pilotlight.cli.audit.report.Document.Text;
import dev.pilotlight.cli.page.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// A document as one HTML page without scripts, which loads nothing: its policy allows only its own
/// style, by the style's digest.
public final class HtmlForm {
  private static final double PERCENT = 100;

  private HtmlForm() {}

  /// The whole page.
  public static String render(Document document) {
    String style = style();
    StringBuilder out = new StringBuilder();
    out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
        .append("style-src 'sha256-")
        .append(digest(style))
        .append("'; base-uri 'none'; form-action 'none'\">\n");
    out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.append("<meta name=\"referrer\" content=\"no-referrer\">\n");
    out.append("<title>").append(escape(document.title())).append("</title>\n");
    out.append("<style>").append(style).append("</style>\n</head>\n<body>\n<main>\n");
    out.append("<h1>").append(escape(document.title())).append("</h1>\n");
    out.append("<p class=\"quiet\">").append(escape(document.subtitle())).append("</p>\n");
    figures(out, document.figures());
    out.append("<section id=\"first\">\n<h2>Do first</h2>\n<ol>\n");
    document.first().forEach(line -> out.append("<li>").append(escape(line)).append("</li>\n"));
    out.append("</ol>\n</section>\n");
    contents(out, document.sections());
    document.sections().forEach(section -> section(out, section));
    return out.append("</main>\n</body>\n</html>\n").toString();
  }

  private static void figures(StringBuilder out, List<Figure> figures) {
    out.append("<dl class=\"figures\">\n");
    for (Figure figure : figures) {
      out.append("<div><dt>")
          .append(escape(figure.label()))
          .append("</dt><dd class=\"value\">")
          .append(escape(figure.value()))
          .append("</dd><dd class=\"note\">")
          .append(escape(figure.note()))
          .append("</dd></div>\n");
    }
    out.append("</dl>\n");
  }

  private static void contents(StringBuilder out, List<Section> sections) {
    out.append("<nav aria-label=\"Sections\">\n");
    for (Section section : sections) {
      out.append("<a href=\"#")
          .append(escape(section.id()))
          .append("\">")
          .append(escape(section.title()))
          .append("</a>\n");
    }
    out.append("</nav>\n");
  }

  private static void section(StringBuilder out, Section section) {
    out.append("<section id=\"")
        .append(escape(section.id()))
        .append("\">\n<h2>")
        .append(escape(section.title()))
        .append("</h2>\n");
    for (Block block : section.blocks()) {
      switch (block) {
        case Text text -> text(out, text);
        case Table table -> table(out, table, section.id());
      }
    }
    out.append("</section>\n");
  }

  private static void text(StringBuilder out, Text text) {
    String tag = text.points() ? "li" : "p";
    out.append(text.points() ? "<ul>\n" : "");
    for (String line : text.lines()) {
      out.append('<').append(tag).append('>').append(escape(line)).append("</").append(tag);
      out.append(">\n");
    }
    out.append(text.points() ? "</ul>\n" : "");
  }

  private static void table(StringBuilder out, Table table, String id) {
    out.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .append(escape(table.caption()))
        .append("\">\n<table>\n<caption>")
        .append(escape(table.caption()))
        .append("</caption>\n<thead><tr>");
    for (Column column : table.columns()) {
      String name = column.name().isEmpty() ? "<td></td>" : header(column);
      out.append(name);
    }
    out.append("</tr></thead>\n<tbody>\n");
    boolean sources = id.equals("sources");
    for (List<Cell> row : table.rows()) {
      out.append(sources ? "<tr id=\"r" + escape(row.getFirst().text()) + "\">" : "<tr>");
      for (int i = 0; i < row.size(); i++) {
        cell(out, table.columns().get(i), row.get(i));
      }
      out.append("</tr>\n");
    }
    out.append("</tbody>\n</table>\n</div>\n");
  }

  private static String header(Column column) {
    return "<th scope=\"col\"%s>%s</th>"
        .formatted(column.number() ? " class=\"n\"" : "", escape(column.name()));
  }

  private static void cell(StringBuilder out, Column column, Cell cell) {
    out.append("<td").append(column.number() ? " class=\"n\"" : "");
    if (!column.name().isEmpty() && !cell.text().isEmpty()) {
      out.append(" data-name=\"").append(escape(column.name())).append('"');
    }
    out.append('>');
    if (cell.code() && !cell.text().isEmpty()) {
      out.append("<code>").append(escape(cell.text())).append("</code>");
    } else if (cell.text().matches("\\[\\d+]")) {
      String number = cell.text().substring(1, cell.text().length() - 1);
      out.append("<a href=\"#r%s\">[%s]</a>".formatted(number, number));
    } else {
      out.append(escape(cell.text()));
    }
    if (cell.share() >= 0) {
      String width = String.format(Locale.ROOT, "%.1f", cell.share() * PERCENT);
      out.append(
          "<svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
              + "<rect width=\"%s\" height=\"6\"/></svg>".formatted(width));
    }
    out.append("</td>");
  }

  /// A text in which nothing is markup.
  static String escape(String text) {
    return Page.escape(text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " "));
  }

  private static String style() {
    try (InputStream file = HtmlForm.class.getResourceAsStream("report.css")) {
      if (file == null) {
        throw new IllegalStateException("the command's jar has no report.css");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(String style) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
