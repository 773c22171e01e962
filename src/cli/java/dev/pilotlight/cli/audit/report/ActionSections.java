package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.Assumptions;
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
import dev.pilotlight.cli.audit.score.Percent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The sections on what to do.
record ActionSections(Audit audit, References references) {
  private static final int PLAN = 60;

  private String currency() {
    return audit.bill().currency();
  }

  Section plan() {
    List<List<Cell>> rows = new ArrayList<>();
    int shown = Math.min(PLAN, audit.plan().size());
    for (Step step : audit.plan().subList(0, shown)) {
      rows.add(
          List.of(
              Cell.of(when(step.days())),
              Cell.of(step.title()),
              Cell.of(Texts.money(step.saving())),
              Cell.of(step.effort()),
              Cell.of(step.risk()),
              Cell.code(step.command())));
    }
    List<Column> columns =
        List.of(
            new Column("by", false),
            new Column("step", false),
            new Column(currency() + " a month", true),
            new Column("effort", false),
            new Column("risk", false),
            new Column("command", false));
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        text(
            "A step without an amount has a saving that neither the bill nor an export shows. No"
                + " saving is counted twice. Effort is in the words of AWS's Cost Optimization Hub,"
                + " from VeryLow to VeryHigh. Replace words in capitals, and write the files that a"
                + " command names."));
    blocks.add(new Table("Steps by date", columns, rows));
    if (shown < audit.plan().size()) {
      blocks.add(text("%d more steps are in the JSON.".formatted(audit.plan().size() - shown)));
    }
    return new Section("plan", "Plan", blocks);
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
            new Column("from", false));
    List<Block> blocks = new ArrayList<>();
    if (rows.isEmpty()) {
      blocks.add(text("The bill has no machine that is recognised as always on."));
    } else {
      blocks.add(
          text(
              "Pilotlight runs ONNX models on AWS Lambda. What ends: the month's cost of the"
                  + " machines that are on demand and always on, after discounts."
                  + " On Pilotlight: the cost of the same inferences there,"
                  + " at public prices of us-east-1. Cheaper below:"
                  + " inferences a month up to which Pilotlight costs less. State yours with"
                  + " --requests."));
      if (!currency().equals("USD") && audit.assumptions().perUsd().isPresent()) {
        blocks.add(
            text(
                "One USD counts as %s %s (--per-usd)."
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

  // such as `1.58 billion (yours: 0.02 % of it)`
  private static String breakEven(Candidate candidate) {
    if (candidate.breakEven().isEmpty()) {
      return "–";
    }
    long most = candidate.breakEven().get();
    return Texts.large(most)
        + candidate
            .requests()
            .map(n -> n.doubleValue() / most * 100)
            .map(share -> String.format(Locale.ROOT, " (yours: %.2f %% of it)", share))
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
            new Column("from", false));
    Block block =
        rows.isEmpty() ? text("No rule found anything.") : new Table("Findings", columns, rows);
    return new Section("findings", "Findings and questions", List.of(block));
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
            new Column("criterion", false),
            new Column("points", true),
            new Column("of", true),
            new Column("found", false),
            new Column("full; half", false));
    String sum =
        String.format(
            Locale.ROOT,
            "%s of %s points in the %d criteria that could be judged, rescaled: %.1f of 20.",
            Texts.points(audit.score().points()),
            Texts.points(audit.score().possible()),
            audit.score().counted(),
            audit.score().outOf20());
    return new Section("score", "Score", List.of(text(sum), new Table("Criteria", columns, rows)));
  }

  Section assumptions() {
    Assumptions assumed = audit.assumptions();
    List<List<Cell>> rows = new ArrayList<>();
    row(
        rows,
        "inferences a month",
        assumed.requests().map(BigDecimal::toPlainString).orElse("not stated"),
        "--requests N");
    assumed
        .requestsOf()
        .forEach((name, n) -> row(rows, "inferences of " + name, n.toPlainString(), "--requests"));
    row(rows, "inferences that the cache answers", Percent.of(assumed.hits()), "--hits");
    row(rows, "model, whose measured times are taken", assumed.model(), "--model");
    row(rows, "tokens of a text", Integer.toString(assumed.tokens()), "--tokens");
    row(
        rows,
        "milliseconds of a new inference",
        assumed.missMillis().map(Object::toString).orElse("as measured"),
        "--milliseconds");
    row(rows, "stack", assumed.preset(), "--preset");
    row(
        rows,
        "one USD in the bill's currency",
        currency().equals("USD")
            ? "1"
            : assumed.perUsd().map(BigDecimal::toPlainString).orElse("unknown"),
        "--per-usd");
    row(rows, "always on from", Percent.of(assumed.alwaysOn()) + " of the hours", "--always-on");
    row(rows, "S3 Standard that nobody reads", Percent.of(assumed.coldShare()), "--cold-share");
    row(
        rows,
        "a budget or anomaly detection exists",
        assumed.budgets().map(yes -> yes ? "yes" : "no").orElse("not stated"),
        "--budgets");
    row(rows, "working hours", assumed.hours().toString(), "--work, --zone");
    List<Column> columns =
        List.of(
            new Column("assumption", false),
            new Column("value", false),
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

  private static void row(List<List<Cell>> rows, String name, String value, String option) {
    rows.add(List.of(Cell.of(name), Cell.of(value), Cell.of(option)));
  }

  private static Text text(String line) {
    return new Text(false, List.of(line));
  }
}
