package dev.pilotlight.cli.audit.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.audit.report.Document.Cell;
import dev.pilotlight.cli.audit.report.Document.Column;
import dev.pilotlight.cli.audit.report.Document.Figure;
import dev.pilotlight.cli.audit.report.Document.Section;
import dev.pilotlight.cli.audit.report.Document.Table;
import dev.pilotlight.cli.audit.report.Document.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Names in a bill come from anyone: no form takes them as markup.
final class FormsTest {
  private static final String EVIL = "<script>alert('1')</script> | `x` \u001b[31m [a](b) & \"q\"";

  private static Document document() {
    List<Column> columns =
        List.of(new Column(EVIL, false), new Column("n", true), new Column("command", false));
    Table table =
        new Table(
            EVIL, columns, List.of(List.of(Cell.of(EVIL), Cell.bar("1", 0.5), Cell.code(EVIL))));
    return new Document(
        EVIL,
        EVIL,
        List.of(new Figure(EVIL, EVIL, EVIL)),
        List.of(EVIL),
        List.of(new Section("s", EVIL, List.of(new Text(true, List.of(EVIL)), table))));
  }

  @Test
  void htmlEscapesEveryTextAndAllowsOnlyItsStyle() {
    String page = HtmlForm.render(document());
    assertThat(page).doesNotContain("<script").doesNotContain("\u001b").doesNotContain("onload");
    assertThat(page).contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;");
    assertThat(page).contains("default-src 'none'; style-src 'sha256-");
    assertThat(page).contains("<rect width=\"50.0\" height=\"6\"/>");
    assertThat(page.split("[^-]style=", -1)).hasSize(1);
    assertThat(page).doesNotContain("http:").doesNotContain("https:").doesNotContain("url(");
  }

  @Test
  void markdownEscapesEveryText() {
    String text = MarkdownForm.render(document());
    assertThat(text).contains("\\<script\\>alert('1')\\</script\\> \\|");
    assertThat(text).doesNotContain("\u001b");
    assertThat(text.replaceAll("`` .*? ``", "")).doesNotContainPattern("[^\\\\]<");
    assertThat(text.lines().filter(line -> line.startsWith("| \\<")))
        .allSatisfy(row -> assertThat(row.replace("\\|", "").split("\\|", -1)).hasSize(5));
  }

  @Test
  void theTerminalGetsNoControlCharactersAndAHundredColumns() {
    Cell longText = Cell.of("word ".repeat(60).strip());
    Column text = new Column("a", false);
    Table wide = new Table("t", List.of(text, text), List.of(List.of(longText, longText)));
    Document document =
        new Document(
            EVIL,
            "word ".repeat(50),
            List.of(new Figure("f", "v", "n")),
            List.of("word ".repeat(50)),
            List.of(new Section("s", EVIL, List.of(new Text(true, List.of(EVIL)), wide))));
    String plain = new TerminalForm(false).render(document);
    assertThat(plain).doesNotContain("\u001b");
    assertThat(plain.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(101));
    assertThat(new TerminalForm(true).render(document)).contains("\u001b[1m");
  }

  @Test
  void commandsAreOneLineOfTheTerminal() {
    String command = "aws " + "x".repeat(120);
    Table table =
        new Table(
            "t",
            List.of(new Column("a", false), new Column("command", false)),
            List.of(List.of(Cell.of("step"), Cell.code(command))));
    Document document =
        new Document(
            "t", "s", List.of(), List.of(), List.of(new Section("s", "S", List.of(table))));
    assertThat(new TerminalForm(false).render(document)).contains("      $ " + command + "\n");
  }

  @Test
  void longWordsAreBroken() {
    assertThat(TerminalForm.wrap("a".repeat(25), 10))
        .containsExactly("a".repeat(10), "a".repeat(10), "a".repeat(5));
    assertThat(TerminalForm.wrap("one two three", 7)).containsExactly("one two", "three");
  }

  @Test
  void filesAreReplacedWholeAndNothingIsLeftNextToThem(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("audit.html");
    ReportFile.write(Map.of(file, "one"));
    ReportFile.write(Map.of(file, "two"));
    assertThat(file).hasContent("two");
    assertThat(folder).isDirectoryNotContaining(each -> !each.equals(file));
    assertThat(Files.size(file)).isEqualTo(3);
  }
}
