package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.Amount;
import dev.pilotlight.cli.audit.Audit;
import dev.pilotlight.cli.audit.Candidate;
import dev.pilotlight.cli.audit.Finding;
import dev.pilotlight.cli.audit.Fleet;
import dev.pilotlight.cli.audit.Range;
import dev.pilotlight.cli.audit.ServiceCost;
import dev.pilotlight.cli.audit.Step;
import dev.pilotlight.cli.audit.bill.BillSummary.FileSummary;
import dev.pilotlight.cli.audit.score.Criterion;
import dev.pilotlight.cli.audit.use.Utilisation.Export;
import dev.pilotlight.support.json.JsonBytes;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// An audit as one JSON object; `docs/audit.md` describes its names. Amounts are exact.
public final class AuditJson {
  // sums of doubles differ in the last digits
  private static final MathContext DIGITS = new MathContext(12);

  private final JsonBytes json = new JsonBytes();

  private AuditJson() {}

  /// The object, with a line feed at the end.
  public static String render(Audit audit) {
    AuditJson writer = new AuditJson();
    writer.audit(audit);
    return new String(writer.json.toByteArray(), StandardCharsets.UTF_8) + "\n";
  }

  private void audit(Audit audit) {
    json.object()
        .field("month", audit.month().toString())
        .field("currency", audit.bill().currency());
    json.name("total").object();
    amount(audit.total());
    json.endObject();
    money("services_total", audit.services().last());
    json.name("months").array();
    for (int i = 0; i < audit.months().size(); i++) {
      json.object().field("month", audit.months().get(i).toString());
      money("cost", audit.services().months().get(i));
      json.endObject();
    }
    json.endArray();
    number("covered_hours", Optional.of(audit.coveredHours()));
    number("growth_over_three_months", audit.services().growthOverThree());
    number("discount", audit.discount());
    files(audit);
    services(audit);
    apart(audit);
    resources(audit);
    machines(audit);
    findings(audit);
    candidates(audit);
    score(audit);
    plan(audit);
    assumptions(audit);
    next(audit);
    json.strings("notes", audit.notes()).endObject();
  }

  private void files(Audit audit) {
    json.name("files").array();
    for (FileSummary file : audit.bill().files()) {
      json.object()
          .field("name", file.file().name())
          .field("format", file.file().format().title())
          .field("lines", file.lines());
      money("cost", file.cost());
      json.endObject();
    }
    json.endArray().name("exports").array();
    for (Export export : audit.utilisation().exports()) {
      json.object().field("name", export.name()).field("content", export.content()).endObject();
    }
    json.endArray();
  }

  private void services(Audit audit) {
    json.name("services").array();
    for (ServiceCost service : audit.byService()) {
      json.object().field("service", service.service());
      amount(service.amount());
      number("share", Optional.of(service.share()));
      number("growth", service.trend().growth());
      json.field("exploded", service.exploded()).name("months").array();
      service.trend().months().forEach(month -> json.literal(month.toPlainString()));
      json.endArray().endObject();
    }
    json.endArray();
  }

  private void apart(Audit audit) {
    json.name("apart").array();
    audit
        .apart()
        .forEach(
            (kind, amount) -> {
              json.object().field("kind", kind.name().toLowerCase(Locale.ROOT));
              amount(amount);
              json.endObject();
            });
    json.endArray();
  }

  private void resources(Audit audit) {
    json.name("resources").array();
    for (Audit.Large large : audit.largest()) {
      json.object()
          .field("resource", large.resource())
          .field("service", large.service())
          .field("account", large.account());
      amount(large.amount());
      json.field("alike", large.alike());
      json.endObject();
    }
    json.endArray();
  }

  private void machines(Audit audit) {
    json.name("machines").array();
    for (Fleet fleet : audit.fleets()) {
      json.object()
          .field("service", fleet.service())
          .field("role", fleet.role().name().toLowerCase(Locale.ROOT))
          .field("region", fleet.region())
          .field("instance_type", fleet.instanceType())
          .field("machines", fleet.machines())
          .field("always_on", fleet.alwaysOn())
          .field("estimated", fleet.estimated());
      number("hours", Optional.of(fleet.hours()));
      number("used_percent", fleet.average());
      number("used_percent_maximum", fleet.maximum());
      amount(fleet.amount());
      json.endObject();
    }
    json.endArray();
  }

  private void findings(Audit audit) {
    json.name("findings").array();
    for (Finding finding : audit.findings()) {
      json.object()
          .field("id", finding.id())
          .field("title", finding.title())
          .field("text", finding.text())
          .field("question", finding.question());
      money("saving", finding.saving());
      amount(finding.amount());
      json.endObject();
    }
    json.endArray();
  }

  private void candidates(Audit audit) {
    json.name("candidates").array();
    for (Candidate candidate : audit.candidates()) {
      json.object()
          .field("instance_type", candidate.fleet().instanceType())
          .field("always_on", candidate.fleet().alwaysOn())
          .field("fits", candidate.fits())
          .strings("for", candidate.reasons())
          .strings("against", candidate.against());
      money("movable", candidate.movable());
      money("requests", candidate.requests());
      money("cost_here", candidate.here());
      money("cost_here_fixed", candidate.fixed());
      money("break_even_requests", candidate.breakEven().map(BigDecimal::valueOf));
      money("saving", candidate.saving());
      json.endObject();
    }
    json.endArray();
  }

  private void score(Audit audit) {
    json.name("score").object();
    number("out_of_20", Optional.of(audit.score().outOf20()));
    number("points", Optional.of(audit.score().points()));
    number("possible", Optional.of(audit.score().possible()));
    json.field("counted", audit.score().counted()).name("criteria").array();
    for (Criterion criterion : audit.score().criteria()) {
      json.object().field("name", criterion.name());
      number("points", criterion.points());
      number("of", Optional.of(criterion.most()));
      json.field("value", criterion.value()).field("bounds", criterion.bounds()).endObject();
    }
    json.endArray().endObject();
  }

  private void plan(Audit audit) {
    money("saving", audit.saving());
    money("disks_may_end", audit.mayEnd());
    json.name("plan").array();
    for (Step step : audit.plan()) {
      json.object().field("days", step.days()).field("title", step.title());
      money("saving", step.saving());
      json.field("effort", step.effort())
          .field("risk", step.risk())
          .field("why", step.why())
          .field("command", step.command())
          .field("condition", step.condition())
          .endObject();
    }
    json.endArray();
  }

  private void assumptions(Audit audit) {
    json.name("assumptions").array();
    for (Assumed each : Assumed.of(audit.assumptions(), audit.bill().currency())) {
      json.object()
          .field("name", each.name())
          .field("value", each.value())
          .field("given", each.given())
          .field("option", each.option())
          .endObject();
    }
    json.endArray();
  }

  private void next(Audit audit) {
    json.name("give_next").array();
    for (Wanted each : Wanted.of(audit)) {
      json.object().field("what", each.what()).field("why", each.why()).endObject();
    }
    json.endArray();
  }

  private void amount(Amount amount) {
    money("cost", amount.cost());
    number("quantity", Optional.of(amount.quantity()));
    json.name("source").object().field("filter", amount.source().filter()).name("lines").array();
    for (Range range : amount.source().ranges()) {
      json.object()
          .field("file", range.file().name())
          .field("first", range.first())
          .field("last", range.last())
          .field("count", range.lines())
          .endObject();
    }
    json.endArray().endObject();
  }

  private void money(String name, BigDecimal value) {
    json.name(name).literal(value.stripTrailingZeros().toPlainString());
  }

  private void money(String name, Optional<BigDecimal> value) {
    json.name(name).literal(value.map(v -> v.stripTrailingZeros().toPlainString()).orElse("null"));
  }

  private void number(String name, Optional<Double> value) {
    json.name(name)
        .literal(
            value
                .map(each -> new BigDecimal(each).round(DIGITS).stripTrailingZeros())
                .map(BigDecimal::toPlainString)
                .orElse("null"));
  }
}
