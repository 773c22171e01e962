package dev.pilotlight.cli;

import dev.pilotlight.cli.aws.Aws;
import dev.pilotlight.cli.clients.Csv;
import dev.pilotlight.cli.clients.TenantRows;
import dev.pilotlight.cli.clients.Usage;
import dev.pilotlight.cli.clients.Usage.Line;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.support.json.JsonBytes;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `pilotlight usage`: what tenants used in a month.
@Command(
    name = "usage",
    description = {
      "Prints what tenants used in a month, by key and model, with sums.",
      "",
      "The estimated cost is that of AWS; environments write their counters after a minute, so"
          + " the current month lags behind.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = "  pilotlight usage --stack pilotlight --month 2026-11 --csv > invoice.csv",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      "1:Not done: there is no such tenant, or AWS refused a call.",
      "2:The command line is wrong."
    })
final class UsageCommand extends OnClients implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--month",
      paramLabel = "YYYY-MM",
      description = "The month, of UTC, at most 400 days ago; default: the current one.")
  private @Nullable String month;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "Only this tenant; default: all.")
  private @Nullable String tenant;

  @Option(
      names = "--csv",
      description = "Prints comma-separated values (RFC 4180) with a sum for each tenant.")
  private boolean csv;

  UsageCommand(Terminal terminal, Supplier<Aws> aws) {
    super(aws);
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (csv && json()) {
      throw usage("--csv and --json exclude each other");
    }
    String only = tenant == null ? "" : tenant;
    if (tenant != null) {
      requireTenantName(tenant);
    }
    String asked = month();
    return with(
        place -> {
          Usage usage;
          try (var _ = Progress.start(out(), terminal, "reading usage", Progress.FIRST_AFTER)) {
            usage = Usage.read(place.clients(), asked, only);
            if (usage.lines().isEmpty() && !only.isEmpty()) {
              var _ = new TenantRows(place.clients()).find(only); // or it is refused
            }
          }
          if (json()) {
            print(json(asked, usage));
          } else if (csv) {
            rows(usage).forEach(row -> out().print(Csv.line(row)));
          } else {
            text(usage).forEach(this::print);
          }
        });
  }

  private String month() {
    if (month == null) {
      return YearMonth.now(ZoneOffset.UTC).toString();
    }
    try {
      return requireKept(YearMonth.parse(month)).toString();
    } catch (DateTimeException e) {
      throw usage("--month is '%s'; accepted: a month such as 2026-11".formatted(month));
    }
  }

  /// Refuses a month that the table no longer has as a whole: its invoice would be too small.
  private YearMonth requireKept(YearMonth asked) {
    LocalDate kept = UsageRow.firstKept(LocalDate.now(ZoneOffset.UTC));
    if (asked.atDay(1).isBefore(kept)) {
      throw usage(
          "--month is %s, and usage is kept for %d days; accepted: from %s"
              .formatted(asked, UsageRow.DAYS_KEPT, YearMonth.from(kept.plusMonths(1))));
    }
    return asked;
  }

  /// The header, the lines of each tenant with their sum after them, and the total.
  private static List<List<Object>> rows(Usage usage) {
    List<List<Object>> rows = new ArrayList<>();
    List<Object> header = new ArrayList<>(List.of("tenant", "key", "key_name", "model"));
    header.addAll(Usage.COUNTERS);
    header.add("usd");
    rows.add(header);
    for (Line sum : usage.tenants()) {
      for (Line line : usage.lines()) {
        if (line.tenant().equals(sum.tenant())) {
          rows.add(row(line.tenant(), line));
        }
      }
      rows.add(row(sum.tenant(), sum));
    }
    rows.add(row("total", usage.total()));
    return rows;
  }

  private static List<Object> row(String tenant, Line line) {
    List<Object> row = new ArrayList<>();
    row.add(tenant);
    boolean sum = line.model().isEmpty() && line.key().isEmpty();
    row.add(sum ? "sum" : line.key());
    row.add(line.keyName());
    row.add(line.model());
    Usage.COUNTERS.forEach(counter -> row.add(line.count(counter)));
    row.add(line.usd().toPlainString());
    return row;
  }

  private static List<String> text(Usage usage) {
    List<String> lines = new ArrayList<>();
    for (List<Object> row : rows(usage)) {
      lines.add(
          Texts.oneLine(
              "%-20s %-10s %-32s %10s %10s %12s %14s"
                  .formatted(
                      row.get(0),
                      row.get(1),
                      row.get(3),
                      row.get(4),
                      row.get(5),
                      row.get(6),
                      row.getLast())));
    }
    return lines;
  }

  private static JsonBytes json(String month, Usage usage) {
    JsonBytes json = new JsonBytes().object().field("month", month).name("lines").array();
    for (Line line : usage.lines()) {
      json.object()
          .field("tenant", line.tenant())
          .field("key", line.key())
          .field("key_name", line.keyName())
          .field("model", line.model());
      counts(json, line);
    }
    json.endArray().name("tenants").array();
    for (Line sum : usage.tenants()) {
      counts(json.object().field("tenant", sum.tenant()), sum);
    }
    counts(json.endArray().name("total").object(), usage.total());
    return json.endObject();
  }

  private static void counts(JsonBytes json, Line line) {
    Usage.COUNTERS.forEach(counter -> json.field(counter, line.count(counter)));
    json.name("usd").literal(line.usd().toPlainString()).endObject();
  }
}
