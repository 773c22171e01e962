package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.Audit;
import dev.pilotlight.cli.audit.ServiceCost;
import dev.pilotlight.cli.audit.Step;
import dev.pilotlight.cli.audit.bill.BillSummary.FileSummary;
import dev.pilotlight.cli.audit.report.Document.Figure;
import dev.pilotlight.cli.audit.report.Document.Section;
import dev.pilotlight.cli.audit.report.Document.Text;
import dev.pilotlight.cli.audit.score.Percent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Makes the document of an audit.
public final class Contents {
  private static final int FIRST = 3;
  private static final double MOST = 0.5;
  private static final BigDecimal YEAR = BigDecimal.valueOf(12);

  private Contents() {}

  /// The document of an audit.
  public static Document of(Audit audit) {
    References references = new References();
    CostSections costs = new CostSections(audit, references);
    ActionSections actions = new ActionSections(audit, references);
    List<Section> sections = new ArrayList<>();
    sections.add(actions.plan());
    Section next = actions.next();
    if (next != null) {
      sections.add(next);
    }
    sections.add(costs.services());
    sections.add(costs.months());
    sections.add(actions.candidates());
    sections.add(costs.fleets());
    sections.add(costs.largest());
    sections.add(actions.findings());
    sections.add(actions.score());
    sections.add(costs.apart());
    sections.add(actions.assumptions());
    if (!audit.notes().isEmpty()) {
      sections.add(new Section("notes", "Notes", List.of(new Text(true, audit.notes()))));
    }
    sections.add(references.section());
    return new Document(
        "AWS bill of " + audit.month(), subtitle(audit), figures(audit), first(audit), sections);
  }

  private static String subtitle(Audit audit) {
    List<String> files = new ArrayList<>();
    for (FileSummary file : audit.bill().files()) {
      files.add(
          "%s (%s, %s %ss%s)"
              .formatted(
                  file.file().name(),
                  file.file().format().title(),
                  Texts.count(file.lines()),
                  file.file().unit(),
                  file.file().unit().equals("line") ? " after the header" : ""));
    }
    audit
        .utilisation()
        .exports()
        .forEach(export -> files.add("%s (%s)".formatted(export.name(), export.content())));
    return "Made by Pilotlight, free software that serves ONNX models on AWS Lambda. Cost in "
        + audit.bill().currency()
        + ", amortised: what a reservation or Savings Plan pays is counted where it is used."
        + " Read on this machine from "
        + String.join(", ", files)
        + ".";
  }

  private static List<Figure> figures(Audit audit) {
    String currency = audit.bill().currency() + " ";
    BigDecimal services = audit.services().last();
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "Cost of services, " + audit.month(),
            currency + Texts.money(services),
            "credits, refunds, tax, support and discounts are apart"));
    int from = audit.months().size() - 1 - audit.services().before();
    audit
        .services()
        .growthFromFirst()
        .ifPresent(
            growth ->
                figures.add(
                    new Figure(
                        "Growth since " + audit.months().get(from),
                        Percent.signed(growth),
                        Texts.money(audit.services().months().get(from))
                            + " to "
                            + Texts.money(services))));
    BigDecimal saving = audit.saving();
    figures.add(
        new Figure(
            "The plan saves a month",
            currency + Texts.money(saving),
            Texts.share(saving, services)
                + " of the services"
                + (unconditional(audit) ? "" : ", if the plan's conditions hold")
                + "; "
                + Texts.money(saving.multiply(YEAR))
                + " a year"));
    figures.add(
        new Figure(
            "Score",
            Texts.points(Math.round(audit.score().outOf20() * 10) / 10.0) + " of 20",
            "%d of %d goals could be judged"
                    .formatted(audit.score().counted(), audit.score().criteria().size())
                + withoutRule(audit)));
    return figures;
  }

  // small services get a note only if they are many
  private static String withoutRule(Audit audit) {
    double share = audit.untouched().stream().mapToDouble(ServiceCost::share).sum();
    return share >= ServiceCost.LARGE
        ? "; no rule applies to %s of the cost".formatted(Percent.of(share))
        : "";
  }

  private static boolean unconditional(Audit audit) {
    return audit.plan().stream()
        .allMatch(step -> step.saving().isEmpty() || step.condition().isEmpty());
  }

  private static String untouched(ServiceCost service, String currency) {
    return "Find out what '%s' is for: it costs %s %s (%s), and no rule of this audit"
        .concat(" applies to it.")
        .formatted(
            service.service(),
            currency,
            Texts.money(service.amount().cost()),
            Percent.of(service.share()));
  }

  /// The places in the plan of the steps that save most, the largest saving first.
  static List<Integer> best(Audit audit) {
    List<Step> plan = audit.plan();
    return IntStream.range(0, plan.size())
        .boxed()
        .filter(at -> saving(plan.get(at)).signum() > 0)
        .sorted(Comparator.comparing((Integer at) -> saving(plan.get(at))).reversed())
        .limit(FIRST)
        .toList();
  }

  private static BigDecimal saving(Step step) {
    return step.saving().orElse(BigDecimal.ZERO);
  }

  /// The service that is most of the bill if no rule applies to it, then the steps that save most,
  /// and other large services without a rule; without any saving, the first step of the plan.
  private static List<String> first(Audit audit) {
    List<Integer> best = best(audit);
    List<String> lines = new ArrayList<>();
    String currency = audit.bill().currency();
    for (int at : best) {
      Step step = audit.plan().get(at);
      lines.add(
          "%s: saves %s %s a month (%s of the services). Effort %s, within %d days (step %d).%s"
              .formatted(
                  step.title(),
                  currency,
                  Texts.money(step.saving()),
                  Texts.share(step.saving().orElseThrow(), audit.services().last()),
                  step.effort(),
                  step.days(),
                  at + 1,
                  step.condition().isEmpty() ? "" : " Only " + step.condition() + "."));
    }
    List<ServiceCost> asked = audit.untouched().stream().filter(ServiceCost::large).toList();
    for (ServiceCost service : asked) {
      lines.add(service.share() > MOST ? 0 : lines.size(), untouched(service, currency));
    }
    if (best.isEmpty()) {
      lines.add("The bill alone supports no saving. Begin with these, which cost nothing:");
      Optional<Step> any = audit.plan().stream().skip(asked.size()).findFirst();
      any.ifPresent(step -> lines.add(step.title() + ": " + step.command()));
    }
    return lines;
  }
}
