package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `pilotlight audit`, on the bill of the article's own example.
final class AuditCommandTest {
  private static final Path EXAMPLE = Path.of("src/test/resources/audit/article");
  private static final String BILL = EXAMPLE.resolve("cur.csv").toString();

  @TempDir private Path folder;

  private static TestRun audit(String... more) {
    List<String> arguments = new ArrayList<>(List.of("audit", BILL));
    arguments.addAll(List.of(more));
    return TestRun.run(arguments.toArray(String[]::new));
  }

  private static TestRun article(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--utilisation", EXAMPLE.resolve("cpu.csv").toString()));
    arguments.addAll(List.of("--requests", "340000", "--hits", "0.67"));
    arguments.addAll(List.of("--model", "article", "--per-usd", "1"));
    arguments.addAll(List.of(more));
    return audit(arguments.toArray(String[]::new));
  }

  private static void compare(String name, String text) throws IOException {
    Path expected = EXAMPLE.resolve(name);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(expected, text);
    }
    assertThat(text).isEqualTo(Files.readString(expected));
  }

  @Test
  void theArticlesBillHasTheReportsThatAreKept() throws IOException {
    Path markdown = folder.resolve("audit.md");
    TestRun text = article("--markdown", markdown.toString());
    assertThat(text.err()).isEmpty();
    assertThat(text.exitCode()).isZero();
    compare("expected.txt", text.out());
    compare("expected.md", Files.readString(markdown));
    compare("expected.json", article("--json").out());
  }

  @Test
  void theArticlesBillHasTheStorysShape() {
    JsonObject audit = JsonParser.parseString(article("--json").out()).getAsJsonObject();

    assertThat(audit.get("services_total").getAsBigDecimal()).isEqualByComparingTo("147340");
    JsonObject first = audit.getAsJsonArray("months").get(0).getAsJsonObject();
    assertThat(first.get("cost").getAsBigDecimal()).isEqualByComparingTo("43000");
    JsonObject fleet = audit.getAsJsonArray("machines").get(0).getAsJsonObject();
    assertThat(fleet.get("always_on").getAsInt()).isEqualTo(34);
    assertThat(fleet.get("used_percent").getAsInt()).isEqualTo(23);
    // 34 x 0.384 x 730
    assertThat(fleet.get("cost").getAsBigDecimal()).isEqualByComparingTo("9530.88");
    JsonObject candidate = audit.getAsJsonArray("candidates").get(0).getAsJsonObject();
    assertThat(candidate.get("saving").getAsBigDecimal()).isEqualByComparingTo("9485.34");
    assertThat(audit.get("saving").getAsBigDecimal()).isEqualByComparingTo("9825.34");
    assertThat(audit.getAsJsonArray("findings").toString()).contains("\"same-size\"");
  }

  @Test
  void thePageNamesTheFirstStepAndItsSavingBeforeEverythingElse() throws IOException {
    Path html = folder.resolve("audit.html");
    assertThat(article("--html", html.toString()).exitCode()).isZero();
    String page = Files.readString(html);
    int first =
        page.indexOf("Move inference from 34 × m5.2xlarge to Pilotlight: saves EUR 9,485.34");
    assertThat(first).isBetween(page.indexOf("<h2>Do first</h2>"), page.indexOf("id=\"plan\""));
    assertThat(page).contains("<td class=\"n\" data-name=\"used\">23.0 %</td>");
    assertThat(page.length()).isLessThan(100_000);
    assertThat(page).doesNotContain("<script");
  }

  @Test
  void withoutRequestsOrAnExportNothingIsPromisedForTheMachines() {
    TestRun run = audit("--per-usd", "1");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("The plan saves a month     EUR 340.00").contains("unknown");
    TestRun noRate = audit("--requests", "340000");
    assertThat(noRate.out())
        .contains("The plan saves a month     EUR 340.00")
        .contains("compare with --per-usd");
  }

  @Test
  void theReportNamesItsExportsAndWhatIsADefault() {
    String report = article("--tokens", "128").out().replaceAll("\\s+", " ");
    assertThat(report)
        .contains("180 lines after the header), " + EXAMPLE.resolve("cpu.csv"))
        .contains("Used: by " + EXAMPLE.resolve("cpu.csv"))
        .contains(" 67.0 % given --hits")
        .contains("tokens of a text 128 given --tokens")
        .contains("stack production default --preset")
        .contains(" and 33 more ");
    assertThat(audit().out().replaceAll("\\s+", " "))
        .contains("Used: unknown, because a bill has no utilisation")
        .contains(" 0.0 % default --hits");
  }

  @Test
  void theReportAsksOnlyForWhatWasNotGiven() {
    String asked = next(audit().out());
    assertThat(asked)
        .contains("--requests TYPE=N", "--per-usd RATE", "how busy machines are")
        .contains("--milliseconds MS", "--cold-share SHARE", "--budgets yes|no");
    String[] given = {"--milliseconds", "340", "--cold-share", "0.5", "--budgets", "no"};
    assertThat(next(article(given).out()))
        .doesNotContain("--requests", "--per-usd", "how busy")
        .doesNotContain("--milliseconds", "--cold-share", "--budgets")
        .contains("what is idle", "a bill by the hour");
    TestRun noRate = audit("--requests", "m5.2xlarge=340000");
    assertThat(next(noRate.out())).doesNotContain("--requests").contains("--per-usd RATE");
    assertThat(noRate.out()).containsPattern("9,530.88 +340,000 +– +–");
  }

  @Test
  void aBillInUsdTakesNoOtherRate() throws IOException {
    Path usd = folder.resolve("usd.csv");
    Files.writeString(usd, Files.readString(Path.of(BILL)).replace(",EUR,", ",USD,"));
    TestRun other = TestRun.run("audit", usd.toString(), "--per-usd", "0.9");
    assertThat(other.exitCode()).isOne();
    assertThat(other.out()).isEmpty();
    assertThat(other.err())
        .contains("--per-usd is 0.9, but the bill is in USD; accepted: 1, or no --per-usd");
    TestRun one = TestRun.run("audit", usd.toString(), "--per-usd", "1.0");
    assertThat(one.exitCode()).isZero();
    assertThat(one.out()).contains("Cost in USD").containsPattern("bill's currency +1 +given");
  }

  private static String next(String report) {
    int begin = report.indexOf("What to give next time");
    assertThat(begin).isPositive();
    return report.substring(begin, report.indexOf("Where the money goes"));
  }

  @Test
  void reportStatesThatSavingsAreBeforeColumnDiscounts() throws IOException {
    List<String> lines = Files.readAllLines(Path.of(BILL));
    String rows = lines.stream().skip(1).map(line -> line + ",-1\n").collect(Collectors.joining());
    Path bill = folder.resolve("cur.csv");
    Files.writeString(bill, lines.getFirst() + ",discount_total_discount\n" + rows);

    String report = TestRun.run("audit", bill.toString()).out();

    assertThat(report.replaceAll("\\s+", " "))
        .contains("savings are before those of discount_total_discount")
        .doesNotContain("savings are net of that");
  }

  @Test
  void noteWithTheNameOfTheColumnIsNotADiscount() throws IOException {
    String lines = Files.readString(Path.of(BILL));
    Path bill = folder.resolve("discount_total_discount.csv");
    Files.writeString(bill, lines + lines.lines().findFirst().orElseThrow() + "\n");

    String report = TestRun.run("audit", bill.toString()).out().replaceAll("\\s+", " ");

    assertThat(report)
        .contains("first at " + bill)
        .doesNotContainIgnoringCase("savings are before");
  }

  @Test
  void aTerminalSeesTheProgressWhichIsErasedAtTheEnd() throws IOException {
    TestRun run = TestRun.runOn(new Terminal(true, false), "audit", BILL);

    String megabytes = "%.0f".formatted(Files.size(Path.of(BILL)) / 1e6);
    assertThat(run.err())
        .startsWith("\r\u001b[K[")
        .contains("[" + "#".repeat(30) + "] " + megabytes + " of " + megabytes + " MB, 180 lines")
        .endsWith(" lines\r\u001b[K");
    assertThat(run.out()).startsWith("AWS bill of 2026-10");
    assertThat(audit().err()).as("without a terminal").isEmpty();
  }

  @Test
  void aMonthCanBeChosen() {
    TestRun run = audit("--month", "2026-09");
    assertThat(run.out()).startsWith("AWS bill of 2026-09").contains("EUR 97,740.00");
    TestRun none = audit("--month", "2025-01");
    assertThat(none.exitCode()).isOne();
    assertThat(none.err()).contains("--month is 2025-01; the bill has [2026-07, 2026-08, ");
  }

  @Test
  void requestsOfAnUnknownMachineAreRefused() {
    TestRun run = audit("--requests", "i-elsewhere=5");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("--requests names 'i-elsewhere', but no machine of the bill");
  }

  @Test
  void anExistingReportIsReplacedOnlyIfThatIsAskedFor() throws IOException {
    Path html = Files.writeString(folder.resolve("a.html"), "mine");
    TestRun refused = audit("--html", html.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("a.html exists; --replace replaces it");
    assertThat(html).hasContent("mine");
    assertThat(audit("--html", html.toString(), "--replace").exitCode()).isZero();
    assertThat(Files.readString(html)).startsWith("<!doctype html>");
  }

  @Test
  void aReportNeverReplacesTheOtherOneOrAFileThatIsRead() throws IOException {
    String html = folder.resolve("a.html").toString();
    TestRun same = audit("--html", html, "--markdown", folder.resolve("./a.html").toString());
    assertThat(same.exitCode()).isEqualTo(2);
    assertThat(same.err()).contains("--html and --markdown name the same file");

    Path bill = Files.copy(Path.of(BILL), folder.resolve("cur.csv"));
    TestRun over = TestRun.run("audit", bill.toString(), "--replace", "--html", bill.toString());
    assertThat(over.exitCode()).isEqualTo(2);
    assertThat(over.err()).contains("cur.csv is a file that is read");
    TestRun inside =
        TestRun.run("audit", folder.toString(), "--replace", "--html", bill.toString());
    assertThat(inside.exitCode()).isEqualTo(2);
    assertThat(bill).hasSameTextualContentAs(Path.of(BILL));
    Path link = Files.createSymbolicLink(folder.resolve("link.html"), bill);
    TestRun linked = TestRun.run("audit", bill.toString(), "--replace", "--html", link.toString());
    assertThat(linked.exitCode()).isEqualTo(2);
  }

  @Test
  void aBillThatCannotBeReadLeavesNoReport() throws IOException {
    Path bill = Files.writeString(folder.resolve("bill.csv"), "a,b\n1,2\n");
    Path html = folder.resolve("a.html");
    TestRun run = TestRun.run("audit", bill.toString(), "--html", html.toString());
    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("pilotlight: ").contains("bill.csv");
    assertThat(html).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "--hits | 1.5 | --hits is '1.5'; accepted: 0.0 to 1.0",
        "--tokens | 0 | --tokens is",
        "--always-on | 0 | --always-on is",
        "--cold-share | -1 | --cold-share is",
        "--per-usd | 0 | --per-usd is '0'; accepted: a rate over 0",
        "--model | bert | --model is 'bert'; accepted: all-minilm, article",
        "--preset | fast | --preset is 'fast'; accepted: production, starter",
        "--budgets | maybe | --budgets is 'maybe'; accepted: yes, no",
        "--work | 20-8 | --work is '20-8'; accepted: hours such as 8-20",
        "--work | always | --work is",
        "--zone | Mars | --zone is 'Mars'; accepted: a zone such as Europe/Paris",
        "--requests | many | --requests is 'many'; accepted: inferences a month",
        "--requests | i-1=-5 | --requests is 'i-1=-5'; accepted: inferences a month",
        "--milliseconds | 900001 | --milliseconds is",
        "--month | October | --month is 'October'; accepted: a month such as 2026-11"
      })
  void wrongOptionsAreRefused(String option, String value, String message) {
    TestRun run = audit(option, value);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message);
    assertThat(run.out()).isEmpty();
  }
}
