package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.Audit;
import dev.pilotlight.cli.audit.Candidate;
import dev.pilotlight.cli.audit.Finding;
import dev.pilotlight.cli.audit.Fleet;
import dev.pilotlight.cli.audit.Step;
import dev.pilotlight.cli.audit.report.Document.Block;
import dev.pilotlight.cli.audit.report.Document.Cell;
import dev.pilotlight.cli.audit.report.Document.Column;
import dev.pilotlight.cli.audit.report.Document.Section;
import dev.pilotlight.cli.audit.report.Document.Table;
import dev.pilotlight.cli.audit.report.Document.Text;
import dev.pilotlight.cli.audit.score.Criterion;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The sections on what to do.
record ActionSections(Audit audit, References references) {
  private static final int PLAN = 60;

  private String currency() {
    return audit.bill().currency();
  }

  /// The first steps by date, and later ones that "Do first" names.
  Section plan() {
    List<List<Cell>> rows = new ArrayList<>();
    List<Integer> best = Contents.best(audit);
    for (int at = 0; at < audit.plan().size(); at++) {
      if (at >= PLAN && !best.contains(at)) {
        continue;
      }
      Step step = audit.plan().get(at);
      rows.add(
          List.of(
              Cell.of(Integer.toString(at + 1)),
              Cell.of(when(step.days())),
              Cell.of(step.title()),
              Cell.of(Texts.money(step.saving())),
              Cell.of(step.effort()),
              Cell.of(risk(step)),
              Cell.code(step.command())));
    }
    List<Column> columns =
        List.of(
            new Column("step", true),
            new Column("by", false),
            new Column("what", false),
            new Column(currency() + " a month", true),
            new Column("effort", false),
            new Column("risk", false),
            new Column("command", false));
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        text(
            "A step without an amount has no saving that the bill or an export shows."
                + overlap()
                + " Effort is in the words of AWS's Cost Optimization Hub,"
                + " from VeryLow to VeryHigh. Replace words in capitals, and write the files that a"
                + " command names."));
    blocks.add(new Table("Steps by date", columns, rows));
    if (rows.size() < audit.plan().size()) {
      int more = audit.plan().size() - rows.size();
      blocks.add(text("%d more steps are in the JSON.".formatted(more)));
    }
    return new Section("plan", "Plan", blocks);
  }

  private static String risk(Step step) {
    return step.condition().isEmpty() ? step.risk() : step.risk() + "; only " + step.condition();
  }

  private String overlap() {
    return audit
        .mayEnd()
        .map(
            cost ->
                (" No saving is counted twice. A bill does not link disks to machines: if the gp2"
                        + " disks belong to the machines that move, up to %s %s ends with them,"
                        + " in place of gp3's saving.")
                    .formatted(currency(), Texts.money(cost)))
        .orElse(" No saving is counted twice.");
  }

  private static String when(int days) {
    return switch (days) {
      case 30 -> "30 days";
      case 90 -> "90 days";
      default -> "6 months";
    };
  }

  Section candidates() {
    List<List<Cell>> rows = new ArrayList<>();
    for (Candidate candidate : audit.candidates()) {
      Fleet fleet = candidate.fleet();
      rows.add(
          List.of(
              Cell.of("%d × %s".formatted(fleet.alwaysOn(), fleet.instanceType())),
              Cell.of(Texts.money(candidate.movable())),
              Cell.of(candidate.requests().map(n -> Texts.count(n.doubleValue())).orElse("–")),
              Cell.of(Texts.money(candidate.here())),
              Cell.of(breakEven(candidate)),
              Cell.of(Texts.joined(candidate.reasons())),
              Cell.of(Texts.joined(candidate.against())),
              references.cell(fleet.amount().source())));
    }
    List<Column> columns =
        List.of(
            new Column("machines", false),
            new Column(currency() + " that ends", true),
            new Column("inferences a month", true),
            new Column("on Pilotlight", true),
            new Column("cheaper below", false),
            new Column("for", false),
            new Column("against", false),
            new Column("source", false));
    List<Block> blocks = new ArrayList<>();
    if (rows.isEmpty()) {
      blocks.add(text("The bill has no machine that is recognised as always on."));
    } else {
      blocks.add(
          text(
              "Cost that ends: the month's cost of the machines that are on demand and always on,"
                  + " after discounts. On Pilotlight: the cost of the same inferences there,"
                  + " at public prices of us-east-1%s. Cheaper below:".formatted(fixed())
                  + " inferences a month up to which Pilotlight costs less."));
      if (!currency().equals("USD") && audit.assumptions().perUsd().isPresent()) {
        blocks.add(
            text(
                "--per-usd was given: one USD counts as %s %s."
                    .formatted(audit.assumptions().perUsd().get().toPlainString(), currency())));
      }
      if (!currency().equals("USD") && audit.assumptions().perUsd().isEmpty()) {
        blocks.add(
            text("Pilotlight's prices are in USD: compare with --per-usd, the rate of one USD."));
      }
      blocks.add(new Table("Serverless candidates", columns, rows));
    }
    return new Section("candidates", "Serverless candidates", blocks);
  }

  private String fixed() {
    return audit.candidates().stream()
        .flatMap(each -> each.fixed().stream())
        .findFirst()
        .map(cost -> ", of which %s %s is fixed".formatted(currency(), Texts.money(cost)))
        .orElse("");
  }

  // such as `1.58 billion (340,000 is 0.02 % of it)`
  private static String breakEven(Candidate candidate) {
    if (candidate.breakEven().isEmpty()) {
      return "–";
    }
    long most = candidate.breakEven().get();
    return Texts.large(most)
        + candidate
            .requests()
            .map(BigDecimal::doubleValue)
            .map(n -> String.format(Locale.ROOT, " (%,.0f is %.2f %% of it)", n, n / most * 100))
            .orElse("");
  }

  Section findings() {
    List<List<Cell>> rows = new ArrayList<>();
    for (Finding finding : audit.findings()) {
      rows.add(
          List.of(
              Cell.of(finding.title()),
              Cell.of(Texts.money(finding.amount().cost())),
              Cell.of(finding.question() ? "a question" : Texts.money(finding.saving())),
              Cell.of(finding.text()),
              references.cell(finding.amount().source())));
    }
    List<Column> columns =
        List.of(
            new Column("finding", false),
            new Column(currency(), true),
            new Column("saving", true),
            new Column("", false),
            new Column("source", false));
    Block block =
        rows.isEmpty() ? text("No rule found anything.") : new Table("Findings", columns, rows);
    Text lead =
        text(
            "Rules look at machines, disks, S3, the size of databases' storage, addresses,"
                + " snapshots, network and commitments; all else is only shown.");
    return new Section("findings", "Findings and questions", List.of(lead, block));
  }

  Section score() {
    List<List<Cell>> rows = new ArrayList<>();
    for (Criterion criterion : audit.score().criteria()) {
      rows.add(
          List.of(
              Cell.of(criterion.name()),
              Cell.of(criterion.points().map(Texts::points).orElse("–")),
              Cell.of(Texts.points(criterion.most())),
              Cell.of(criterion.value()),
              Cell.of(criterion.bounds())));
    }
    List<Column> columns =
        List.of(
            new Column("goal", false),
            new Column("points", true),
            new Column("of", true),
            new Column("found", false),
            new Column("all points; half of them", false));
    String sum =
        String.format(
            Locale.ROOT,
            "The %d goals that could be judged give %s of %s points; scaled to 20, that is %.1f.",
            audit.score().counted(),
            Texts.points(audit.score().points()),
            Texts.points(audit.score().possible()),
            audit.score().outOf20());
    return new Section("score", "Score", List.of(text(sum), new Table("Goals", columns, rows)));
  }

  Section assumptions() {
    List<List<Cell>> rows = new ArrayList<>();
    for (Assumed each : Assumed.of(audit.assumptions(), currency())) {
      rows.add(
          List.of(
              Cell.of(each.name()),
              Cell.of(each.value()),
              Cell.of(each.given() ? "given" : "default"),
              Cell.of(each.option())));
    }
    List<Column> columns =
        List.of(
            new Column("assumption", false),
            new Column("value", false),
            new Column("given or default", false),
            new Column("option", false));
    return new Section(
        "assumptions",
        "Assumptions",
        List.of(
            text(
                "Pilotlight's figures come from public prices of us-east-1, copied in 2026-11"
                    + " (figures of 2025-26, not checked with AWS), and times that were"
                    + " measured on another machine than Lambda (docs/costs.md)."),
            new Table("Assumptions and their options", columns, rows)));
  }

  /// The options and bills that would let the next audit answer more.
  ///
  /// @return null if nothing would change the report
  @Nullable Section next() {
    List<Wanted> wanted = Wanted.of(audit);
    List<String> points = wanted.stream().map(each -> each.what() + ": " + each.why()).toList();
    return points.isEmpty()
        ? null
        : new Section("next", "What to give next time", List.of(new Text(true, points)));
  }

  private static Text text(String line) {
    return new Text(false, List.of(line));
  }
}
