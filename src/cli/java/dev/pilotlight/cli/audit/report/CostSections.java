package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.Amount;
import dev.pilotlight.cli.audit.Audit;
import dev.pilotlight.cli.audit.Fleet;
import dev.pilotlight.cli.audit.ServiceCost;
import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.report.Document.Block;
import dev.pilotlight.cli.audit.report.Document.Cell;
import dev.pilotlight.cli.audit.report.Document.Column;
import dev.pilotlight.cli.audit.report.Document.Section;
import dev.pilotlight.cli.audit.report.Document.Table;
import dev.pilotlight.cli.audit.report.Document.Text;
import dev.pilotlight.cli.audit.score.Percent;
import dev.pilotlight.cli.audit.use.Utilisation.Export;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The sections on where the money goes.
record CostSections(Audit audit, References references) {
  private static final int SERVICES = 15;
  private static final int FLEETS = 20;
  private static final Column SOURCE = new Column("source", false);

  private String currency() {
    return audit.bill().currency();
  }

  Section services() {
    List<ServiceCost> services = audit.byService();
    int most = ServiceCost.most(services);
    int shown = Math.min(services.size(), Math.max(most, SERVICES));
    List<List<Cell>> rows = new ArrayList<>();
    for (ServiceCost service : services.subList(0, shown)) {
      rows.add(
          List.of(
              Cell.of(service.service()),
              Cell.bar(Texts.money(service.amount().cost()), service.share()),
              Cell.of(Percent.of(service.share())),
              Cell.of(Percent.of(service.cumulative())),
              Cell.of(Texts.growth(service.trend().growth())),
              Cell.of(service.exploded() ? "exploded" : ""),
              references.cell(service.amount().source())));
    }
    List<Column> columns =
        List.of(
            new Column("service", false),
            new Column(currency(), true),
            new Column("share", true),
            new Column("together", true),
            new Column("to month before", true),
            new Column("", false),
            SOURCE);
    String lead =
        "%d of %d services make 80 %% of the month. Exploded: new, or over 30 %% more than the"
                .formatted(most, services.size())
            + " average of up to three months before, if that is 1 % of the bill or more.";
    return section(
        "services",
        "Where the money goes",
        lead,
        new Table("Services by cost", columns, rows),
        services.size());
  }

  Section months() {
    BigDecimal most = BigDecimal.ONE;
    for (BigDecimal month : audit.services().months()) {
      most = most.max(month);
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = 0; i < audit.months().size(); i++) {
      BigDecimal cost = audit.services().months().get(i);
      rows.add(
          List.of(
              Cell.of(audit.months().get(i).toString()),
              Cell.bar(Texts.money(cost), cost.doubleValue() / most.doubleValue()),
              Cell.of(before(i))));
    }
    List<Column> columns =
        List.of(
            new Column("month", false),
            new Column(currency(), true),
            new Column("to month before", true));
    String lead =
        audit
            .services()
            .averageOfThree()
            .map(
                average ->
                    "The average of the three months before %s is %s; the growth over it is %s."
                        .formatted(
                            audit.month(),
                            Texts.money(average),
                            Texts.growth(audit.services().growthOverThree())))
            .orElse("The growth over three months is unknown: that needs four complete months.");
    return section(
        "months", "Months", lead, new Table("Services by month", columns, rows), rows.size());
  }

  private String before(int month) {
    if (month == 0) {
      return "–";
    }
    BigDecimal before = audit.services().months().get(month - 1);
    BigDecimal now = audit.services().months().get(month);
    return before.signum() > 0 && audit.services().linked().get(month)
        ? Percent.signed(now.doubleValue() / before.doubleValue() - 1)
        : "–";
  }

  Section largest() {
    List<List<Cell>> rows = new ArrayList<>();
    List<Audit.Large> all = audit.largest();
    for (int i = 0; i < all.size(); i++) {
      Audit.Large large = all.get(i);
      if (all.subList(0, i).stream().anyMatch(large::isLike)) {
        continue;
      }
      String id = large.resource().isEmpty() ? "(no id)" : large.resource();
      long alike = large.alike();
      rows.add(
          List.of(
              Cell.of(alike > 0 ? id + " and %d more at this cost each".formatted(alike) : id),
              Cell.of(large.service()),
              Cell.of(large.account()),
              Cell.of(Texts.money(large.amount().cost())),
              references.cell(large.amount().source())));
    }
    List<Column> columns =
        List.of(
            new Column("resource", false),
            new Column("service", false),
            new Column("account", false),
            new Column(currency(), true),
            SOURCE);
    return section(
        "resources",
        "Largest resources",
        "The 20 largest, and others that cost the same as one of them: the month's cost, all usage"
            + " types together.",
        new Table("Resources by cost", columns, rows),
        rows.size());
  }

  Section fleets() {
    List<List<Cell>> rows = new ArrayList<>();
    int shown = Math.min(FLEETS, audit.fleets().size());
    for (Fleet fleet : audit.fleets().subList(0, shown)) {
      rows.add(
          List.of(
              Cell.of(fleet.instanceType().isEmpty() ? "(unknown)" : fleet.instanceType()),
              Cell.of(fleet.region()),
              Cell.of(Long.toString(fleet.machines())),
              Cell.of(Long.toString(fleet.alwaysOn())),
              Cell.of(Texts.count(fleet.hours())),
              Cell.of(use(fleet)),
              Cell.of(Texts.money(fleet.amount().cost())),
              references.cell(fleet.amount().source())));
    }
    List<Column> columns =
        List.of(
            new Column("type", false),
            new Column("region", false),
            new Column("machines", true),
            new Column("always on", true),
            new Column("hours", true),
            new Column("used", true),
            new Column(currency(), true),
            SOURCE);
    String lead =
        "Always on: ran for %s or more of the %.0f hours that the bill covers. "
                .formatted(Percent.of(audit.assumptions().alwaysOn()), audit.coveredHours())
            + used();
    return section(
        "machines",
        "Machines",
        lead,
        new Table("Machines by type", columns, rows),
        audit.fleets().size());
  }

  private String used() {
    String exports =
        audit.utilisation().exports().stream()
            .filter(export -> !export.hub())
            .map(Export::name)
            .collect(Collectors.joining(", "));
    return exports.isEmpty()
        ? "Used: unknown, because a bill has no utilisation (--utilisation)."
        : "Used: by " + exports + ", weighted by cost.";
  }

  private static String use(Fleet fleet) {
    if (fleet.average().isPresent()) {
      return Percent.of(fleet.average().get() / 100);
    }
    if (fleet.maximum().isPresent()) {
      return String.format(Locale.ROOT, "at most %.1f %%", fleet.maximum().get());
    }
    long measured = Math.max(fleet.averages().machines(), fleet.maxima().machines());
    return measured == 0
        ? "unknown"
        : "unknown (%d of %d measured)".formatted(measured, fleet.alwaysOn());
  }

  Section apart() {
    List<List<Cell>> rows = new ArrayList<>();
    for (Map.Entry<Kind, Amount> entry : audit.apart().entrySet()) {
      rows.add(
          List.of(
              Cell.of(entry.getKey().name().toLowerCase(Locale.ROOT)),
              Cell.of(Texts.money(entry.getValue().cost())),
              references.cell(entry.getValue().source())));
    }
    rows.add(
        List.of(
            Cell.of("sum with the services"),
            Cell.of(Texts.money(audit.total().cost())),
            references.cell(audit.total().source())));
    List<Column> columns = List.of(new Column("kind", false), new Column(currency(), true), SOURCE);
    String lead =
        (audit.apart().isEmpty() ? "The bill has none of these. " : "")
            + audit
                .discount()
                .map(
                    share ->
                        "On-demand usage costs %s less than its public price%s; savings are %s."
                            .formatted(
                                Percent.of(share),
                                audit.apart().containsKey(Kind.DISCOUNT)
                                    ? ", with the discounts below"
                                    : "",
                                audit.isBeforeDiscounts()
                                    ? "before those of discount_total_discount"
                                    : "net of that"))
                .orElse("The bill has no public prices; savings are parts of billed costs.");
    return section(
        "apart",
        "Credits, refunds, tax, support and discounts",
        lead,
        new Table("Costs apart from those of services, and the sum", columns, rows),
        rows.size());
  }

  private static Section section(String id, String title, String lead, Table table, int all) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Text(false, List.of(lead)));
    if (!table.rows().isEmpty()) {
      blocks.add(table);
    }
    if (table.rows().size() < all) {
      String more = "%d more are in the JSON (--json).".formatted(all - table.rows().size());
      blocks.add(new Text(false, List.of(more)));
    }
    return new Section(id, title, blocks);
  }
}
