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
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The sections on where the money goes.
record CostSections(Audit audit, References references) {
  private static final int SERVICES = 15;
  private static final int FLEETS = 20;
  private static final Column SOURCE = new Column("from", false);

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
        "Growth over the average of the three months before: %s."
            .formatted(audit.services().growthOverThree().map(Percent::signed).orElse("unknown"));
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
    int alike = 0;
    for (int i = 0; i < all.size(); i += 1 + alike) {
      Audit.Large large = all.get(i);
      alike = alike(all, i);
      String id = large.resource().isEmpty() ? "(no id)" : large.resource();
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
        "The month's cost of each, all usage types together.",
        new Table("Resources by cost", columns, rows),
        rows.size());
  }

  // how many of the next ones have the same service, account and cost
  private static int alike(List<Audit.Large> all, int at) {
    Audit.Large one = all.get(at);
    int count = 0;
    for (int i = at + 1; i < all.size(); i++) {
      Audit.Large other = all.get(i);
      if (!one.service().equals(other.service())
          || !one.account().equals(other.account())
          || one.amount().cost().compareTo(other.amount().cost()) != 0) {
        break;
      }
      count++;
    }
    return count;
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
        "Always on: ran for %s of the covered hours or more. A bill has no utilisation; it is"
                .formatted(Percent.of(audit.assumptions().alwaysOn()))
            + " unknown without an export (--utilisation).";
    return section(
        "machines",
        "Machines",
        lead,
        new Table("Machines by type", columns, rows),
        audit.fleets().size());
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
            Cell.of("all, with the services"),
            Cell.of(Texts.money(audit.total().cost())),
            references.cell(audit.total().source())));
    List<Column> columns = List.of(new Column("kind", false), new Column(currency(), true), SOURCE);
    String lead =
        audit
            .discount()
            .map(
                share ->
                    "On-demand usage costs %s less than its public price, with the discounts below;"
                            .formatted(Percent.of(share))
                        + (audit.isBeforeDiscounts()
                            ? " savings are before those of discount_total_discount."
                            : " savings are net of that."))
            .orElse("The bill has no public prices; savings are parts of billed costs.");
    return section(
        "apart",
        "Credits, refunds, tax, support and discounts",
        lead,
        new Table("Costs that are not of services", columns, rows),
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
