package dev.pilotlight.cli;

import dev.pilotlight.cli.audit.Audit;
import dev.pilotlight.cli.audit.Auditor;
import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillSummary.FileSummary;
import dev.pilotlight.cli.audit.report.AuditJson;
import dev.pilotlight.cli.audit.report.Contents;
import dev.pilotlight.cli.audit.report.Document;
import dev.pilotlight.cli.audit.report.HtmlForm;
import dev.pilotlight.cli.audit.report.MarkdownForm;
import dev.pilotlight.cli.audit.report.ReportFile;
import dev.pilotlight.cli.audit.report.TerminalForm;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pilotlight audit BILL…`: where an AWS bill's money goes, what would be cheaper, and a plan.
@Command(
    name = "audit",
    description = {
      "Shows where the money of an AWS bill goes, what Pilotlight would replace, a score and a"
          + " plan.",
      "",
      "It reads Cost and Usage Reports (legacy and 2.0), FOCUS and Cost Explorer's CSV, and sends"
          + " nothing anywhere. Pass several months for trends.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer =
        "  pilotlight audit cur/*.csv.gz --utilisation cpu.csv --requests 340000 --html audit.html",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      "1:A bill or an export cannot be read; nothing is written.",
      "2:The command line is wrong, or a report exists and --replace is missing."
    })
final class AuditCommand implements Callable<Integer> {
  private final Terminal terminal;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  @Parameters(
      paramLabel = "BILL",
      arity = "1..*",
      description = "Files or folders of one or several months.")
  private List<Path> bills = new ArrayList<>();

  @Option(
      names = "--utilisation",
      paramLabel = "FILE",
      description =
          "An export of Compute Optimizer or Cost Optimization Hub, or a table of CloudWatch's"
              + " averages; repeatable.")
  private List<Path> exports = new ArrayList<>();

  @Option(
      names = "--month",
      paramLabel = "YYYY-MM",
      description = "The month to report; default: the last one.")
  private @Nullable String month;

  @Option(names = "--html", paramLabel = "FILE", description = "Also writes one HTML page.")
  private @Nullable Path html;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Also writes Markdown.")
  private @Nullable Path markdown;

  @Option(names = "--replace", description = "Replaces the files of --html and --markdown.")
  private boolean replace;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @ArgGroup(
      exclusive = false,
      validate = false,
      heading = "%nAssumptions, for what a bill does not show:%n")
  private AuditOptions assumed = new AuditOptions();

  AuditCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    checkFile(html);
    checkFile(markdown);
    checkOthers();
    PrintWriter out = spec.commandLine().getOut();
    Audit audit;
    try (var progress = AuditProgress.start(spec.commandLine().getErr(), terminal)) {
      audit =
          Auditor.audit(bills, exports, month(), assumed.assumptions(spec.commandLine()), progress);
    } catch (BillException e) {
      return failure(e.getMessage() == null ? "the bill cannot be read" : e.getMessage());
    }
    for (FileSummary file : audit.bill().files()) {
      requireOther(html, Path.of(file.file().name()));
      requireOther(markdown, Path.of(file.file().name()));
    }
    Document document = Contents.of(audit);
    try {
      write(document);
    } catch (IOException e) {
      return failure("a report cannot be written: " + e);
    }
    out.print(
        json ? AuditJson.render(audit) : new TerminalForm(terminal.colour()).render(document));
    out.flush();
    return 0;
  }

  private void write(Document document) throws IOException {
    Map<Path, String> reports = new LinkedHashMap<>();
    if (html != null) {
      reports.put(html, HtmlForm.render(document));
    }
    if (markdown != null) {
      reports.put(markdown, MarkdownForm.render(document));
    }
    ReportFile.write(reports);
  }

  // a report never replaces the other one, a bill or an export
  private void checkOthers() {
    if (html != null && markdown != null && place(html).equals(place(markdown))) {
      throw usage("--html and --markdown name the same file");
    }
    for (Path input : Stream.concat(bills.stream(), exports.stream()).toList()) {
      requireOther(html, input);
      requireOther(markdown, input);
    }
  }

  private void requireOther(@Nullable Path report, Path input) {
    if (report != null && place(report).equals(place(input))) {
      throw usage(report + " is a file that is read; accepted: another name");
    }
  }

  private static Path place(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException _) {
      // a report that does not exist yet, in a folder that does
      Path absolute = file.toAbsolutePath().normalize();
      Path folder = absolute.getParent();
      try {
        return folder == null ? absolute : folder.toRealPath().resolve(absolute.getFileName());
      } catch (IOException _) {
        return absolute;
      }
    }
  }

  private int failure(String message) {
    spec.commandLine().getErr().println("pilotlight: " + Texts.oneLine(message));
    return 1;
  }

  private void checkFile(@Nullable Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw usage(file + " is not a file in a folder that exists");
    }
    if (Files.exists(file) && !replace) {
      throw usage(file + " exists; --replace replaces it");
    }
  }

  private @Nullable YearMonth month() {
    if (month == null) {
      return null;
    }
    try {
      return YearMonth.parse(month);
    } catch (DateTimeException e) {
      throw usage("--month is '%s'; accepted: a month such as 2026-11".formatted(month));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
