package dev.pilotlight.cli.page;

import java.util.List;

/// An HTML page that needs no other file, no script and no network. Every text is escaped.
public final class Page {
  @SuppressWarnings("InlineFormatString") // the method stays short
  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'unsafe-inline'">
      <title>{title}</title>
      <style>
      :root { color-scheme: light dark;
        --paper: #fbfaf7; --card: #ffffff; --ink: #1c1f26; --quiet: #5a6070; --line: #dcdad3;
        --accent: #b3400d; --c1: #b3400d; --c2: #1f5f99; --c3: #3d7a4f; --c4: #7a4f9a; }
      @media (prefers-color-scheme: dark) { :root {
        --paper: #14161a; --card: #1d2026; --ink: #eceae4; --quiet: #a9afbd; --line: #363a43;
        --accent: #ff9a62; --c1: #ff9a62; --c2: #7db8ee; --c3: #8fd0a2; --c4: #c8a4e6; } }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--paper); color: var(--ink);
        font: 16px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
      main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
      h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
      p, li { max-width: 48rem; overflow-wrap: anywhere; }
      figure, .table { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
        padding: .75rem; margin: 1rem 0; overflow-x: auto; }
      :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
      table { border-collapse: collapse; width: 100%; }
      caption { text-align: left; color: var(--quiet); padding-bottom: .5rem; }
      th, td { text-align: right; padding: .25rem .75rem; border-bottom: 1px solid var(--line);
        vertical-align: top; }
      th:first-child, .text td { text-align: left; } .text th { text-align: left; }
      td { white-space: nowrap; }
      .text td { white-space: normal; overflow-wrap: anywhere; }
      figcaption { color: var(--quiet); } svg { width: 100%; min-width: 34rem; height: auto; }
      svg text { fill: var(--ink); font-size: 12px; } .grid { stroke: var(--line); }
      .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); }
      .s4 { stroke: var(--c4); } polyline { fill: none; stroke-width: 2.5; }
      </style>
      </head>
      <body>
      <main>
      <h1>{title}</h1>
      """;

  private final StringBuilder html = new StringBuilder();
  private int regions;

  public Page(String title) {
    html.append(HEAD.replace("{title}", escape(title)));
  }

  public Page heading(String text) {
    html.append("<h2>").append(escape(text)).append("</h2>\n");
    return this;
  }

  public Page paragraph(String text) {
    html.append("<p>").append(escape(text)).append("</p>\n");
    return this;
  }

  public Page list(List<String> items) {
    html.append("<ul>\n");
    items.forEach(item -> html.append("<li>").append(escape(item)).append("</li>\n"));
    html.append("</ul>\n");
    return this;
  }

  /// A table of numbers, whose first column names the rows.
  public Page table(String caption, List<String> head, List<List<String>> rows) {
    return table(caption, head, rows, "table");
  }

  /// A table of texts, whose first column names the rows.
  public Page texts(String caption, List<String> head, List<List<String>> rows) {
    return table(caption, head, rows, "table text");
  }

  private Page table(
      String caption, List<String> head, List<List<String>> rows, String styleClass) {
    String id = "caption" + ++regions;
    html.append("<div class=\"%s\" role=\"region\" tabindex=\"0\"".formatted(styleClass))
        .append(" aria-labelledby=\"%s\">\n<table>\n<caption id=\"%s\">".formatted(id, id))
        .append(escape(caption))
        .append("</caption>\n<thead><tr>");
    head.forEach(
        name ->
            html.append(
                name.isEmpty() ? "<td></td>" : "<th scope=\"col\">" + escape(name) + "</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    rows.forEach(this::row);
    html.append("</tbody>\n</table>\n</div>\n");
    return this;
  }

  private void row(List<String> cells) {
    html.append("<tr><th scope=\"row\">").append(escape(cells.getFirst())).append("</th>");
    cells.stream()
        .skip(1)
        .forEach(cell -> html.append("<td>").append(escape(cell)).append("</td>"));
    html.append("</tr>\n");
  }

  /// A chart; a table next to it has the same numbers.
  public Page chart(LineChart chart) {
    html.append("<figure tabindex=\"0\">\n")
        .append(chart.svg())
        .append("<figcaption>")
        .append(escape(chart.label()))
        .append("</figcaption>\n</figure>\n");
    return this;
  }

  /// The whole page.
  public String render() {
    return html + "</main>\n</body>\n</html>\n";
  }

  /// A text for elements and quoted attributes, without what HTML or UTF-8 cannot hold.
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;")
        .replaceAll("[\\p{Cntrl}\\p{Cs}&&[^\\n\\t]]", "\ufffd");
  }
}
