package dev.pilotlight.cli.audit.report;

import dev.pilotlight.cli.audit.Audit;
import dev.pilotlight.cli.audit.Candidate;
import dev.pilotlight.cli.audit.Finding;
import dev.pilotlight.cli.audit.Fleet;
import dev.pilotlight.cli.audit.score.Rubric;
import java.util.ArrayList;
import java.util.List;

/// Something that would let the next audit answer more.
///
/// @param what an option, or a better bill
/// @param why what it would show
record Wanted(String what, String why) {

  /// Only what was not given and would change the report.
  static List<Wanted> of(Audit audit) {
    List<Wanted> wanted = new ArrayList<>();
    List<Candidate> fit = audit.candidates().stream().filter(Candidate::fits).toList();
    String currency = audit.bill().currency();
    if (fit.stream().anyMatch(each -> each.requests().isEmpty())) {
      wanted.add(
          new Wanted("--requests TYPE=N", "inferences a month of the machines that serve models"));
    }
    if (!fit.isEmpty() && audit.assumptions().missMillis().isEmpty()) {
      wanted.add(
          new Wanted("--milliseconds MS", "how long one of your inferences keeps a vCPU busy"));
    }
    if (!fit.isEmpty() && audit.assumptions().perUsd(currency).isEmpty()) {
      wanted.add(new Wanted("--per-usd RATE", "the price of one USD in " + currency));
    }
    if (audit.fleets().stream().anyMatch(Wanted::unmeasured)) {
      wanted.add(
          new Wanted(
              "--utilisation FILE",
              "how busy machines are, by CloudWatch's averages or Compute Optimizer's export"));
    }
    if (!audit.utilisation().hub()) {
      wanted.add(
          new Wanted("--utilisation FILE", "what is idle, by the export of Cost Optimization Hub"));
    }
    if (audit.findings().stream().anyMatch(Wanted::asksForColdShare)) {
      wanted.add(
          new Wanted("--cold-share SHARE", "the part of S3 Standard that nobody reads in 30 days"));
    }
    if (audit.score().leavesOut(Rubric.BUDGETS)) {
      wanted.add(new Wanted("--budgets yes|no", "whether a budget or anomaly detection exists"));
    }
    bill(audit, wanted);
    return wanted;
  }

  private static void bill(Audit audit, List<Wanted> wanted) {
    if (audit.services().growthOverThree().isEmpty()) {
      wanted.add(new Wanted("four months of bills", "how much the month grew"));
    }
    if (!audit.hourly() && !audit.fleets().isEmpty()) {
      wanted.add(new Wanted("a bill by the hour", "what machines cost at night and on weekends"));
    }
    if (audit.fleets().stream().anyMatch(Fleet::estimated)) {
      wanted.add(new Wanted("a bill with resource ids", "which machines are always on"));
    }
    if (audit.score().leavesOut(Rubric.TAGS)) {
      wanted.add(new Wanted("a bill with tags", "how much of the cost has an owner"));
    }
  }

  private static boolean unmeasured(Fleet fleet) {
    return fleet.alwaysOn() > 0 && fleet.average().isEmpty();
  }

  private static boolean asksForColdShare(Finding finding) {
    return finding.id().equals(Finding.STANDARD) && finding.question();
  }
}
