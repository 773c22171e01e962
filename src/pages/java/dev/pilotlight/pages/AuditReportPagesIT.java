package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.audit.Assumptions;
import dev.pilotlight.cli.audit.Audit;
import dev.pilotlight.cli.audit.Auditor;
import dev.pilotlight.cli.audit.Hours;
import dev.pilotlight.cli.audit.bill.BillProgress;
import dev.pilotlight.cli.audit.report.Contents;
import dev.pilotlight.cli.audit.report.HtmlForm;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The page of `pilotlight audit`, on the article's bill, opened as a file.
@Timeout(300)
class AuditReportPagesIT {
  private static final Path EXAMPLE = Path.of("src/test/resources/audit/article");

  @Test
  void theReportShowsTheFirstStepLoadsNothingAndIsAccessible(@TempDir Path folder)
      throws Exception {
    Audit audit =
        Auditor.audit(
            List.of(EXAMPLE.resolve("cur.csv")),
            List.of(EXAMPLE.resolve("cpu.csv")),
            null,
            assumptions(),
            BillProgress.NONE);
    Path page =
        Files.writeString(folder.resolve("audit.html"), HtmlForm.render(Contents.of(audit)));
    try (Browser browser = Browser.start(folder)) {
      browser.open(page.toUri().toString());
      assertThat(browser.text("#first"))
          .contains("Move inference from 34 × m5.2xlarge", "saves EUR 9,485.34 a month");
      assertThat(browser.text(".figures")).contains("EUR 147,340.00", "EUR 9,825.34");
      browser.find("#candidates a[href='#r5']").click();
      assertThat(browser.text("#r5")).contains("cur.csv, lines 110 to 143", "m5.2xlarge");
      // the policy admits the page's style, and the bars have their widths
      assertThat(browser.script("return getComputedStyle(document.body).margin")).isEqualTo("0px");
      assertThat(browser.all("#months rect")).hasSize(4);
      browser.shoot("audit");
      Axe.assertAccessible(browser);
      browser.assertQuiet();
      assertThat(browser.requests()).allMatch(url -> url.startsWith("file:"));
    }
  }

  private static Assumptions assumptions() {
    return new Assumptions(
        Optional.of(BigDecimal.valueOf(340_000)),
        Map.of(),
        0.67,
        128,
        "article",
        Optional.empty(),
        "production",
        Optional.of(BigDecimal.ONE),
        0.9,
        0,
        Optional.empty(),
        new Hours(ZoneId.of("UTC"), 8, 20),
        Set.of("--hits", "--model", "--per-usd", "--requests"));
  }
}
