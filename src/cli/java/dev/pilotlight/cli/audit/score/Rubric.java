package dev.pilotlight.cli.audit.score;

import dev.pilotlight.cli.audit.score.Criterion.Grade;
import java.util.List;
import java.util.Optional;

/// Grades the measures of a bill.
public final class Rubric {
  /// The name of the criterion that only the reader may be able to answer.
  public static final String BUDGETS = "A budget or anomaly detection exists";

  /// The name of the criterion of tags.
  public static final String TAGS = "Cost allocation tags are set";

  private Rubric() {}

  /// Grades each criterion.
  public static Score score(Signals signals) {
    return new Score(
        List.of(
            use(signals),
            byUse(signals),
            commitments(signals),
            storage(signals),
            idle(signals),
            transfer(signals),
            growth(signals),
            tags(signals),
            budgets(signals)));
  }

  private static Criterion use(Signals signals) {
    String name = "Always-on compute is used";
    String bounds = "over 50 %; over 30 %";
    if (signals.use().isPresent()) {
      double use = signals.use().get();
      return Criterion.of(name, 5, Grade.over(use, 50, 30), Percent.of(use / 100), bounds);
    }
    Optional<Double> maximum = signals.useMaximum();
    if (maximum.isPresent() && maximum.get() <= 30) {
      String value = "at most " + Percent.of(maximum.get() / 100);
      return Criterion.of(name, 5, Grade.NONE, value, bounds);
    }
    String why =
        maximum.isPresent()
            ? "left out: the export has only the highest use, "
                + Percent.of(maximum.get() / 100)
                + "; pass CloudWatch's averages with --utilisation"
            : "left out: a bill has no utilisation; pass an export with --utilisation";
    return Criterion.leftOut(name, 5, why, bounds);
  }

  private static Criterion byUse(Signals signals) {
    String name = "Compute is billed by use";
    String bounds = "over 50 % of its cost; over 20 %";
    return signals
        .byUse()
        .map(share -> Criterion.of(name, 4, Grade.over(share, 0.5, 0.2), Percent.of(share), bounds))
        .orElseGet(() -> Criterion.leftOut(name, 4, "left out: no compute is recognised", bounds));
  }

  private static Criterion commitments(Signals signals) {
    String name = "Commitments cover steady compute and are used";
    String bounds = "cover 60 to 90 %, used over 95 %; cover 30 to 60 %, used over 85 %";
    if (signals.coverage().isEmpty()) {
      return Criterion.leftOut(name, 3, "left out: no steady compute is recognised", bounds);
    }
    double cover = signals.coverage().get();
    double used = signals.commitmentUse();
    boolean covers = cover >= 0.6 && cover <= 0.9;
    Grade grade = Grade.NONE;
    if (covers && used > 0.95) {
      grade = Grade.FULL;
    } else if (cover >= 0.3 && cover <= 0.9 && used > 0.85) {
      grade = Grade.HALF;
    }
    String value = "cover " + Percent.of(cover) + (cover > 0 ? ", used " + Percent.of(used) : "");
    return Criterion.of(name, 3, grade, value, bounds);
  }

  private static Criterion storage(Signals signals) {
    String name = "Storage is in the right class";
    String bounds = "gp3 over gp2, and buckets over 1 TB tiered; one of the two";
    Optional<Boolean> gp3 = signals.gp3();
    Optional<Boolean> tiered = signals.tiered();
    if (gp3.isEmpty() && tiered.isEmpty()) {
      String why = "left out: no gp2, gp3 or bucket over 1 TB is recognised";
      return Criterion.leftOut(name, 2, why, bounds);
    }
    boolean disks = gp3.orElse(true);
    boolean buckets = tiered.orElse(true);
    boolean both = gp3.isPresent() && tiered.isPresent();
    Grade grade =
        disks && buckets ? Grade.FULL : both && (disks || buckets) ? Grade.HALF : Grade.NONE;
    String value =
        gp3.map(good -> good ? "gp3 over gp2" : "gp2 over gp3").orElse("no disks")
            + ", "
            + tiered
                .map(good -> good ? "large buckets tiered" : "a bucket over 1 TB in S3 Standard")
                .orElse("no bucket over 1 TB by its id");
    return Criterion.of(name, 2, grade, value, bounds);
  }

  private static Criterion idle(Signals signals) {
    String name = "No idle or orphaned resources";
    String bounds = "at most 1 % of cost; at most 5 %";
    return signals
        .idle()
        .map(share -> Criterion.of(name, 2, atMost(share, 0.01, 0.05), Percent.of(share), bounds))
        .orElseGet(
            () ->
                Criterion.leftOut(
                    name, 2, "left out: needs an export of Cost Optimization Hub", bounds));
  }

  private static Grade atMost(double value, double full, double half) {
    return value <= full ? Grade.FULL : value <= half ? Grade.HALF : Grade.NONE;
  }

  private static Criterion transfer(Signals signals) {
    String name = "Transfer and NAT are small";
    String bounds = "under 5 % of cost; under 10 %";
    return signals
        .transfer()
        .map(
            share ->
                Criterion.of(name, 1, Grade.under(share, 0.05, 0.1), Percent.of(share), bounds))
        .orElseGet(
            () -> Criterion.leftOut(name, 1, "left out: most cost has no usage type", bounds));
  }

  private static Criterion growth(Signals signals) {
    String name = "The month grew little";
    String bounds = "under 10 %; under 30 %";
    return signals
        .growth()
        .map(
            growth ->
                Criterion.of(
                    name,
                    1,
                    Grade.under(growth, 0.1, 0.3),
                    Percent.signed(growth) + " over the average of the three months before",
                    bounds))
        .orElseGet(
            () -> Criterion.leftOut(name, 1, "left out: needs four months of bills", bounds));
  }

  private static Criterion tags(Signals signals) {
    String name = TAGS;
    String bounds = "on over 80 % of cost; over 50 %";
    return signals
        .tagged()
        .map(share -> Criterion.of(name, 1, Grade.over(share, 0.8, 0.5), Percent.of(share), bounds))
        .orElseGet(
            () -> Criterion.leftOut(name, 1, "left out: the bill has no column of tags", bounds));
  }

  private static Criterion budgets(Signals signals) {
    String name = BUDGETS;
    String bounds = "yes";
    return signals
        .budgets()
        .map(
            yes -> Criterion.of(name, 1, yes ? Grade.FULL : Grade.NONE, yes ? "yes" : "no", bounds))
        .orElseGet(
            () ->
                Criterion.leftOut(
                    name, 1, "left out: the bill does not show it; state --budgets", bounds));
  }
}
